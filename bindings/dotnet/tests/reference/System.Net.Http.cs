// What the binding and its tests use of System.Net.Http, which the compiler of the tests may have no assembly of that it can
// read: only to compile against, never run. It has the public key of the real one (System.Net.Http.snk), as the runtimes' own
// assemblies are friends of that alone, and the compiler insists on it.
using System.IO;
using System.Net.Http.Headers;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;

[assembly: AssemblyVersion("4.0.0.0")]

namespace System.Net.Http.Headers
{
    public abstract class HttpHeaders
    {
        public void Add(string name, string value)
        {
        }

        public bool TryAddWithoutValidation(string name, string value)
        {
            return false;
        }

        public bool Remove(string name)
        {
            return false;
        }
    }

    public sealed class HttpRequestHeaders : HttpHeaders
    {
        public string Host { get; set; }
    }

    public sealed class HttpContentHeaders : HttpHeaders
    {
        public long? ContentLength { get; set; }
    }
}

namespace System.Net.Http
{
    public class HttpMethod
    {
        public HttpMethod(string method)
        {
        }
    }

    public abstract class HttpContent : IDisposable
    {
        public HttpContentHeaders Headers
        {
            get { return null; }
        }

        public Task<string> ReadAsStringAsync()
        {
            return null;
        }

        public void Dispose()
        {
        }
    }

    public class StringContent : HttpContent
    {
        public StringContent(string content)
        {
        }
    }

    public class StreamContent : HttpContent
    {
        public StreamContent(Stream content)
        {
        }
    }

    public class HttpRequestMessage : IDisposable
    {
        public HttpRequestMessage(HttpMethod method, string requestUri)
        {
        }

        public HttpContent Content { get; set; }

        public HttpRequestHeaders Headers
        {
            get { return null; }
        }

        public Uri RequestUri { get; set; }

        public void Dispose()
        {
        }
    }

    public class HttpResponseMessage : IDisposable
    {
        public HttpResponseMessage(HttpStatusCode statusCode)
        {
        }

        public HttpContent Content { get; set; }

        public HttpStatusCode StatusCode { get; set; }

        public void Dispose()
        {
        }
    }

    public abstract class HttpMessageHandler : IDisposable
    {
        public void Dispose()
        {
        }

        protected internal virtual HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            return null;
        }

        protected internal abstract Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken);
    }

    public abstract class DelegatingHandler : HttpMessageHandler
    {
        public HttpMessageHandler InnerHandler { get; set; }

        protected internal override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            return null;
        }

        protected internal override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            return null;
        }
    }

    public class HttpClientHandler : HttpMessageHandler
    {
        public bool AllowAutoRedirect { get; set; }

        public bool UseProxy { get; set; }

        public IWebProxy Proxy { get; set; }

        protected internal override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            return null;
        }
    }

    public sealed class SocketsHttpHandler : HttpMessageHandler
    {
        public bool AllowAutoRedirect { get; set; }

        public bool UseProxy { get; set; }

        public IWebProxy Proxy { get; set; }

        protected internal override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            return null;
        }
    }

    public class HttpClient : IDisposable
    {
        public HttpClient(HttpMessageHandler handler)
        {
        }

        public Uri BaseAddress { get; set; }

        public HttpResponseMessage Send(HttpRequestMessage request)
        {
            return null;
        }

        public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
        {
            return null;
        }

        public Task<string> GetStringAsync(string requestUri)
        {
            return null;
        }

        public Task<HttpResponseMessage> GetAsync(string requestUri)
        {
            return null;
        }

        public void Dispose()
        {
        }
    }
}
