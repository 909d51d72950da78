using System;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Calls;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <summary>
    /// Connections, trust and settings. It keeps its connections open between calls and may be shared by any number of
    /// threads: make one, keep it.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Each call has two forms. The plain one blocks its thread until there is a result, at most for the timeout. The Async
    /// one runs on a thread of the client's own, at most <see cref="EcgridOptions.MaxAsyncThreads"/> calls at a time, never
    /// on one of the thread pool; beyond that number calls wait for their turn. What follows an <c>await</c> runs on that
    /// thread, or where the synchronization context says; when as many do so as there are processors, on the pool.
    /// </para>
    /// <para>
    /// A CancellationToken ends that one call and no other: it throws <see cref="EcgridCanceledException"/>, whose Outcome
    /// tells whether the call may have been done. A call that waited for its turn then never begins.
    /// </para>
    /// <para>
    /// Disposing while calls run, on other threads or as tasks, returns at once; they come to their own end, and then the
    /// client is freed. Sessions and tokens made from it live on. An object that is forgotten is freed by the garbage
    /// collector.
    /// </para>
    /// </remarks>
    public partial class EcgridClient : IDisposable
    {
        private readonly Caller<ClientHandle> _caller;
        private readonly string _baseUrl;

        /// <summary>Makes a client. No request is made, no connection opened; a CA file is read here, once.</summary>
        /// <param name="options">The settings, which are copied.</param>
        /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
        /// <exception cref="EcgridException">
        /// A setting cannot work: <see cref="EcgridStatus.InvalidArgument"/> or
        /// <see cref="EcgridStatus.InvalidConfiguration"/>.
        /// </exception>
        /// <exception cref="EcgridLibraryException">The native library cannot be loaded.</exception>
        public EcgridClient(EcgridOptions options)
        {
            if (options == null) throw new ArgumentNullException(nameof(options));
            Library.Ensure();
            using (var config = options.ToConfig())
            {
                var threads = new CallThreads(options.MaxAsyncThreads);
                var handle = ClientCalls.New(config);
                _baseUrl = ClientCalls.BaseUrl(handle);
                _caller = new Caller<ClientHandle>(nameof(EcgridClient), handle, threads);
            }
        }

        /// <summary>For a fake in tests of your own: override what they call. Anything else throws
        /// <see cref="NotSupportedException"/>; <see cref="Dispose"/> does nothing.</summary>
        protected EcgridClient()
        {
        }

        /// <summary>
        /// Where ECGrid is for this client, without a slash at its end. It stays there when the client is disposed of.
        /// </summary>
        public virtual string BaseUrl
        {
            get { return Fake.Or(_baseUrl, nameof(EcgridClient)); }
        }

        /// <summary>Logs in (POST /v2/auth/login).</summary>
        /// <remarks>
        /// Every login opens a session at ECGrid, and an account may have few: log in once and use the token while it
        /// lasts, or open a session.
        /// </remarks>
        /// <param name="login">The user name; not empty. Not kept.</param>
        /// <param name="password">The password; not empty. Not kept.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The token. The caller disposes of it.</returns>
        /// <exception cref="ArgumentNullException">An argument is null.</exception>
        /// <exception cref="EcgridException">The login failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The client is disposed of.</exception>
        public virtual EcgridToken Login(
            string login,
            string password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Run(LoginCall(login, password), timeout, cancellationToken);
        }

        /// <summary>As <see cref="Login"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Login"/>
        public virtual Task<EcgridToken> LoginAsync(
            string login,
            string password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(LoginCall(login, password), timeout, cancellationToken);
        }

        /// <summary>
        /// Asks ECGrid for its version (GET /v2/auth/version), which is at "/version": the health check. Needs no credential.
        /// </summary>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The answer. The caller disposes of it.</returns>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The client is disposed of.</exception>
        public virtual EcgridResponse GetServerVersion(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Run(ServerVersionCall, timeout, cancellationToken);
        }

        /// <summary>As <see cref="GetServerVersion"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="GetServerVersion"/>
        public virtual Task<EcgridResponse> GetServerVersionAsync(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(ServerVersionCall, timeout, cancellationToken);
        }

        /// <summary>Logs in, once, and makes a session of it.</summary>
        /// <param name="login">The user name; not empty. Kept only with <see cref="EcgridOptions.KeepPassword"/>.</param>
        /// <param name="password">The password; not empty. Kept only with <see cref="EcgridOptions.KeepPassword"/>.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other; not the session, once it is there.</param>
        /// <returns>The session. The caller disposes of it, and before that may log out.</returns>
        /// <exception cref="ArgumentNullException">An argument is null.</exception>
        /// <exception cref="EcgridException">The login failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The client is disposed of.</exception>
        public virtual EcgridSession OpenSession(
            string login,
            string password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Run(OpenSessionCall(login, password), timeout, cancellationToken);
        }

        /// <summary>As <see cref="OpenSession"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="OpenSession"/>
        public virtual Task<EcgridSession> OpenSessionAsync(
            string login,
            string password,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(OpenSessionCall(login, password), timeout, cancellationToken);
        }

        /// <summary>
        /// Makes a session with an API key, which does not expire. No request is made: whether ECGrid knows the key, the
        /// first call tells.
        /// </summary>
        /// <param name="key">Visible ASCII. Copied.</param>
        /// <returns>The session. The caller disposes of it.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
        /// <exception cref="EcgridException">The key is none that a header can hold.</exception>
        /// <exception cref="ObjectDisposedException">The client is disposed of.</exception>
        public virtual EcgridSession OpenSessionWithApiKey(string key)
        {
            Given.Text(key, nameof(key));
            Func<ClientHandle, EcgridSession> call = client => SessionOf(ClientCalls.OpenSessionWithApiKey(client, key));
            return Calls.Run(call, null, CancellationToken.None);
        }

        /// <summary>
        /// Ends the calls that this client and its sessions are making now, also those that wait for their turn: each throws
        /// an <see cref="EcgridException"/> with <see cref="EcgridStatus.Cancelled"/>. Client and sessions stay usable.
        /// </summary>
        /// <remarks>A call whose answer has arrived already may still succeed.</remarks>
        /// <exception cref="ObjectDisposedException">The client is disposed of.</exception>
        public virtual void Cancel()
        {
            Calls.Cancel();
        }

        /// <summary>
        /// Closes the client. Any thread, any number of times; calls that have been made come to their own end first, which
        /// this does not wait for.
        /// </summary>
        public virtual void Dispose()
        {
            if (_caller != null) _caller.Close();
        }

        private Caller<ClientHandle> Calls
        {
            get { return Fake.Or(_caller, nameof(EcgridClient)); }
        }

        private static EcgridResponse ServerVersionCall(ClientHandle client)
        {
            return new EcgridResponse(ClientCalls.ServerVersion(client));
        }

        private static Func<ClientHandle, EcgridToken> LoginCall(string login, string password)
        {
            Given.Text(login, nameof(login));
            Given.Text(password, nameof(password));
            return client => new EcgridToken(ClientCalls.Login(client, login, password));
        }

        private Func<ClientHandle, EcgridSession> OpenSessionCall(string login, string password)
        {
            Given.Text(login, nameof(login));
            Given.Text(password, nameof(password));
            return client => SessionOf(ClientCalls.OpenSession(client, login, password));
        }

        private EcgridSession SessionOf(SessionHandle handle)
        {
            var caller = new Caller<SessionHandle>(nameof(EcgridSession), handle, Calls.Threads, Calls);
            return new EcgridSession(caller, _baseUrl);
        }
    }
}
