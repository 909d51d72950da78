using System;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Http;

namespace Ecgrid
{
    /// <summary>
    /// Puts a session's credential on the requests of an <see cref="HttpClient"/> of the program's own. After an answer of
    /// 401 it tells the session, and sends the request once more with the token that it then has.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The credential goes to <see cref="EcgridSession.BaseUrl"/> and what is below it, and never to another host: a request
    /// for elsewhere is refused before it is sent. The handler that it wraps would follow a redirect anywhere, and take
    /// X-API-Key along. So its <c>AllowAutoRedirect</c> is turned off before the first request: a redirect is an answer like
    /// any other. For a base URL that is http://, on this machine, its <c>UseProxy</c> is turned off too. A handler that has
    /// no such property, or is in use already with it on, is refused.
    /// </para>
    /// <para>
    /// A request is sent once more if its content has a length that is known, as arrays, strings and files have, or is JSON
    /// that <c>System.Net.Http.Json</c> writes; other content may be gone. The session is not disposed of with the handler.
    /// </para>
    /// </remarks>
    public sealed class EcgridAuthorizationHandler : DelegatingHandler
    {
        private readonly EcgridSession _session;
        private readonly OwnRequests _own;

        /// <summary>A handler for <c>AddHttpMessageHandler</c> of an HTTP client factory, which sets what it wraps.</summary>
        /// <param name="session">Whose credential it is. It stays the caller's.</param>
        /// <exception cref="ArgumentNullException"><paramref name="session"/> is null.</exception>
        public EcgridAuthorizationHandler(EcgridSession session)
        {
            if (session == null) throw new ArgumentNullException(nameof(session));
            _session = session;
            _own = new OwnRequests(session.BaseUrl);
        }

        /// <summary>A handler for <c>new HttpClient(handler)</c>.</summary>
        /// <param name="session">Whose credential it is. It stays the caller's.</param>
        /// <param name="innerHandler">What sends the requests, such as a new <see cref="HttpClientHandler"/>.</param>
        /// <exception cref="ArgumentNullException"><paramref name="session"/> is null.</exception>
        public EcgridAuthorizationHandler(EcgridSession session, HttpMessageHandler innerHandler)
            : this(session)
        {
            InnerHandler = innerHandler;
        }

        /// <summary>Sends a request with the session's credential.</summary>
        /// <param name="request">A request below the base URL.</param>
        /// <param name="cancellationToken">Ends it, and the call for a token.</param>
        /// <returns>The answer, of any status.</returns>
        /// <exception cref="EcgridException">
        /// <see cref="EcgridStatus.InvalidArgument"/>: the request is for elsewhere, or what is wrapped might take the
        /// credential there. Nothing was sent. Or there is no token.
        /// </exception>
        /// <exception cref="EcgridCanceledException">The call for a token was cancelled.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var isLast = !_own.CanBeSentAgain(request, InnerHandler); ; isLast = true)
            {
                using (var token = await _session.GetTokenAsync(null, cancellationToken).ConfigureAwait(false))
                {
                    OwnRequests.Authorize(request, token);
                    var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
                    if (response.StatusCode != HttpStatusCode.Unauthorized) return response;
                    _session.Refused(token);
                    if (isLast) return response;
                    response.Dispose();
                }
            }
        }

#if NET8_0_OR_GREATER
        /// <inheritdoc cref="SendAsync"/>
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var isLast = !_own.CanBeSentAgain(request, InnerHandler); ; isLast = true)
            {
                using (var token = _session.GetToken(null, cancellationToken))
                {
                    OwnRequests.Authorize(request, token);
                    var response = base.Send(request, cancellationToken);
                    if (response.StatusCode != HttpStatusCode.Unauthorized) return response;
                    _session.Refused(token);
                    if (isLast) return response;
                    response.Dispose();
                }
            }
        }
#endif
    }
}
