using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>Requests of an HttpClient of the program's own, with the credential of a session.</summary>
internal static class AuthorizationTests
{
    private const string Key = "k3y-of-the-pr0gram";
    private const string Me = "/v2/users/me";

    private static readonly byte[] Json = Encoding.ASCII.GetBytes("{}");

    public static void a_request_is_authorized_by_a_token_or_a_key()
    {
        using (var client = Sandbox.Client())
        using (var byLogin = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var byKey = client.OpenSessionWithApiKey(Sandbox.Variable("SANDBOX_API_KEY")))
        {
            foreach (var session in new[] { byLogin, byKey })
            {
                using (var http = Http(session))
                {
                    Check.Equal(Sandbox.Http, session.BaseUrl, "BaseUrl");
                    Check.Has(TextOf(Check.Done(http.GetAsync(Sandbox.Http + Me))), Sandbox.Login);
                    using (var token = session.GetToken())
                    using (var request = new HttpRequestMessage(new HttpMethod("GET"), Sandbox.Http + Me))
                    {
                        // It takes the place of another one.
                        request.Headers.Add(token.HeaderName, "another");
                        Check.Has(TextOf(Check.Done(http.SendAsync(request))), Sandbox.Login);
                    }
                    Check.Has(TextOf(SentAtOnce(http, "GET", Me, null)), Sandbox.Login);
                }
            }
            byLogin.Logout();
        }
    }

    public static void after_a_401_the_request_is_sent_once_more_with_a_new_token()
    {
        SentTwice(Sent, new StringContent("{}"));
        SentTwice(SentAtOnce, new StringContent("{}"));
        // A file is read again from its begin.
        SentTwice(Sent, new StreamContent(new MemoryStream(Json)));
    }

