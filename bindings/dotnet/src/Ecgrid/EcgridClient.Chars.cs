using System;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <content>Passwords that the program can wipe.</content>
    public partial class EcgridClient
    {
        /// <summary>As <see cref="Login"/>, with a password that the program can wipe as soon as this has been called.</summary>
        /// <inheritdoc cref="Login"/>
        public virtual EcgridToken LoginChars(
            string login,
            char[] password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return LoginHeld(login, HeldText.Secret(password, nameof(password), "password"), timeout, cancellationToken);
        }

        /// <summary>As <see cref="LoginChars(string, char[], TimeSpan?, CancellationToken)"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Login"/>
        public virtual Task<EcgridToken> LoginCharsAsync(
            string login,
            char[] password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return LoginHeldAsync(login, HeldText.Secret(password, nameof(password), "password"), timeout, cancellationToken);
        }

        /// <summary>
        /// As <see cref="OpenSession"/>, with a password that the program can wipe as soon as this has been called.
        /// </summary>
        /// <inheritdoc cref="OpenSession"/>
        public virtual EcgridSession OpenSessionChars(
            string login,
            char[] password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return OpenSessionHeld(login, HeldText.Secret(password, nameof(password), "password"), timeout, cancellationToken);
        }

        /// <summary>As <see cref="OpenSessionChars(string, char[], TimeSpan?, CancellationToken)"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="OpenSession"/>
        public virtual Task<EcgridSession> OpenSessionCharsAsync(
            string login,
            char[] password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return OpenSessionHeldAsync(login, HeldText.Secret(password, nameof(password), "password"), timeout, cancellationToken);
        }

#if NET8_0_OR_GREATER
        /// <summary>As <see cref="Login"/>, with a password that the program can wipe as soon as this has been called.</summary>
        /// <inheritdoc cref="Login"/>
        public virtual EcgridToken LoginChars(
            string login,
            ReadOnlySpan<char> password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return LoginHeld(login, HeldText.Secret(password, "password"), timeout, cancellationToken);
        }

        /// <summary>As <see cref="LoginChars(string, char[], TimeSpan?, CancellationToken)"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Login"/>
        public virtual Task<EcgridToken> LoginCharsAsync(
            string login,
            ReadOnlySpan<char> password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return LoginHeldAsync(login, HeldText.Secret(password, "password"), timeout, cancellationToken);
        }

        /// <summary>
        /// As <see cref="OpenSession"/>, with a password that the program can wipe as soon as this has been called.
        /// </summary>
        /// <inheritdoc cref="OpenSession"/>
        public virtual EcgridSession OpenSessionChars(
            string login,
            ReadOnlySpan<char> password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return OpenSessionHeld(login, HeldText.Secret(password, "password"), timeout, cancellationToken);
        }

        /// <summary>As <see cref="OpenSessionChars(string, char[], TimeSpan?, CancellationToken)"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="OpenSession"/>
        public virtual Task<EcgridSession> OpenSessionCharsAsync(
            string login,
            ReadOnlySpan<char> password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return OpenSessionHeldAsync(login, HeldText.Secret(password, "password"), timeout, cancellationToken);
        }
#endif

        private EcgridToken LoginHeld(
            string login, HeldText password, TimeSpan? timeout, CancellationToken cancellationToken)
        {
            using (password) return Calls.Run(LoginCall(login, password), timeout, cancellationToken);
        }

        private Task<EcgridToken> LoginHeldAsync(
            string login, HeldText password, TimeSpan? timeout, CancellationToken cancellationToken)
        {
            return Calls.RunAsync(LoginCall(login, password), timeout, cancellationToken, password);
        }

        private EcgridSession OpenSessionHeld(
            string login, HeldText password, TimeSpan? timeout, CancellationToken cancellationToken)
        {
            using (password) return Calls.Run(OpenSessionCall(login, password), timeout, cancellationToken);
        }

        private Task<EcgridSession> OpenSessionHeldAsync(
            string login, HeldText password, TimeSpan? timeout, CancellationToken cancellationToken)
        {
            return Calls.RunAsync(OpenSessionCall(login, password), timeout, cancellationToken, password);
        }

        private static unsafe Func<ClientHandle, EcgridToken> LoginCall(string login, HeldText password)
        {
            Given.Text(login, nameof(login));
            return client => new EcgridToken(ClientCalls.Login(client, login, password.Bytes));
        }

        private unsafe Func<ClientHandle, EcgridSession> OpenSessionCall(string login, HeldText password)
        {
            Given.Text(login, nameof(login));
            return client => SessionOf(ClientCalls.OpenSession(client, login, password.Bytes));
        }
    }
}
