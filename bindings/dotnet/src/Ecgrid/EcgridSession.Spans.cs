#if NET8_0_OR_GREATER
using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <content>Bodies and passwords that are no arrays.</content>
    public partial class EcgridSession
    {
        /// <summary>As <see cref="Call"/>, with a body that is UTF-8 already and is sent as it is.</summary>
        /// <param name="method">GET, POST, PUT, PATCH or DELETE.</param>
        /// <param name="path">Starts with /v2/ and may have a query; sent as it is.</param>
        /// <param name="body">JSON, which is checked; empty for none. Not to be changed while the call runs.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <inheritdoc cref="Call"/>
        public virtual unsafe EcgridResponse CallUtf8(
            string method,
            string path,
            ReadOnlySpan<byte> body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            fixed (byte* bytes = &MemoryMarshal.GetReference(body))
            {
                return CallUtf8(method, path, bytes, body.Length, cancellationToken);
            }
        }

        /// <summary>
        /// As <see cref="CallUtf8(string, string, ReadOnlySpan{byte}, CancellationToken)"/>, on a thread of the client's own.
        /// The body is copied.
        /// </summary>
        /// <inheritdoc cref="CallUtf8(string, string, ReadOnlySpan{byte}, CancellationToken)"/>
        public virtual unsafe Task<EcgridResponse> CallUtf8Async(
            string method,
            string path,
            ReadOnlySpan<byte> body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            fixed (byte* bytes = &MemoryMarshal.GetReference(body))
            {
                return CallUtf8Async(method, path, bytes, body.Length, cancellationToken);
            }
        }

        /// <summary>
        /// As <see cref="ChangePassword"/>, with passwords that the program can wipe as soon as this has been called.
        /// </summary>
        /// <inheritdoc cref="ChangePassword"/>
        public virtual void ChangePasswordChars(
            ReadOnlySpan<char> current,
            ReadOnlySpan<char> replacement,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var first = HeldText.Secret(current, "current password");
            ChangePasswordHeld(first, HeldText.Secret(replacement, "new password"), cancellationToken);
        }

        /// <summary>
        /// As <see cref="ChangePasswordChars(char[], char[], CancellationToken)"/>, on a thread of the client's own.
        /// </summary>
        /// <inheritdoc cref="ChangePassword"/>
        /// <returns>A task that ends when the call does.</returns>
        public virtual Task ChangePasswordCharsAsync(
            ReadOnlySpan<char> current,
            ReadOnlySpan<char> replacement,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var first = HeldText.Secret(current, "current password");
            return ChangePasswordHeldAsync(first, HeldText.Secret(replacement, "new password"), cancellationToken);
        }
    }
}
#endif