    public static void content_that_may_be_gone_is_not_sent_again()
    {
        using (var client = Remembering())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var counters = new Counters())
        using (var http = Http(session))
        {
            Revoke();
            var before = counters["requests"];
            using (var answer = Sent(http, "POST", "/v2/mailboxes/list", new StreamContent(new OnceOnly())))
            {
                Check.Equal(HttpStatusCode.Unauthorized, answer.StatusCode, "StatusCode");
                Check.Has(TextOf(answer), "InvalidSession");
            }
            Check.Equal(before + 1, counters["requests"], "requests");
            // The session was told all the same.
            using (var answer = Sent(http, "POST", "/v2/mailboxes/list", new StreamContent(new OnceOnly())))
            {
                Check.Equal(HttpStatusCode.OK, answer.StatusCode, "StatusCode");
            }
            session.Logout();
        }
    }

    public static void where_there_is_no_token_the_exception_says_why()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var http = Http(session))
        {
            Revoke();
            var error = Check.Fails<EcgridException>(http.GetAsync(Sandbox.Http + Me));
            Check.Equal(EcgridStatus.Unauthenticated, error.Status, "Status");
        }
    }

    public static void what_is_refused_twice_is_answered()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSessionWithApiKey("no-such-key"))
        using (var counters = new Counters())
        using (var http = Http(session))
        {
            var before = counters["unauthorized"];
            using (var answer = Sent(http, "POST", "/v2/mailboxes/list", new StringContent("{}")))
            {
                Check.Equal(HttpStatusCode.Unauthorized, answer.StatusCode, "StatusCode");
                Check.Has(TextOf(answer), "errorCode");
            }
            Check.Equal(before + 2, counters["unauthorized"], "refused requests");
        }
    }

    public static void a_token_of_somebody_elses_changes_nothing()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var current = session.GetToken())
        using (var other = client.Login(Sandbox.Login, Sandbox.Password))
        {
            session.Refused(other);
            Check.Throws<ArgumentNullException>(() => session.Refused(null));
            using (var same = session.GetToken()) Check.Equal(current.Value, same.Value, "the token");
            session.Refused(current);
            using (var next = session.GetToken()) Check.That(next.Value != current.Value, "the next token is a new one");
            session.Logout();
        }
    }

    public static void no_other_host_gets_the_credential()
    {
        using (var elsewhere = new Recorder())
        using (var server = new Recorder())
        using (var client = ClientOf(server.Url + "/ecgrid"))
        using (var session = client.OpenSessionWithApiKey(Key))
        using (var http = Http(session))
        {
            var urls = new[]
            {
                elsewhere.Url + "/ecgrid/v2/users/me",
                "http://localhost:" + server.Port + "/ecgrid/v2/users/me",
                "https://127.0.0.1:" + server.Port + "/ecgrid/v2/users/me",
                "http://127.0.0.1/ecgrid/v2/users/me",
                server.Url + "@localhost:" + elsewhere.Port + "/ecgrid/v2/users/me",
                server.Url + "/v2/users/me",
                server.Url + "/ecgrids/v2/users/me",
                server.Url + "/ecgrid/../v2/users/me",
                server.Url + "/ecgrid/%2E%2e/v2/users/me",
                server.Url + "/ecgrid/..%2fv2/users/me",
                server.Url + "//any/ecgrid/v2/users/me",
            };
            foreach (var url in urls) Check.Has(Refused(http, url).Message, "the request is not for " + server.Url + "/ecgrid,");
            using (var request = new HttpRequestMessage(new HttpMethod("GET"), server.Url + "/ecgrid/v2/users/me"))
            {
                // To this address, but for another host that may be there too.
                request.Headers.Host = "elsewhere.example";
                Check.Fails<EcgridException>(http.SendAsync(request));
            }
            foreach (var path in new[] { "/ecgrid", "/ecgrid/v2/users/me?a=/../b", "/ecgrid/v2/../v2/users/me" })
            {
                Check.Done(http.GetAsync("HTTP://127.0.0.1:" + server.Port + path)).Dispose();
            }
            const string Sent = " key=" + Key;
            Check.Equal(
                "GET /ecgrid" + Sent + "; GET /ecgrid/v2/users/me?a=/../b" + Sent + "; GET /ecgrid/v2/users/me" + Sent,
                server.Arrived,
                "what arrived");
            Check.Equal("", elsewhere.Arrived, "what arrived elsewhere");
        }
    }

    public static void a_redirect_is_not_followed()
    {
        using (var elsewhere = new Recorder())
        using (var server = new Recorder(elsewhere.Url + "/v2/there"))
        using (var client = ClientOf(server.Url))
        using (var session = client.OpenSessionWithApiKey(Key))
        {
            foreach (var handler in Handlers())
            {
                // Between them may be others, as an HTTP client factory has some.
                using (var http = Http(session, new Passing { InnerHandler = new Passing { InnerHandler = handler } }))
                using (var answer = Check.Done(http.GetAsync(server.Url + "/v2/here")))
                {
                    Check.Equal(307, (int)answer.StatusCode, "StatusCode");
                }
            }
            Check.Has(server.Arrived, "GET /v2/here key=" + Key);
            Check.Equal("", elsewhere.Arrived, "what arrived elsewhere");
            // Left alone, the handler would have taken the key along.
            using (var http = new HttpClient(new HttpClientHandler()))
            using (var request = new HttpRequestMessage(new HttpMethod("GET"), server.Url + "/v2/here"))
            {
                request.Headers.Add("X-API-Key", Key);
                Check.Done(http.SendAsync(request)).Dispose();
            }
            Check.Equal("GET /v2/there key=" + Key, elsewhere.Arrived, "what arrived elsewhere");
        }
    }

    public static void what_may_follow_a_redirect_is_refused()
    {
        using (var server = new Recorder())
        using (var client = ClientOf(server.Url))
        using (var session = client.OpenSessionWithApiKey(Key))
        {
            foreach (var handler in Handlers())
            {
                // In use already, so that nothing of it can be changed any more.
                var used = new HttpClient(handler);
                Check.Done(used.GetAsync(server.Url + "/v2/before")).Dispose();
                Check.Has(Refused(Http(session, handler), server.Url + "/v2/here").Message, "AllowAutoRedirect");
            }
            Check.Has(Refused(Http(session, new Own()), server.Url + "/v2/here").Message, "Own follows redirects");
            Check.HasNot(server.Arrived, Key);
            // In use by a handler of ours it has been changed already.
            using (var shared = new HttpClientHandler())
            {
                Check.Done(Http(session, shared).GetAsync(server.Url + "/v2/here")).Dispose();
                Check.Done(Http(session, shared).GetAsync(server.Url + "/v2/here")).Dispose();
            }
        }
    }

    public static void a_fake_of_a_programs_own_tests_may_answer()
    {
        using (var client = ClientOf("https://ecgrid.example"))
        using (var session = client.OpenSessionWithApiKey(Key))
        using (var http = Http(session, new Faked()))
        {
            http.BaseAddress = new Uri(session.BaseUrl);
            using (var answer = Check.Done(http.GetAsync("/v2/users/me")))
            {
                Check.Equal(HttpStatusCode.Accepted, answer.StatusCode, "StatusCode");
            }
        }
    }

    public static void a_proxy_may_not_read_the_credential()
    {
        using (var proxy = new Recorder())
        using (var server = new Recorder())
        using (var client = ClientOf(server.Url))
        using (var session = client.OpenSessionWithApiKey(Key))
        {
            foreach (var handler in Handlers(new WebProxy(proxy.Url)))
            {
                using (var http = Http(session, handler)) Check.Done(http.GetAsync(server.Url + "/v2/here")).Dispose();
            }
            Check.Has(server.Arrived, "GET /v2/here key=" + Key);
            Check.Equal("", proxy.Arrived, "what the proxy got");
        }
    }

    private static void SentTwice(
        Func<HttpClient, string, string, HttpContent, HttpResponseMessage> send, HttpContent content)
    {
        using (var client = Remembering())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var counters = new Counters())
        using (var http = Http(session))
        {
            var before = counters["unauthorized"];
            Revoke();
            using (var answer = send(http, "POST", "/v2/mailboxes/list", content))
            {
                Check.Equal(HttpStatusCode.OK, answer.StatusCode, "StatusCode");
            }
            Check.Equal(before + 1, counters["unauthorized"], "refused requests");
            session.Logout();
        }
    }

    private static HttpMessageHandler[] Handlers(IWebProxy proxy = null)
    {
        return new HttpMessageHandler[]
        {
            new HttpClientHandler { Proxy = proxy },
#if NET8_0_OR_GREATER
            new SocketsHttpHandler { Proxy = proxy },
#endif
        };
    }

    private static HttpClient Http(EcgridSession session, HttpMessageHandler inner = null)
    {
        return new HttpClient(new EcgridAuthorizationHandler(session, inner ?? new HttpClientHandler()));
    }

    private static EcgridClient ClientOf(string url)
    {
        return new EcgridClient(new EcgridOptions { BaseUrl = url });
    }

    private static EcgridClient Remembering()
    {
        var options = Sandbox.Options();
        options.KeepPassword = true;
        return new EcgridClient(options);
    }

    private static void Revoke()
    {
        using (var client = Sandbox.Client())
        using (var control = client.OpenSessionWithApiKey("control")) control.Call("POST", "/v2/sandbox/revoke", "{}").Dispose();
    }

    private static HttpResponseMessage Sent(HttpClient http, string method, string path, HttpContent content)
    {
        return Check.Done(http.SendAsync(new HttpRequestMessage(new HttpMethod(method), Sandbox.Http + path) { Content = content }));
    }

    /// <summary>The same by the method that blocks, where there is one.</summary>
    private static HttpResponseMessage SentAtOnce(HttpClient http, string method, string path, HttpContent content)
    {
#if NET8_0_OR_GREATER
        return http.Send(new HttpRequestMessage(new HttpMethod(method), Sandbox.Http + path) { Content = content });
#else
        return Sent(http, method, path, content);
#endif
    }

    private static string TextOf(HttpResponseMessage answer)
    {
        return Check.Done(answer.Content.ReadAsStringAsync());
    }

    private static EcgridException Refused(HttpClient http, string url)
    {
        var error = Check.Fails<EcgridException>(http.GetAsync(url));
        Check.Equal(EcgridStatus.InvalidArgument, error.Status, "Status");
        Check.Equal(EcgridOutcome.NotSent, error.Outcome, "Outcome");
        Check.HasNot(error.Message, Key);
        return error;
    }

    private sealed class Passing : DelegatingHandler
    {
    }

    /// <summary>It might follow redirects, as far as anybody can see.</summary>
    private sealed class Own : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            throw new CheckFailed("it was asked");
        }
    }

    private sealed class Faked : HttpClientHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Accepted));
        }
    }

    /// <summary>A stream that nobody can go back in.</summary>
    private sealed class OnceOnly : MemoryStream
    {
        public OnceOnly()
            : base(Json)
        {
        }

        public override bool CanSeek
        {
            get { return false; }
        }
    }
}
