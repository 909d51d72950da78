using System;
using System.Text;
using System.Threading;
using Ecgrid;

/// <summary>Bodies and answers as the UTF-8 that they are, and passwords that the program can wipe.</summary>
internal static class Utf8Tests
{
    private const string Scripts = "jürgen@пример.example";
    private const string ScriptsPassword = "Пароль-密码-🔑1";
    private const string List = "/v2/mailboxes/list";

    public static void a_body_goes_in_and_the_answer_comes_out_without_a_detour()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Scripts, ScriptsPassword))
        {
            using (var list = session.CallUtf8("POST", List, Bytes("{\"networkId\":1}"))) Check.Equal(200, list.HttpStatus, "HttpStatus");
            var call = session.CallUtf8Async("POST", List, Bytes("{\"networkId\":1}"));
            using (var list = Check.Done(call)) Check.Equal(200, list.HttpStatus, "HttpStatus");
            using (var me = session.Call("GET", "/v2/users/me"))
            {
                Check.Equal(me.Body, Encoding.UTF8.GetString(me.GetBodyUtf8()), "the body");
                Check.Equal(me.Data, Encoding.UTF8.GetString(me.GetDataUtf8()), "the data");
                Check.Equal(Scripts, Encoding.UTF8.GetString(me.GetUtf8("/login")), "/login");
                Check.Equal(0, me.GetUtf8("/nothing").Length, "the length of what is not there");
#if NET8_0_OR_GREATER
                Check.Equal(me.Body, me.GetBodyUtf8(Read), "the body");
                Check.Equal(me.Data, me.GetDataUtf8(Read), "the data");
                Check.Equal(Scripts, me.GetUtf8("/login", Read), "/login");
                Check.Equal(0, me.GetUtf8("/nothing", utf8 => utf8.Length), "the length of what is not there");
                Check.Throws<ArgumentNullException>(() => me.GetDataUtf8<string>(null));
#endif
                Check.Equal("pointer", Check.Throws<ArgumentNullException>(() => me.GetUtf8(null)).ParamName, "the parameter");
                me.Dispose();
                Check.Throws<ObjectDisposedException>(() => me.GetDataUtf8());
            }
            session.Logout();
        }
    }

    public static void no_body_may_be_written_in_every_way()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            const string Me = "/v2/users/me";
            var answers = new[]
            {
                session.CallUtf8("GET", Me, null),
                session.CallUtf8("GET", Me, default),
                session.CallUtf8("GET", Me, new byte[0]),
                session.CallUtf8("GET", Me, null, null, CancellationToken.None),
                Check.Done(session.CallUtf8Async("GET", Me, null)),
                Check.Done(session.CallUtf8Async("GET", Me, default, cancellationToken: CancellationToken.None)),
#if NET8_0_OR_GREATER
                session.CallUtf8("GET", Me, default(ReadOnlySpan<byte>)),
                Check.Done(session.CallUtf8Async("GET", Me, ReadOnlySpan<byte>.Empty)),
#endif
            };
            foreach (var answer in answers)
            {
                using (answer) Check.Equal(Sandbox.Login, answer.GetString("/login"), "/login");
            }
            session.Logout();
        }
    }

    public static void a_body_that_is_no_json_or_no_utf8_is_refused()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            foreach (var body in new[] { Bytes("{"), Bytes("{}\0"), new byte[] { (byte)'"', 0xff, (byte)'"' } })
            {
                var error = Check.Throws<EcgridException>(() => session.CallUtf8("POST", List, body));
                Check.Equal(EcgridStatus.InvalidArgument, error.Status, "Status");
                Check.Equal(EcgridStatus.InvalidArgument,
                    Check.Fails<EcgridException>(session.CallUtf8Async("POST", List, body)).Status, "Status");
            }
            session.Logout();
        }
    }

    public static void what_is_changed_after_an_async_call_was_asked_for_is_not_sent()
    {
        var options = Sandbox.Options();
        options.MaxAsyncThreads = 1;
        using (var client = new EcgridClient(options))
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            var slow = client.LoginAsync("slow-200@example.com", "any");
            var body = Bytes("{\"networkId\":1}");
            var password = Sandbox.Password.ToCharArray();
            var list = session.CallUtf8Async("POST", List, body);
            var login = client.LoginCharsAsync(Sandbox.Login, password);
            Array.Clear(body, 0, body.Length);
            Array.Clear(password, 0, password.Length);
            Check.Done(slow).Dispose();
            Check.Done(list).Dispose();
            Check.Done(login).Dispose();
            session.Logout();
        }
    }

    public static void a_password_may_be_characters_that_the_program_wipes()
    {
        var password = ScriptsPassword.ToCharArray();
        using (var client = Sandbox.Client())
        {
            using (var token = client.LoginChars(Scripts, password)) Check.Equal((long?)5001, token.UserId, "UserId");
            using (var token = Check.Done(client.LoginCharsAsync(Scripts, password))) Check.Equal((long?)5001, token.UserId, "UserId");
            client.OpenSessionChars(Scripts, password).Dispose();
            Check.Done(client.OpenSessionCharsAsync(Scripts, password)).Dispose();
            EcgridToken.LoginChars(Scripts, password).Dispose();
            Check.Done(EcgridToken.LoginCharsAsync(Scripts, password)).Dispose();
            Check.Equal(ScriptsPassword, new string(password), "the password, which only the program wipes");
#if NET8_0_OR_GREATER
            var span = new ReadOnlySpan<char>(password);
            client.LoginChars(Scripts, span).Dispose();
            client.OpenSessionChars(Scripts, span).Dispose();
            EcgridToken.LoginChars(Scripts, span).Dispose();
            Check.Done(client.LoginCharsAsync(Scripts, span)).Dispose();
            Check.Done(client.OpenSessionCharsAsync(Scripts, span)).Dispose();
            Check.Done(EcgridToken.LoginCharsAsync(Scripts, span)).Dispose();
#endif
        }
    }

    public static void a_password_is_changed_from_characters_to_characters()
    {
        const string User = "changing@example.com", First = "F1rst$ecret!", Second = "S3cond$ecret!";
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(User, First))
        {
            session.ChangePasswordChars(First.ToCharArray(), Second.ToCharArray());
            Check.Done(session.ChangePasswordCharsAsync(Second.ToCharArray(), First.ToCharArray()));
#if NET8_0_OR_GREATER
            session.ChangePasswordChars(First.AsSpan(), Second.AsSpan());
            Check.Done(session.ChangePasswordCharsAsync(Second.AsSpan(), First.AsSpan()));
#endif
            client.Login(User, First).Dispose();
        }
    }

    public static void a_secret_that_cannot_be_handed_over_is_refused_before_the_call_and_the_message_keeps_it()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var counters = new Counters())
        {
            var before = counters.Requests;
            foreach (var bad in new[] { "Sup3r$ecret!\0tail", "Sup3r$ecret!\ud83d" })
            {
                var secret = bad.ToCharArray();
                var good = Sandbox.Password.ToCharArray();
                var calls = new Action[]
                {
                    () => client.LoginChars(Sandbox.Login, secret),
                    () => client.OpenSessionChars(Sandbox.Login, secret),
                    () => EcgridToken.LoginChars(Sandbox.Login, secret),
                    () => Check.Done(client.LoginCharsAsync(Sandbox.Login, secret)),
                    () => session.ChangePasswordChars(secret, good),
                    () => Check.Done(session.ChangePasswordCharsAsync(good, secret)),
                };
                foreach (var call in calls)
                {
                    var error = Check.Throws<EcgridException>(call);
                    Check.Equal(EcgridStatus.InvalidArgument, error.Status, "Status");
                    Check.Has(error.Message, "password has ");
                    Check.HasNot(error.ToString(), "Sup3r$ecret!");
                }
            }
            Check.Equal("password", Null(() => client.LoginChars("x", null)), "the parameter");
            Check.Equal("password", Null(() => EcgridToken.LoginCharsAsync("x", null)), "the parameter");
            Check.Equal("login", Null(() => client.OpenSessionChars(null, "x".ToCharArray())), "the parameter");
            Check.Equal("replacement", Null(() => session.ChangePasswordChars("x".ToCharArray(), null)), "the parameter");
            Check.Equal(before, counters.Requests, "requests");
            session.Logout();
        }
    }

    private static string Null(Action action)
    {
        return Check.Throws<ArgumentNullException>(action).ParamName;
    }

    private static byte[] Bytes(string text)
    {
        return Encoding.UTF8.GetBytes(text);
    }

#if NET8_0_OR_GREATER
    private static string Read(ReadOnlySpan<byte> utf8)
    {
        return Encoding.UTF8.GetString(utf8.ToArray());
    }
#endif
}
