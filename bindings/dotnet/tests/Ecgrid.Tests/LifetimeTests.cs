using System;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>Closing, also while calls run.</summary>
internal static class LifetimeTests
{
    public static void a_closed_object_says_so_by_its_name()
    {
        var client = Sandbox.Client();
        var session = client.OpenSession(Sandbox.Login, Sandbox.Password);
        var token = session.GetToken();
        var response = session.GetInfo();
        client.Dispose();
        session.Dispose();
        token.Dispose();
        response.Dispose();
        Closed("EcgridClient", () => client.Login("x", "y"), () => client.GetServerVersion(), () => client.Cancel(),
            () => client.OpenSession("x", "y"), () => client.OpenSessionWithApiKey("x"), () => client.LoginAsync("x", "y"),
            () => client.Login("x", "y", null, new System.Threading.CancellationTokenSource().Token));
        Closed("EcgridSession", () => session.GetToken(), () => session.Refresh(), () => session.GetInfo(),
            () => session.ChangePassword("x", "y"), () => session.GenerateApiKey(1), () => session.Call("GET", "/v2/users/me"),
            () => session.Logout(), () => session.Cancel(), () => session.LogoutAsync());
        Closed("EcgridToken", () => Use(token.Value), () => Use(token.HeaderName), () => Use(token.HeaderValue), () => Use(token.UserId),
            () => Use(token.ExpiresAt), () => Use(token.ExpiresIn));
        Closed("EcgridResponse", () => Use(response.Body), () => Use(response.Data), () => Use(response.HttpStatus),
            () => response.GetString("/x"), () => response.GetInt64("/x", 0));
    }

    public static void closing_twice_does_no_harm()
    {
        var client = Sandbox.Client();
        var session = client.OpenSession(Sandbox.Login, Sandbox.Password);
        var token = session.GetToken();
        var response = session.GetInfo();
        for (var i = 0; i < 2; i++)
        {
            response.Dispose();
            token.Dispose();
            session.Dispose();
            client.Dispose();
        }
    }

    public static void what_a_client_made_outlives_it()
    {
        EcgridSession session;
        EcgridToken token;
        using (var client = Sandbox.Client())
        {
            session = client.OpenSession(Sandbox.Login, Sandbox.Password);
            token = session.GetToken();
        }
        using (session)
        using (session.Call("GET", "/v2/users/me"))
        {
        }
        using (token) Check.Equal((long?)4821, token.UserId, "UserId");
    }

    public static void a_client_closed_during_a_call_returns_at_once_and_the_call_finishes()
    {
        var client = Sandbox.Client();
        using (var counters = new Counters())
        {
            var before = counters.Requests;
            var blocked = Task.Factory.StartNew(
                () => client.Login("slow-1500@example.com", "any"), TaskCreationOptions.LongRunning);
            var queued = client.LoginAsync("slow-1500@example.com", "any");
            counters.Await(before, 2);
            client.Dispose();
            Check.That(!blocked.IsCompleted && !queued.IsCompleted, "the calls still run");
            Check.Throws<ObjectDisposedException>(() => client.Login(Sandbox.Login, Sandbox.Password));
            Check.Done(blocked).Dispose();
            Check.Done(queued).Dispose();
        }
    }

    public static void a_session_closed_during_a_call_returns_at_once_and_the_call_finishes()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        {
            var session = client.OpenSession("call-slow-1500@example.com", "any");
            var before = counters.Requests;
            var call = Task.Factory.StartNew(
                () => session.Call("GET", "/v2/users/me"), TaskCreationOptions.LongRunning);
            counters.Await(before, 1);
            session.Dispose();
            Check.That(!call.IsCompleted, "the call still runs");
            using (var me = Check.Done(call)) Check.Equal(4821L, me.GetInt64("/userId", -1), "/userId");
        }
    }

    public static void a_call_that_waits_for_its_turn_is_made_though_its_client_was_closed()
    {
        var options = Sandbox.Options();
        options.MaxAsyncThreads = 1;
        var client = new EcgridClient(options);
        var first = client.LoginAsync("slow-100@example.com", "any");
        var second = client.LoginAsync(Sandbox.Login, Sandbox.Password);
        client.Dispose();
        Check.Done(first).Dispose();
        Check.Done(second).Dispose();
    }

    public static void a_token_may_be_closed_while_others_read_it()
    {
        using (var client = Sandbox.Client())
        {
            for (var round = 0; round < 20; round++)
            {
                var token = client.Login(Sandbox.Login, Sandbox.Password);
                var value = token.Value;
                var readers = new Task[4];
                for (var i = 0; i < readers.Length; i++)
                {
                    readers[i] = Task.Factory.StartNew(() => ReadUntilClosed(token, value), TaskCreationOptions.LongRunning);
                }
                token.Dispose();
                foreach (var reader in readers) Check.Done(reader);
            }
        }
    }

    private static void ReadUntilClosed(EcgridToken token, string value)
    {
        try
        {
            while (true) Check.Equal(value, token.Value, "Value");
        }
        catch (ObjectDisposedException)
        {
            // As it should be.
        }
    }

    private static void Use(object value)
    {
        Check.That(value != null, "nothing is read");
    }

    private static void Closed(string name, params Action[] uses)
    {
        for (var i = 0; i < uses.Length; i++)
        {
            var error = Check.Throws<ObjectDisposedException>(uses[i]);
            Check.Equal(name, error.ObjectName, "the name in use " + i);
        }
    }
}
