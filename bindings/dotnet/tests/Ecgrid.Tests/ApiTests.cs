using System;
using System.Threading;
using Ecgrid;

/// <summary>What each call gives, and what each failure says.</summary>
internal static class ApiTests
{
    public static void a_login_gives_a_token_with_its_facts()
    {
        using (var client = Sandbox.Client())
        using (var token = client.Login(Sandbox.Login, Sandbox.Password))
        {
            Check.Equal("Authorization", token.HeaderName, "HeaderName");
            Check.Equal("Bearer " + token.Value, token.HeaderValue, "HeaderValue");
            Check.Equal(3, token.Value.Split('.').Length, "the number of a JWT's parts");
            Check.Equal((long?)4821, token.UserId, "UserId");
            var left = token.ExpiresIn.Value.TotalSeconds;
            Check.That(left > 3500 && left <= 3600, "ExpiresIn is " + left);
            Check.That(token.ExpiresAt.Value.Offset == TimeSpan.Zero, "ExpiresAt is in UTC");
        }
    }

    public static void what_the_server_does_not_say_is_null()
    {
        using (var client = Sandbox.Client())
        using (var token = client.Login("no-user-id@example.com", "any")) Check.Equal((long?)null, token.UserId, "UserId");
    }

    public static void the_login_by_the_environment_needs_no_client()
    {
        using (var token = EcgridToken.Login(Sandbox.Login, Sandbox.Password)) Check.Equal((long?)4821, token.UserId, "UserId");
        using (var token = Check.Done(EcgridToken.LoginAsync(Sandbox.Login, Sandbox.Password)))
        {
            Check.Equal((long?)4821, token.UserId, "UserId");
        }
        Check.Equal(EcgridStatus.Unauthenticated,
            Check.Fails<EcgridException>(EcgridToken.LoginAsync(Sandbox.Login, "wrong")).Status, "Status");
    }

