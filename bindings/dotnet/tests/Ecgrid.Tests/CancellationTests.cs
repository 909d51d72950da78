using System;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>Ending calls: one by its token, all by their client or session.</summary>
internal static class CancellationTests
{
    public static void a_token_ends_that_one_call_and_no_other()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        using (var cancellation = new CancellationTokenSource())
        {
            var before = counters.Requests;
            var other = client.LoginAsync("slow-400@example.com", "any");
            var blocked = Task.Factory.StartNew(
                () => client.Login("hang@example.com", "any", cancellationToken: cancellation.Token), TaskCreationOptions.LongRunning);
            var queued = client.LoginAsync("hang@example.com", "any", cancellationToken: cancellation.Token);
            counters.Await(before, 3);
            cancellation.Cancel();
            foreach (var call in new[] { blocked, queued })
            {
                var error = Check.Fails<EcgridCanceledException>(call);
                Check.Equal(cancellation.Token, error.CancellationToken, "the token");
                Check.Equal(EcgridOutcome.Unknown, error.Outcome, "Outcome");
                Check.Equal(EcgridStatus.Cancelled, ((EcgridException)error.InnerException).Status, "Status");
                Check.Equal(error.Message, error.InnerException.Message, "Message");
            }
            Check.That(queued.IsCanceled, "the task is cancelled, not failed");
            Check.Done(other).Dispose();
        }
    }

    public static void a_call_whose_token_was_cancelled_before_is_not_sent()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            var before = counters.Requests;
            var token = new CancellationToken(true);
            var calls = new Action[]
            {
                () => client.Login(Sandbox.Login, Sandbox.Password, cancellationToken: token),
                () => client.GetServerVersion(cancellationToken: token),
                () => client.OpenSession(Sandbox.Login, Sandbox.Password, cancellationToken: token),
                () => session.GetInfo(cancellationToken: token),
                () => session.Call("POST", "/v2/mailboxes/list", "{}", cancellationToken: token),
                () => session.Logout(cancellationToken: token),
                () => Check.Done(client.LoginAsync(Sandbox.Login, Sandbox.Password, cancellationToken: token)),
                () => Check.Done(session.CallAsync("GET", "/v2/users/me", cancellationToken: token)),
                () => Check.Done(session.LogoutAsync(cancellationToken: token)),
            };
            for (var i = 0; i < calls.Length; i++)
            {
                var error = Check.Throws<EcgridCanceledException>(calls[i]);
                Check.Equal(EcgridOutcome.NotSent, error.Outcome, "the outcome of call " + i);
                Check.Equal(token, error.CancellationToken, "the token of call " + i);
            }
            Check.Equal(before, counters.Requests, "requests");
            using (session.Call("GET", "/v2/users/me"))
            {
            }
        }
    }

    public static void a_call_that_waits_for_its_turn_is_cancelled_at_once_and_never_begins()
    {
        var options = Sandbox.Options();
        options.MaxAsyncThreads = 1;
        using (var client = new EcgridClient(options))
        using (var counters = new Counters())
        using (var cancellation = new CancellationTokenSource())
        {
            var before = counters.Requests;
            var first = client.LoginAsync("hang@example.com", "any");
            counters.Await(before, 1);
            var second = client.LoginAsync(Sandbox.Login, Sandbox.Password, cancellationToken: cancellation.Token);
            var third = client.LoginAsync(Sandbox.Login, Sandbox.Password);
            cancellation.Cancel();
            Check.Equal(EcgridOutcome.NotSent, Check.Fails<EcgridCanceledException>(second).Outcome, "Outcome");
            Check.That(!first.IsCompleted && !third.IsCompleted, "the others go on");
            client.Cancel();
            Check.Equal(EcgridStatus.Cancelled, Check.Fails<EcgridException>(first).Status, "Status");
            // It waited for its turn when all calls were ended.
            Check.Equal(EcgridOutcome.NotSent, Check.Fails<EcgridException>(third).Outcome, "Outcome");
            Check.Equal(before + 1, counters.Requests, "requests");
        }
    }

    public static void a_clients_cancel_ends_what_its_sessions_have_waiting_and_a_sessions_only_its_own()
    {
        var options = Sandbox.Options();
        options.MaxAsyncThreads = 1;
        using (var client = new EcgridClient(options))
        using (var counters = new Counters())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var other = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var cancellation = new CancellationTokenSource())
        {
            var before = counters.Requests;
            var first = client.LoginAsync("hang@example.com", "any");
            counters.Await(before, 1);
            var waiting = client.GetServerVersionAsync();
            var ended = session.GetInfoAsync();
            var others = new[] { other.GetInfoAsync(), other.GetInfoAsync(null, cancellation.Token) };
            session.Cancel();
            Check.Equal(EcgridOutcome.NotSent, Check.Fails<EcgridException>(ended).Outcome, "Outcome");
            Check.That(!first.IsCompleted && !waiting.IsCompleted && !others[0].IsCompleted, "the others go on");
            client.Cancel();
            Check.Equal(EcgridStatus.Cancelled, Check.Fails<EcgridException>(first).Status, "Status");
            foreach (var call in new[] { waiting, others[0], others[1] })
            {
                Check.Equal(EcgridOutcome.NotSent, Check.Fails<EcgridException>(call).Outcome, "Outcome");
            }
            Check.Equal(before + 1, counters.Requests, "requests");
            Check.Done(other.GetInfoAsync()).Dispose();
        }
    }

    public static void a_clients_cancel_ends_all_its_calls_and_says_so_without_a_token()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        using (var cancellation = new CancellationTokenSource())
        using (var session = client.OpenSession("call-hang@example.com", "any", cancellationToken: cancellation.Token))
        {
            var before = counters.Requests;
            var calls = new Task[]
            {
                Task.Factory.StartNew(() => client.Login("hang@example.com", "any"), TaskCreationOptions.LongRunning),
                client.LoginAsync("hang@example.com", "any"),
                client.LoginAsync("hang@example.com", "any", cancellationToken: cancellation.Token),
                Task.Factory.StartNew(() => session.Call("GET", "/v2/users/me"), TaskCreationOptions.LongRunning),
                session.CallAsync("GET", "/v2/users/me", cancellationToken: cancellation.Token),
            };
            counters.Await(before, calls.Length);
            client.Cancel();
            foreach (var call in calls)
            {
                Check.Equal(EcgridStatus.Cancelled, Check.Fails<EcgridException>(call).Status, "Status");
            }
            client.Login(Sandbox.Login, Sandbox.Password).Dispose();
        }
    }

    public static void a_sessions_cancel_ends_its_calls_and_not_its_clients()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        using (var session = client.OpenSession("call-hang@example.com", "any"))
        {
            var before = counters.Requests;
            var login = client.LoginAsync("slow-400@example.com", "any");
            var call = session.CallAsync("POST", "/v2/mailboxes/list", "{}");
            counters.Await(before, 2);
            session.Cancel();
            Check.Equal(EcgridOutcome.Unknown, Check.Fails<EcgridException>(call).Outcome, "Outcome");
            Check.Done(login).Dispose();
        }
    }

    public static void a_cancel_with_nothing_running_is_forgotten()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            client.Cancel();
            session.Cancel();
            using (session.Call("GET", "/v2/users/me"))
            {
            }
        }
    }

    public static void a_session_goes_on_when_the_token_that_it_was_opened_with_is_cancelled_later()
    {
        using (var client = Sandbox.Client())
        using (var cancellation = new CancellationTokenSource())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password, cancellationToken: cancellation.Token))
        {
            cancellation.Cancel();
            using (session.Call("GET", "/v2/users/me"))
            {
            }
        }
    }

    public static void whenever_the_cancel_comes_the_call_succeeds_or_says_that_it_was_cancelled()
    {
        using (var client = Sandbox.Client())
        {
            for (var round = 0; round < 200; round++)
            {
                using (var cancellation = new CancellationTokenSource())
                {
                    var call = client.GetServerVersionAsync(cancellationToken: cancellation.Token);
                    Thread.SpinWait(round * 100);
                    cancellation.Cancel();
                    try
                    {
                        Check.Done(call).Dispose();
                    }
                    catch (EcgridCanceledException)
                    {
                        Check.That(call.IsCanceled, "the task is cancelled, not failed");
                    }
                }
            }
        }
    }
}
