using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Calls;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <summary>
    /// The token of a login, or the API key of a session. Immutable, may be shared by any number of threads. Its native
    /// memory is wiped when it is disposed of, or collected; the strings that <see cref="Value"/> and
    /// <see cref="HeaderValue"/> return are ordinary ones, which .NET does not wipe. Disposing of a token does not log out.
    /// </summary>
    public partial class EcgridToken : IDisposable
    {
        private static readonly CallThreads LoginThreads = new CallThreads(EcgridOptions.DefaultAsyncThreads);

        private readonly TokenHandle _handle;

        internal EcgridToken(TokenHandle handle)
        {
            _handle = handle;
        }

        /// <summary>For a fake in tests of your own: override what they call. Anything else throws
        /// <see cref="NotSupportedException"/>; <see cref="Dispose"/> does nothing.</summary>
        protected EcgridToken()
        {
        }

        /// <summary>The JWT itself, or the API key. A secret.</summary>
        /// <exception cref="ObjectDisposedException">The token is disposed of.</exception>
        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public virtual string Value
        {
            get { return Read(token => Text.Of(NativeMethods.ecgrid_token_value(token))); }
        }

        /// <summary>The name of the header that shows it to ECGrid: "Authorization", or "X-API-Key".</summary>
        /// <exception cref="ObjectDisposedException">The token is disposed of.</exception>
        public virtual string HeaderName
        {
            get { return Read(token => Text.Of(NativeMethods.ecgrid_token_header_name(token))); }
        }

        /// <summary>
        /// The value of that header, ready to send to ECGrid and to no other host: "Bearer " and the JWT, or the key. A
        /// secret.
        /// </summary>
        /// <exception cref="ObjectDisposedException">The token is disposed of.</exception>
        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public virtual string HeaderValue
        {
            get { return Read(token => Text.Of(NativeMethods.ecgrid_token_header_value(token))); }
        }

        /// <summary>The account's internal ECGrid user id; null when the server did not say.</summary>
        /// <exception cref="ObjectDisposedException">The token is disposed of.</exception>
        public virtual long? UserId
        {
            get
            {
                var id = Read(token => NativeMethods.ecgrid_token_user_id(token));
                return id == 0 ? (long?)null : id;
            }
        }

        /// <summary>
        /// When the token expires, on the server's clock, in UTC; null when neither the server nor the JWT says. To know how
        /// long the token lasts, use <see cref="ExpiresIn"/>.
        /// </summary>
        /// <exception cref="ObjectDisposedException">The token is disposed of.</exception>
        public virtual DateTimeOffset? ExpiresAt
        {
            get { return Spans.FromUnixSeconds(Read(token => NativeMethods.ecgrid_token_expires_at(token))); }
        }

        /// <summary>
        /// How long the token lasts from now, in whole seconds; zero once it has expired, null when unknown. Right even when
        /// this machine's clock is wrong or is set meanwhile.
        /// </summary>
        /// <exception cref="ObjectDisposedException">The token is disposed of.</exception>
        public virtual TimeSpan? ExpiresIn
        {
            get { return Spans.FromSeconds(Read(token => NativeMethods.ecgrid_token_expires_in(token))); }
        }

        /// <summary>
        /// Logs in with the process-wide client, which is made at the first call from the environment as it is then (see
        /// <see cref="EcgridOptions.FromEnvironment"/>), and kept.
        /// </summary>
        /// <remarks>
        /// Any thread. Blocks until there is a result, at most for the timeout. Every login opens a session at ECGrid, and
        /// an account may have few: log in once and use the token while it lasts. Cannot be cancelled; a client's login
        /// can.
        /// </remarks>
        /// <param name="login">The user name; not empty. Not kept.</param>
        /// <param name="password">The password; not empty. Not kept.</param>
        /// <returns>The token. The caller disposes of it.</returns>
        /// <exception cref="ArgumentNullException">An argument is null.</exception>
        /// <exception cref="EcgridException">The login failed.</exception>
        /// <exception cref="EcgridLibraryException">The native library cannot be loaded.</exception>
        public static EcgridToken Login(string login, string password)
        {
            Given.Text(login, nameof(login));
            Given.Text(password, nameof(password));
            Library.Ensure();
            return new EcgridToken(ClientCalls.DefaultLogin(login, password));
        }

        /// <summary>
        /// As <see cref="Login"/>, without blocking: on one of at most 64 background threads that all such logins of the
        /// process share, never on one of the thread pool.
        /// </summary>
        /// <param name="login">The user name; not empty. Not kept.</param>
        /// <param name="password">The password; not empty. Not kept.</param>
        /// <returns>The token. The caller disposes of it.</returns>
        /// <exception cref="ArgumentNullException">An argument is null.</exception>
        /// <exception cref="EcgridException">The login failed; by way of the task.</exception>
        /// <exception cref="EcgridLibraryException">The native library cannot be loaded.</exception>
        public static Task<EcgridToken> LoginAsync(string login, string password)
        {
            Given.Text(login, nameof(login));
            Given.Text(password, nameof(password));
            Library.Ensure();
            return Start(client => new EcgridToken(ClientCalls.DefaultLogin(login, password)));
        }

        /// <summary>
        /// Frees the token and wipes it. Any thread, any number of times; while another thread reads it, that comes to its
        /// end first.
        /// </summary>
        public virtual void Dispose()
        {
            if (_handle != null) _handle.Shut();
        }

        private static Task<EcgridToken> Start(Func<ClientHandle, EcgridToken> call, params IDisposable[] held)
        {
            var lease = new Lease<ClientHandle>(null, null, false, held);
            return new QueuedCall<ClientHandle, EcgridToken>(call, lease, CancellationToken.None).Start(LoginThreads);
        }

        internal T Read<T>(Func<IntPtr, T> read)
        {
            return Fake.Or(_handle, nameof(EcgridToken)).Read(nameof(EcgridToken), read);
        }
    }
}
