using System;
using System.Diagnostics.CodeAnalysis;
#if NET8_0_OR_GREATER
using System.Runtime.InteropServices;
#endif
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <content>Bodies that are UTF-8.</content>
    public partial class EcgridSession
    {
        /// <summary>As <see cref="Call"/>, with a body that is UTF-8 already and is sent as it is.</summary>
        /// <param name="method">GET, POST, PUT, PATCH or DELETE.</param>
        /// <param name="path">Starts with /v2/ and may have a query; sent as it is.</param>
        /// <param name="body">JSON, which is checked; null or no bytes for none. Not to be changed while the call runs.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <inheritdoc cref="Call"/>
        public virtual unsafe EcgridResponse CallUtf8(
            string method,
            string path,
            [AllowNull] byte[] body,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            fixed (byte* bytes = body)
            {
                return CallUtf8(method, path, bytes, body == null ? 0 : body.Length, timeout, cancellationToken);
            }
        }

        /// <summary>
        /// As <see cref="CallUtf8(string, string, byte[], TimeSpan?, CancellationToken)"/>, on a thread of the client's own.
        /// The body is copied.
        /// </summary>
        /// <inheritdoc cref="CallUtf8(string, string, byte[], TimeSpan?, CancellationToken)"/>
        public virtual unsafe Task<EcgridResponse> CallUtf8Async(
            string method,
            string path,
            [AllowNull] byte[] body,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            fixed (byte* bytes = body)
            {
                return CallUtf8Async(method, path, bytes, body == null ? 0 : body.Length, timeout, cancellationToken);
            }
        }

#if NET8_0_OR_GREATER
        /// <summary>As <see cref="Call"/>, with a body that is UTF-8 already and is sent as it is.</summary>
        /// <param name="method">GET, POST, PUT, PATCH or DELETE.</param>
        /// <param name="path">Starts with /v2/ and may have a query; sent as it is.</param>
        /// <param name="body">JSON, which is checked; empty for none. Not to be changed while the call runs.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <inheritdoc cref="Call"/>
        public virtual unsafe EcgridResponse CallUtf8(
            string method,
            string path,
            ReadOnlySpan<byte> body,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            fixed (byte* bytes = &MemoryMarshal.GetReference(body))
            {
                return CallUtf8(method, path, bytes, body.Length, timeout, cancellationToken);
            }
        }

        /// <summary>
        /// As <see cref="CallUtf8(string, string, ReadOnlySpan{byte}, TimeSpan?, CancellationToken)"/>, on a thread of the
        /// client's own. The body is copied.
        /// </summary>
        /// <inheritdoc cref="CallUtf8(string, string, ReadOnlySpan{byte}, TimeSpan?, CancellationToken)"/>
        public virtual unsafe Task<EcgridResponse> CallUtf8Async(
            string method,
            string path,
            ReadOnlySpan<byte> body,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            fixed (byte* bytes = &MemoryMarshal.GetReference(body))
            {
                return CallUtf8Async(method, path, bytes, body.Length, timeout, cancellationToken);
            }
        }
#endif

        private unsafe EcgridResponse CallUtf8(
            string method, string path, byte* body, int length, TimeSpan? timeout, CancellationToken cancellationToken)
        {
            Given.Text(method, nameof(method));
            Given.Text(path, nameof(path));
            var place = length == 0 ? IntPtr.Zero : (IntPtr)body;
            return Calls.Run(
                session => new EcgridResponse(SessionCalls.Call(session, method, path, (byte*)place, length)),
                timeout,
                cancellationToken);
        }

        private unsafe Task<EcgridResponse> CallUtf8Async(
            string method, string path, byte* body, int length, TimeSpan? timeout, CancellationToken cancellationToken)
        {
            Given.Text(method, nameof(method));
            Given.Text(path, nameof(path));
            var copy = HeldText.Copy(body, length, "body");
            return Calls.RunAsync(
                session => new EcgridResponse(SessionCalls.Call(session, method, path, copy.Bytes, copy.Length)),
                timeout,
                cancellationToken,
                copy);
        }
    }
}
