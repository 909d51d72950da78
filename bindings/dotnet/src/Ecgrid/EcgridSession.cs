using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Calls;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <summary>
    /// A credential that is kept valid, for months and for any number of threads: the token of one login, or an API key.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A token is refreshed by the first call that finds it due: when about 80 % of its lifetime are over, or earlier when
    /// what is left would not last the next pause between calls, judged by the longest recent one. A program that may
    /// sleep for longer than a token lives keeps its sessions alive (<see cref="EcgridOptions.KeepAlive"/>). A call that ECGrid
    /// refuses with 401 is sent once more with a newer token, and again if that one was replaced meanwhile. When the token is
    /// dead and no refresh can bring another, the session logs in again if it has kept the password
    /// (<see cref="EcgridOptions.KeepPassword"/>); else it is over, and every call fails with
    /// <see cref="EcgridStatus.Unauthenticated"/>. When that exception has a <see cref="EcgridException.RetryAfter"/>, the
    /// session logs in by itself by then; when it has none, only a new session helps.
    /// </para>
    /// <para>
    /// Threads, tasks, cancellation and disposal are as for <see cref="EcgridClient"/>, whose threads the session shares.
    /// </para>
    /// </remarks>
    public partial class EcgridSession : IDisposable
    {
        private readonly Caller<SessionHandle> _caller;
        private readonly string _baseUrl;

        internal EcgridSession(Caller<SessionHandle> caller, string baseUrl)
        {
            _caller = caller;
            _baseUrl = baseUrl;
        }

        /// <summary>For a fake in tests of your own: override what they call. Anything else throws
        /// <see cref="NotSupportedException"/>; <see cref="Dispose"/> does nothing.</summary>
        protected EcgridSession()
        {
        }

        /// <summary>
        /// Where ECGrid is for this session: its credential goes there, and nowhere else. Without a slash at its end.
        /// </summary>
        public virtual string BaseUrl
        {
            get { return Fake.Or(_baseUrl, nameof(EcgridSession)); }
        }

        /// <summary>
        /// A token that is good now, for requests that the program sends itself; of a session with an API key, the key.
        /// Refreshes first when that is due; costs no request while it is not. A later refresh makes the token invalid: ask
        /// for each request, do not keep it.
        /// </summary>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The token. The caller disposes of it.</returns>
        /// <exception cref="EcgridException">There is none.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual EcgridToken GetToken(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Run(TokenCall, timeout, cancellationToken);
        }

        /// <summary>As <see cref="GetToken"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="GetToken"/>
        public virtual Task<EcgridToken> GetTokenAsync(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(TokenCall, timeout, cancellationToken);
        }

        /// <summary>
        /// Tells the session that ECGrid answered 401 to a request of the program's own with that token. No request is made
        /// now: the next <see cref="GetToken"/> brings a better one, or says why there is none; it brings the same one where
        /// ECGrid says that it is good. A token that is not, or no longer, the session's own changes nothing, nor does an API
        /// key.
        /// </summary>
        /// <param name="token">The token that was refused.</param>
        /// <exception cref="ArgumentNullException"><paramref name="token"/> is null.</exception>
        /// <exception cref="EcgridException">The session belongs to the parent of this process.</exception>
        /// <exception cref="ObjectDisposedException">The session or the token is disposed of.</exception>
        public virtual void Refused(EcgridToken token)
        {
            if (token == null) throw new ArgumentNullException(nameof(token));
            Calls.Run(
                session => token.Read(refused => SessionCalls.Refused(session, refused)), null, CancellationToken.None);
        }

        /// <summary>
        /// Gets a new token now (POST /v2/auth/refresh), or joins in when that is under way. Not needed for calls or
        /// <see cref="GetToken"/>, which see to it themselves.
        /// </summary>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends the waiting, not the refresh.</param>
        /// <exception cref="EcgridException">
        /// There is no newer token; <see cref="EcgridStatus.InvalidState"/> also for a session with an API key.
        /// </exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual void Refresh(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            Calls.Run(RefreshCall, timeout, cancellationToken);
        }

        /// <summary>As <see cref="Refresh"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Refresh"/>
        /// <returns>A task that ends when the call does.</returns>
        public virtual Task RefreshAsync(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(RefreshCall, timeout, cancellationToken);
        }

        /// <summary>
        /// Asks ECGrid about the session (POST /v2/auth/session): "/userId", "/login", "/networkId", "/mailboxId",
        /// "/authLevel", "/expiresAt".
        /// </summary>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The answer. The caller disposes of it.</returns>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual EcgridResponse GetInfo(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Run(InfoCall, timeout, cancellationToken);
        }

        /// <summary>As <see cref="GetInfo"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="GetInfo"/>
        public virtual Task<EcgridResponse> GetInfoAsync(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(InfoCall, timeout, cancellationToken);
        }

        /// <summary>
        /// Changes the account's password (PUT /v2/auth/password). Tokens live on. A kept password is replaced; when the
        /// outcome is unknown it is forgotten, since trying both might lock the account.
        /// </summary>
        /// <param name="current">The password now.</param>
        /// <param name="replacement">The new one: it needs a lower-case letter, an upper-case letter, a digit and another
        /// character.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <exception cref="ArgumentNullException">An argument is null.</exception>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual void ChangePassword(
            string current,
            string replacement,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            Calls.Run(ChangePasswordCall(current, replacement), timeout, cancellationToken);
        }

        /// <summary>As <see cref="ChangePassword"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="ChangePassword"/>
        /// <returns>A task that ends when the call does.</returns>
        public virtual Task ChangePasswordAsync(
            string current,
            string replacement,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(ChangePasswordCall(current, replacement), timeout, cancellationToken);
        }

        /// <summary>
        /// Makes a new API key for an account (POST /v2/users/key-generate/{userId}); it is the response's
        /// <c>GetString("")</c>. The account's old key is dead at once; a session whose own key this replaces changes over.
        /// When the outcome of a failure is unknown, the old key may be dead all the same.
        /// </summary>
        /// <param name="userId">The account's id, at least 1.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The answer, a secret. The caller disposes of it.</returns>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual EcgridResponse GenerateApiKey(
            long userId, TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Run(GenerateApiKeyCall(userId), timeout, cancellationToken);
        }

        /// <summary>As <see cref="GenerateApiKey"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="GenerateApiKey"/>
        public virtual Task<EcgridResponse> GenerateApiKeyAsync(
            long userId, TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(GenerateApiKeyCall(userId), timeout, cancellationToken);
        }

        /// <summary>Calls any endpoint of the API with the session's credential.</summary>
        /// <remarks>
        /// What only reads, by GET or as a list by POST, is sent again after any failure that may pass; all else only when it
        /// was not sent, or refused with 429 or 503. To log out, refresh, or replace the session's own password or key, use
        /// the methods for that.
        /// </remarks>
        /// <param name="method">GET, POST, PUT, PATCH or DELETE.</param>
        /// <param name="path">Starts with /v2/ and may have a query; sent as it is, so what needs percent-encoding has to
        /// have it.</param>
        /// <param name="body">JSON, which is checked; null for none.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The answer. The caller disposes of it.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="method"/> or <paramref name="path"/> is null.</exception>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual EcgridResponse Call(
            string method,
            string path,
            [AllowNull] string body = null,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Run(CallCall(method, path, body), timeout, cancellationToken);
        }

        /// <summary>As <see cref="Call"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Call"/>
        public virtual Task<EcgridResponse> CallAsync(
            string method,
            string path,
            [AllowNull] string body = null,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(CallCall(method, path, body), timeout, cancellationToken);
        }

        /// <summary>
        /// Ends the session at ECGrid (POST /v2/auth/logout) and here: every further call fails with
        /// <see cref="EcgridStatus.InvalidState"/>. Logging out twice is no failure. On failure the session goes on, and
        /// logging out may be tried again. An API key lives on.
        /// </summary>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual void Logout(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            Calls.Run(LogoutCall, timeout, cancellationToken);
        }

        /// <summary>As <see cref="Logout"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Logout"/>
        /// <returns>A task that ends when the call does.</returns>
        public virtual Task LogoutAsync(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(LogoutCall, timeout, cancellationToken);
        }

        /// <summary>
        /// Ends the calls that this session is making now, also those that wait for their turn, and the rounds of its inboxes
        /// and outboxes: each throws an <see cref="EcgridException"/> with <see cref="EcgridStatus.Cancelled"/>. The session
        /// stays usable, and a refresh that is under way goes on.
        /// </summary>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual void Cancel()
        {
            Calls.Cancel();
        }

        /// <summary>
        /// Closes the session here and wipes its credential and a kept password; does not log out. Any thread, any number of
        /// times; calls that have been made come to their own end first, which this does not wait for.
        /// </summary>
        public virtual void Dispose()
        {
            if (_caller != null) _caller.Close();
        }

        private Caller<SessionHandle> Calls
        {
            get { return Fake.Or(_caller, nameof(EcgridSession)); }
        }

        private static EcgridToken TokenCall(SessionHandle session)
        {
            return new EcgridToken(SessionCalls.Token(session));
        }

        private static bool RefreshCall(SessionHandle session)
        {
            SessionCalls.Refresh(session);
            return true;
        }

        private static EcgridResponse InfoCall(SessionHandle session)
        {
            return new EcgridResponse(SessionCalls.Info(session));
        }

        private static Func<SessionHandle, bool> ChangePasswordCall(string current, string replacement)
        {
            Given.Text(current, nameof(current));
            Given.Text(replacement, nameof(replacement));
            return session =>
            {
                SessionCalls.ChangePassword(session, current, replacement);
                return true;
            };
        }

        private static Func<SessionHandle, EcgridResponse> GenerateApiKeyCall(long userId)
        {
            return session => new EcgridResponse(SessionCalls.GenerateApiKey(session, userId));
        }

        private static Func<SessionHandle, EcgridResponse> CallCall(string method, string path, string body)
        {
            Given.Text(method, nameof(method));
            Given.Text(path, nameof(path));
            return session => new EcgridResponse(SessionCalls.Call(session, method, path, body));
        }

        private static bool LogoutCall(SessionHandle session)
        {
            SessionCalls.Logout(session);
            return true;
        }
    }
}
