namespace Ecgrid
{
    /// <summary>
    /// Why a call failed. The numbers are never reused; a later version of the native library may send others, so treat one
    /// that is not here like <see cref="Internal"/>.
    /// </summary>
    public enum EcgridStatus
    {
        /// <summary>It worked. No exception has this status.</summary>
        Ok = 0,

        /// <summary>
        /// Empty where that is not allowed, a NUL or a control character, a number out of range, a bad method, path or body.
        /// </summary>
        InvalidArgument = 1,

        /// <summary>
        /// A setting or variable that cannot work: a malformed URL or proxy, http:// to another machine, a proxy on another
        /// machine for a base URL on this one, a CA file or trust store that cannot be read.
        /// </summary>
        InvalidConfiguration = 2,

        /// <summary>
        /// HTTP 401: wrong password, expired or revoked token, unknown key; a session that is over. When the exception has a
        /// <see cref="EcgridException.RetryAfter"/>, the session logs in by itself by then.
        /// </summary>
        Unauthenticated = 3,

        /// <summary>HTTP 403.</summary>
        Forbidden = 4,

        /// <summary>HTTP 404.</summary>
        NotFound = 5,

        /// <summary>Any other 4xx, or <c>success: false</c> in a 2xx.</summary>
        Rejected = 6,

        /// <summary>HTTP 429; see <see cref="EcgridException.RetryAfter"/>.</summary>
        RateLimited = 7,

        /// <summary>HTTP 5xx. The outcome says whether it may have been done.</summary>
        ServerError = 8,

        /// <summary>
        /// A name was not resolved, or a connection or the proxy refused; or this machine refused what a connection needs, such
        /// as one more open file.
        /// </summary>
        Unreachable = 9,

        /// <summary>A certificate or the TLS handshake failed; or the server wants a certificate of its client.</summary>
        Tls = 10,

        /// <summary>The deadline passed.</summary>
        Timeout = 11,

        /// <summary>The connection was closed or reset after it was made.</summary>
        ConnectionLost = 12,

        /// <summary>
        /// An answer that is not what ECGrid documents: not JSON, no token, a redirect, over the size limit.
        /// </summary>
        BadResponse = 13,

        /// <summary>
        /// Ended by <see cref="EcgridClient.Cancel"/> or <see cref="EcgridSession.Cancel"/>. A call that its
        /// CancellationToken ended throws <see cref="EcgridCanceledException"/> instead.
        /// </summary>
        Cancelled = 14,

        /// <summary>
        /// A client or session used in a forked child of the process that made it; a session that was logged out; the token
        /// of a session that has an API key; a folder that another inbox or outbox has.
        /// </summary>
        InvalidState = 15,

        /// <summary>A bug in the native library, caught. The process and later calls are not affected.</summary>
        Internal = 16,

        /// <summary>
        /// There is no memory for what was asked for: a request, an answer, or a value in one. Native memory, that is: what
        /// .NET itself has none for is <see cref="System.OutOfMemoryException"/>.
        /// </summary>
        OutOfMemory = 17,

        /// <summary>A file or folder: it cannot be read or written, the disk is full, the name is taken.</summary>
        File = 18
    }
}
