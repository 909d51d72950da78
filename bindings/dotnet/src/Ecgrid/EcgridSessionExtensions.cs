using System;
using System.Threading;
using System.Threading.Tasks;

namespace Ecgrid
{
    /// <summary>Calls without a body, with the CancellationToken in its place.</summary>
    /// <remarks>
    /// They are no overloads of <see cref="EcgridSession.Call"/>, since a <c>default</c> there would be either's: as extension
    /// methods they only come where nothing else fits.
    /// </remarks>
    public static class EcgridSessionExtensions
    {
        /// <summary>Calls an endpoint of the API that takes no body, with the session's credential.</summary>
        /// <param name="session">The session.</param>
        /// <param name="method">GET, POST, PUT, PATCH or DELETE.</param>
        /// <param name="path">Starts with /v2/ and may have a query.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The answer. The caller disposes of it.</returns>
        /// <exception cref="ArgumentNullException">An argument is null.</exception>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public static EcgridResponse Call(
            this EcgridSession session, string method, string path, CancellationToken cancellationToken)
        {
            if (session == null) throw new ArgumentNullException(nameof(session));
            return session.Call(method, path, null, cancellationToken);
        }

        /// <summary>As the other, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Call(EcgridSession, string, string, CancellationToken)"/>
        public static Task<EcgridResponse> CallAsync(
            this EcgridSession session, string method, string path, CancellationToken cancellationToken)
        {
            if (session == null) throw new ArgumentNullException(nameof(session));
            return session.CallAsync(method, path, null, cancellationToken);
        }
    }
}
