using System;
using System.Net.Http;
using Ecgrid.Native;

namespace Ecgrid.Http
{
    /// <summary>Which requests of the program's own may have a session's credential: those below the base URL.</summary>
    internal sealed class OwnRequests
    {
        private readonly Uri _base;

        public OwnRequests(string baseUrl)
        {
            _base = new Uri(baseUrl);
        }

        public static void Authorize(HttpRequestMessage request, EcgridToken token)
        {
            request.Headers.Remove(token.HeaderName);
            request.Headers.TryAddWithoutValidation(token.HeaderName, token.HeaderValue);
        }

        /// <summary>Refuses what might take the credential elsewhere; answers whether the content is there twice.</summary>
        public bool CanBeSentAgain(HttpRequestMessage request, HttpMessageHandler inner)
        {
            if (!IsBelow(request.RequestUri) || !IsNamed(request.Headers.Host, request.RequestUri))
            {
                throw Failure.Argument(
                    "the request is not for " + _base.OriginalString + ", and the session's credential goes nowhere else: send"
                        + " it by an HttpClient without this handler, or make a client for it");
            }
            TurnOff.Redirects(inner);
            // Over TLS a proxy sees nothing; what is plain has to stay on this machine.
            if (_base.Scheme == "http") TurnOff.Proxy(inner);
            var content = request.Content;
            return content == null
                || content.Headers.ContentLength.HasValue
                || content.GetType().FullName == "System.Net.Http.Json.JsonContent";
        }

        private static bool IsNamed(string host, Uri uri)
        {
            return host == null || Same(host, uri.Authority) || Same(host, uri.Host);
        }

        private static bool Same(string one, string other)
        {
            return string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
        }

        private bool IsBelow(Uri uri)
        {
            return uri != null
                && uri.IsAbsoluteUri
                && uri.Scheme == _base.Scheme
                && Same(uri.IdnHost, _base.IdnHost)
                && uri.Port == _base.Port
                && (uri.AbsolutePath + "/").StartsWith(_base.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal)
                && !HasStepUp(uri.AbsolutePath);
        }

        /// <summary>As the server may see it.</summary>
        private static bool HasStepUp(string path)
        {
            return Array.IndexOf(Uri.UnescapeDataString(path).Split('/', '\\'), "..") >= 0;
        }
    }
}
