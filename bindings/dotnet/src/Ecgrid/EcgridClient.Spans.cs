#if NET8_0_OR_GREATER
using System;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <content>Passwords that are no arrays.</content>
    public partial class EcgridClient
    {
        /// <summary>As <see cref="Login"/>, with a password that the program can wipe as soon as this has been called.</summary>
        /// <inheritdoc cref="Login"/>
        public virtual EcgridToken LoginChars(
            string login, ReadOnlySpan<char> password, CancellationToken cancellationToken = default(CancellationToken))
        {
            return LoginHeld(login, HeldText.Secret(password, "password"), cancellationToken);
        }

        /// <summary>As <see cref="LoginChars(string, char[], CancellationToken)"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Login"/>
        public virtual Task<EcgridToken> LoginCharsAsync(
            string login, ReadOnlySpan<char> password, CancellationToken cancellationToken = default(CancellationToken))
        {
            return LoginHeldAsync(login, HeldText.Secret(password, "password"), cancellationToken);
        }

        /// <summary>
        /// As <see cref="OpenSession"/>, with a password that the program can wipe as soon as this has been called.
        /// </summary>
        /// <inheritdoc cref="OpenSession"/>
        public virtual EcgridSession OpenSessionChars(
            string login, ReadOnlySpan<char> password, CancellationToken cancellationToken = default(CancellationToken))
        {
            return OpenSessionHeld(login, HeldText.Secret(password, "password"), cancellationToken);
        }

        /// <summary>As <see cref="OpenSessionChars(string, char[], CancellationToken)"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="OpenSession"/>
        public virtual Task<EcgridSession> OpenSessionCharsAsync(
            string login, ReadOnlySpan<char> password, CancellationToken cancellationToken = default(CancellationToken))
        {
            return OpenSessionHeldAsync(login, HeldText.Secret(password, "password"), cancellationToken);
        }
    }
}
#endif
