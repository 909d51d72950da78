using System;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <content>Passwords that the program can wipe.</content>
    public partial class EcgridSession
    {
        /// <summary>
        /// As <see cref="ChangePassword"/>, with passwords that the program can wipe as soon as this has been called.
        /// </summary>
        /// <inheritdoc cref="ChangePassword"/>
        public virtual void ChangePasswordChars(
            char[] current,
            char[] replacement,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var first = HeldText.Secret(current, nameof(current), "current password");
            ChangePasswordHeld(first, HeldText.Secret(replacement, nameof(replacement), "new password"), timeout, cancellationToken);
        }

        /// <summary>
        /// As <see cref="ChangePasswordChars(char[], char[], TimeSpan?, CancellationToken)"/>, on a thread of the client's own.
        /// </summary>
        /// <inheritdoc cref="ChangePassword"/>
        /// <returns>A task that ends when the call does.</returns>
        public virtual Task ChangePasswordCharsAsync(
            char[] current,
            char[] replacement,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var first = HeldText.Secret(current, nameof(current), "current password");
            var second = HeldText.Secret(replacement, nameof(replacement), "new password");
            return ChangePasswordHeldAsync(first, second, timeout, cancellationToken);
        }

#if NET8_0_OR_GREATER
        /// <summary>
        /// As <see cref="ChangePassword"/>, with passwords that the program can wipe as soon as this has been called.
        /// </summary>
        /// <inheritdoc cref="ChangePassword"/>
        public virtual void ChangePasswordChars(
            ReadOnlySpan<char> current,
            ReadOnlySpan<char> replacement,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var first = HeldText.Secret(current, "current password");
            ChangePasswordHeld(first, HeldText.Secret(replacement, "new password"), timeout, cancellationToken);
        }

        /// <summary>
        /// As <see cref="ChangePasswordChars(char[], char[], TimeSpan?, CancellationToken)"/>, on a thread of the client's own.
        /// </summary>
        /// <inheritdoc cref="ChangePassword"/>
        /// <returns>A task that ends when the call does.</returns>
        public virtual Task ChangePasswordCharsAsync(
            ReadOnlySpan<char> current,
            ReadOnlySpan<char> replacement,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var first = HeldText.Secret(current, "current password");
            return ChangePasswordHeldAsync(first, HeldText.Secret(replacement, "new password"), timeout, cancellationToken);
        }
#endif

        private void ChangePasswordHeld(
            HeldText current, HeldText replacement, TimeSpan? timeout, CancellationToken cancellationToken)
        {
            using (current)
            using (replacement) Calls.Run(ChangePasswordCall(current, replacement), timeout, cancellationToken);
        }

        private Task ChangePasswordHeldAsync(
            HeldText current, HeldText replacement, TimeSpan? timeout, CancellationToken cancellationToken)
        {
            return Calls.RunAsync(ChangePasswordCall(current, replacement), timeout, cancellationToken, current, replacement);
        }

        private static unsafe Func<SessionHandle, bool> ChangePasswordCall(HeldText current, HeldText replacement)
        {
            return session =>
            {
                SessionCalls.ChangePassword(session, current.Bytes, replacement.Bytes);
                return true;
            };
        }
    }
}
