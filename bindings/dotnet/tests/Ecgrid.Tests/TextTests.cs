using System;
using Ecgrid;

/// <summary>Text on its way into the library and back.</summary>
internal static class TextTests
{
    public static void any_script_arrives_as_it_is()
    {
        using (var client = Sandbox.Client())
        using (var token = client.Login("jürgen@пример.example", "Пароль-密码-🔑1"))
        {
            Check.Equal((long?)5001, token.UserId, "UserId");
        }
    }

    public static void any_script_comes_back_as_it_is()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession("jürgen@пример.example", "Пароль-密码-🔑1"))
        using (var me = session.Call("GET", "/v2/users/me"))
        {
            Check.Equal("jürgen@пример.example", me.GetString("/login"), "/login");
            Check.Has(me.Body, "пример");
        }
    }

    public static void a_nul_is_refused_before_the_call_and_the_message_keeps_the_secret()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var version = client.GetServerVersion())
        {
            var before = counters.Requests;
            const string Secret = "Sup3r$ecret!\0tail";
            Refused("user name", () => client.Login("jsmith@example.com\0", "any"));
            Refused("password", () => client.Login(Sandbox.Login, Secret));
            Refused("password", () => EcgridToken.Login(Sandbox.Login, Secret));
            Refused("password", () => Check.Done(client.LoginAsync(Sandbox.Login, Secret)));
            Refused("password", () => client.OpenSession(Sandbox.Login, Secret));
            Refused("API key", () => client.OpenSessionWithApiKey("Sup3r$ecret!\0"));
            Refused("current password", () => session.ChangePassword(Secret, "An0ther!"));
            Refused("new password", () => session.ChangePassword(Sandbox.Password, Secret));
            Refused("method", () => session.Call("GET\0", "/v2/users/me"));
            Refused("path", () => session.Call("GET", "/v2/users/me\0"));
            Refused("pointer", () => version.GetString("/version\0"));
            Refused("pointer", () => version.GetInt64("/version\0", 0));
            Refused("API key", () => new EcgridClient(new EcgridOptions { ApiKey = Secret }));
            Refused("proxy", () => new EcgridClient(new EcgridOptions { Proxy = "http://a:Sup3r$ecret!\0@b" }));
            Check.Equal(before, counters.Requests, "requests");
        }
    }

    public static void half_a_surrogate_pair_is_refused_and_not_replaced()
    {
        using (var client = Sandbox.Client())
        {
            Refused("password", () => client.Login(Sandbox.Login, "Sup3r$ecret!\ud83d"));
            Refused("user name", () => client.Login("\udd11", "any"));
        }
    }

    public static void a_body_comes_with_its_length_so_its_nul_is_for_the_library_to_refuse()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            foreach (var body in new[] { "{}\0", "", "{" })
            {
                var error = Check.Throws<EcgridException>(() => session.Call("POST", "/v2/mailboxes/list", body));
                Check.Equal(EcgridStatus.InvalidArgument, error.Status, "Status");
                Check.Has(error.Message, "JSON");
            }
        }
    }

    public static void null_is_a_mistake_of_the_program_and_told_at_once()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var version = client.GetServerVersion())
        {
            Check.Equal("login", Check.Throws<ArgumentNullException>(() => client.Login(null, "x")).ParamName, "the parameter");
            Check.Equal("password", Null(() => client.LoginAsync("x", null)), "the parameter");
            Check.Equal("password", Null(() => EcgridToken.LoginAsync("x", null)), "the parameter");
            Check.Equal("login", Null(() => client.OpenSessionAsync(null, "x")), "the parameter");
            Check.Equal("key", Null(() => client.OpenSessionWithApiKey(null)), "the parameter");
            Check.Equal("replacement", Null(() => session.ChangePasswordAsync("x", null)), "the parameter");
            Check.Equal("path", Null(() => session.CallAsync("GET", null)), "the parameter");
            Check.Equal("method", Null(() => session.Call(null, "/v2/users/me", "{}")), "the parameter");
            Check.Equal("pointer", Null(() => version.GetString(null)), "the parameter");
            Check.Equal("options", Null(() => new EcgridClient(null)), "the parameter");
        }
    }

    private static string Null(Action action)
    {
        return Check.Throws<ArgumentNullException>(action).ParamName;
    }

    private static void Refused(string what, Action action)
    {
        var error = Check.Throws<EcgridException>(action);
        Check.Equal(EcgridStatus.InvalidArgument, error.Status, "Status");
        Check.Equal(EcgridOutcome.NotSent, error.Outcome, "Outcome");
        Check.Equal(0, error.HttpStatus, "HttpStatus");
        Check.Equal("", error.Code, "Code");
        Check.That(error.RetryAfter == null, "there is no RetryAfter");
        Check.Has(error.Message, "the " + what + " has ");
        Check.HasNot(error.ToString(), "Sup3r$ecret!");
    }
}