    public static void a_session_makes_each_of_its_calls()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            using (var version = client.GetServerVersion()) Check.Equal("2.6", version.GetString("/version"), "/version");
            using (var info = session.GetInfo()) Check.Equal(Sandbox.Login, info.GetString("/login"), "/login");
            string old;
            using (var token = session.GetToken()) old = token.Value;
            session.Refresh();
            using (var token = session.GetToken()) Check.That(token.Value != old, "a refresh brings another token");
            using (var me = session.Call("GET", "/v2/users/me")) Check.Equal(4821L, me.GetInt64("/userId", -1), "/userId");
            using (var list = session.Call("POST", "/v2/mailboxes/list", "{\"networkId\":1}"))
            {
                Check.Equal(200, list.HttpStatus, "HttpStatus");
                Check.Has(list.Body, "\"success\":true");
                Check.That(list.Data.StartsWith("[", StringComparison.Ordinal), "Data is " + list.Data);
                Check.Equal("", list.GetString("/nothing"), "/nothing");
                Check.Equal(-7L, list.GetInt64("/nothing", -7), "/nothing");
            }
            session.Logout();
            session.Logout();
            Check.Equal(EcgridStatus.InvalidState, Check.Throws<EcgridException>(() => session.GetToken()).Status, "Status");
        }
    }

    public static void a_call_without_a_body_may_be_written_in_every_way()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var source = new CancellationTokenSource())
        {
            const string Me = "/v2/users/me";
            var answers = new[]
            {
                session.Call("GET", Me),
                session.Call("GET", Me, null),
                session.Call("GET", Me, null, null, source.Token),
                session.Call("GET", Me, timeout: TimeSpan.FromSeconds(20)),
                session.Call("GET", Me, cancellationToken: source.Token),
                // This one needs C# 7.1, and nothing else.
                session.Call("GET", Me, default),
                Check.Done(session.CallAsync("GET", Me)),
                Check.Done(session.CallAsync("GET", Me, null)),
                Check.Done(session.CallAsync("GET", Me, cancellationToken: source.Token)),
                Check.Done(session.CallAsync("GET", Me, default)),
            };
            foreach (var answer in answers)
            {
                using (answer) Check.Equal(Sandbox.Login, answer.GetString("/login"), "/login");
            }
            session.Logout();
        }
    }

    public static void each_call_has_an_async_form_that_gives_the_same()
    {
        using (var client = Sandbox.Client())
        using (var session = Check.Done(client.OpenSessionAsync(Sandbox.Login, Sandbox.Password)))
        {
            using (var token = Check.Done(client.LoginAsync(Sandbox.Login, Sandbox.Password)))
            {
                Check.Equal((long?)4821, token.UserId, "UserId");
            }
            using (var version = Check.Done(client.GetServerVersionAsync())) Check.Has(version.Body, "2.6");
            using (var info = Check.Done(session.GetInfoAsync())) Check.Equal(Sandbox.Login, info.GetString("/login"), "/login");
            Check.Done(session.RefreshAsync());
            using (var token = Check.Done(session.GetTokenAsync())) Check.Equal((long?)4821, token.UserId, "UserId");
            using (var me = Check.Done(session.CallAsync("GET", "/v2/users/me"))) Check.Equal(200, me.HttpStatus, "HttpStatus");
            using (var list = Check.Done(session.CallAsync("POST", "/v2/mailboxes/list", "{}")))
            {
                Check.Equal(200, list.HttpStatus, "HttpStatus");
            }
            var policy = Check.Fails<EcgridException>(session.ChangePasswordAsync(Sandbox.Password, "simple"));
            Check.Equal(EcgridStatus.InvalidArgument, policy.Status, "Status");
            Check.Equal(EcgridStatus.Forbidden,
                Check.Fails<EcgridException>(session.GenerateApiKeyAsync(4800)).Status, "Status");
            Check.Done(session.LogoutAsync());
        }
    }

    public static void a_session_with_an_api_key_makes_no_request_until_it_calls()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        {
            var before = counters.Requests;
            using (var session = client.OpenSessionWithApiKey(Sandbox.Variable("SANDBOX_API_KEY")))
            {
                Check.Equal(before, counters.Requests, "requests");
                using (var me = session.Call("GET", "/v2/users/me")) Check.Equal(Sandbox.Login, me.GetString("/login"), "/login");
            }
        }
    }

    public static void an_error_says_why_and_whether_it_was_done_and_when_to_try_again()
    {
        using (var client = Sandbox.Client())
        {
            var error = Check.Throws<EcgridException>(() => client.Login("retry-after-2-429@example.com", "any-password"));
            Check.Equal(EcgridStatus.RateLimited, error.Status, "Status");
            Check.Equal(EcgridOutcome.Refused, error.Outcome, "Outcome");
            Check.Equal(429, error.HttpStatus, "HttpStatus");
            Check.Equal("RateLimitExceeded", error.Code, "Code");
            Check.Equal((TimeSpan?)TimeSpan.FromSeconds(2), error.RetryAfter, "RetryAfter");
            Check.Has(error.Message, "HTTP 429");

            error = Check.Throws<EcgridException>(() => client.Login("close@example.com", "any-password"));
            Check.Equal(EcgridStatus.ConnectionLost, error.Status, "Status");
            Check.Equal(EcgridOutcome.Unknown, error.Outcome, "Outcome");
            Check.Equal(0, error.HttpStatus, "HttpStatus");
            Check.Equal("", error.Code, "Code");
            Check.Equal((TimeSpan?)null, error.RetryAfter, "RetryAfter");
        }
    }

    public static void settings_are_copied_when_the_client_is_made()
    {
        var options = Sandbox.Options();
        using (var client = new EcgridClient(options))
        {
            options.BaseUrl = "https://ecgrid.invalid";
            using (client.GetServerVersion())
            {
            }
        }
    }

    public static void each_setting_reaches_the_library()
    {
        Refused(options => options.BaseUrl = "", "URL");
        Refused(options => options.ApiKey = "key\nkey", "key");
        Refused(options => options.CaFile = "/nonexistent/ca.pem", "/nonexistent/ca.pem");
        Refused(options => options.Proxy = "socks5://127.0.0.1:1", "socks5");
        Refused(options => options.UserAgent = "acme\r\nX: y", "agent");
        Refused(options => options.Timeout = TimeSpan.Zero, "timeout");
        Refused(options => options.Timeout = Timeout.InfiniteTimeSpan, "timeout");
        Refused(options => options.ConnectTimeout = TimeSpan.FromMilliseconds(-5), "timeout");
        Refused(options => options.MaxAttempts = 11, "11");
        Refused(options => options.MaxResponseBytes = 0, "0");
        using (var client = new EcgridClient(new EcgridOptions { BaseUrl = Sandbox.Http, KeepPassword = true }))
        using (var session = client.OpenSession("revoked@example.com", "Rev0ked!"))
        {
            using (session.Call("POST", "/v2/users/reset/5004"))
            {
            }
            using (var me = session.Call("GET", "/v2/users/me")) Check.Equal(5004L, me.GetInt64("/userId", -1), "/userId");
        }
    }

    public static void sessions_can_be_kept_alive()
    {
        using (var client = new EcgridClient(new EcgridOptions { BaseUrl = Sandbox.Http, KeepAlive = true }))
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            session.Logout();
        }
    }

    public static void less_than_a_millisecond_is_not_none()
    {
        var options = Sandbox.Options();
        options.Timeout = new TimeSpan(1);
        using (var client = new EcgridClient(options))
        {
            var error = Check.Throws<EcgridException>(() => client.Login("hang@example.com", "any"));
            Check.Equal(EcgridStatus.Timeout, error.Status, "Status");
        }
    }

    public static void settings_come_from_the_environment_and_properties_before_them()
    {
        using (var client = new EcgridClient(EcgridOptions.FromEnvironment()))
        using (client.GetServerVersion())
        {
        }
        var options = EcgridOptions.FromEnvironment();
        options.BaseUrl = "https://ecgrid.invalid";
        options.MaxAttempts = 1;
        using (var client = new EcgridClient(options))
        {
            Check.Has(Check.Throws<EcgridException>(() => client.GetServerVersion()).Message, "ecgrid.invalid");
        }
    }

    public static void an_exception_takes_numbers_that_it_does_not_know()
    {
        var error = new EcgridException("from the future", (EcgridStatus)99, (EcgridOutcome)7);
        Check.Equal("99 7", error.Status + " " + error.Outcome, "status and outcome");
    }

    private static void Refused(Action<EcgridOptions> change, string says)
    {
        var options = Sandbox.Options();
        change(options);
        var error = Check.Throws<EcgridException>(() => new EcgridClient(options).Dispose());
        var isExpected = error.Status == EcgridStatus.InvalidArgument || error.Status == EcgridStatus.InvalidConfiguration;
        Check.That(isExpected, "a setting is refused with " + error.Status);
        Check.Equal(EcgridOutcome.NotSent, error.Outcome, "Outcome");
        Check.Has(error.Message, says);
    }
}
