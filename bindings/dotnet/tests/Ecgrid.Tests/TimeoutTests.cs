using System;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>A timeout for one call.</summary>
internal static class TimeoutTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    public static void a_timeout_is_for_that_one_call_and_no_other()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        using (var session = client.OpenSession("call-slow-700@example.com", "any"))
        {
            var before = counters.Requests;
            var other = session.CallAsync("GET", "/v2/users/me");
            counters.Await(before, 1);
            Timed(Check.Throws<EcgridException>(() => session.Call("GET", "/v2/users/me", timeout: Soon)));
            Timed(Check.Fails<EcgridException>(session.CallAsync("GET", "/v2/users/me", timeout: Soon)));
            Check.Done(other).Dispose();
            session.Call("GET", "/v2/users/me").Dispose();
        }
    }

    public static void a_download_may_take_longer_than_the_other_calls()
    {
        var options = Sandbox.Options();
        options.Timeout = TimeSpan.FromMilliseconds(300);
        using (var client = new EcgridClient(options))
        {
            client.Login("slow-700@example.com", "any", TimeSpan.FromSeconds(20)).Dispose();
            Timed(Check.Throws<EcgridException>(() => client.Login("hang@example.com", "any")));
            // None of its own is that of the options.
            Timed(Check.Throws<EcgridException>(() => client.Login("hang@example.com", "any", TimeSpan.Zero)));
        }
    }

    public static void a_call_may_have_a_timeout_and_a_token()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        using (var cancellation = new CancellationTokenSource())
        {
            var before = counters.Requests;
            var call = client.LoginAsync("hang@example.com", "any", TimeSpan.FromSeconds(20), cancellation.Token);
            counters.Await(before, 1);
            cancellation.Cancel();
            Check.Equal(EcgridOutcome.Unknown, Check.Fails<EcgridCanceledException>(call).Outcome, "Outcome");
            using (var never = new CancellationTokenSource())
            {
                Timed(Check.Throws<EcgridException>(() => client.Login("hang@example.com", "any", Soon, never.Token)));
            }
        }
    }

    public static void every_call_has_one_and_what_cannot_be_a_timeout_is_refused()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            var before = counters.Requests;
            var never = Timeout.InfiniteTimeSpan;
            var chars = "Sup3r$ecret!".ToCharArray();
            var calls = new Func<Task>[]
            {
                Blocking(() => client.Login("a", "b", never)),
                () => client.LoginAsync("a", "b", never),
                Blocking(() => client.LoginChars("a", chars, never)),
                () => client.LoginCharsAsync("a", chars, never),
                Blocking(() => client.OpenSession("a", "b", never)),
                () => client.OpenSessionAsync("a", "b", never),
                Blocking(() => client.OpenSessionChars("a", chars, never)),
                () => client.OpenSessionCharsAsync("a", chars, never),
                Blocking(() => client.GetServerVersion(never)),
                () => client.GetServerVersionAsync(never),
                Blocking(() => session.GetToken(never)),
                () => session.GetTokenAsync(never),
                Blocking(() => session.Refresh(never)),
                () => session.RefreshAsync(never),
                Blocking(() => session.GetInfo(never)),
                () => session.GetInfoAsync(never),
                Blocking(() => session.ChangePassword("a", "b", never)),
                () => session.ChangePasswordAsync("a", "b", never),
                Blocking(() => session.ChangePasswordChars(chars, chars, never)),
                () => session.ChangePasswordCharsAsync(chars, chars, never),
                Blocking(() => session.GenerateApiKey(1, never)),
                () => session.GenerateApiKeyAsync(1, never),
                Blocking(() => session.Call("GET", "/v2/users/me", null, never)),
                () => session.CallAsync("GET", "/v2/users/me", null, never),
                Blocking(() => session.CallUtf8("GET", "/v2/users/me", (byte[])null, never)),
                () => session.CallUtf8Async("GET", "/v2/users/me", (byte[])null, never),
                Blocking(() => session.Logout(never)),
                () => session.LogoutAsync(never),
            };
            foreach (var call in calls)
            {
                var error = Check.Fails<EcgridException>(call());
                Check.Equal(EcgridStatus.InvalidArgument, error.Status, "Status");
                Check.Has(error.Message, "timeout");
            }
            Check.Equal(before, counters.Requests, "requests");
        }
    }

    private static Func<Task> Blocking(Action call)
    {
        return () =>
        {
            try
            {
                call();
                return Task.FromResult(0);
            }
            catch (Exception error)
            {
                return Task.FromException<int>(error);
            }
        };
    }

    private static void Timed(EcgridException error)
    {
        Check.Equal(EcgridStatus.Timeout, error.Status, "Status");
        Check.Equal(EcgridOutcome.Unknown, error.Outcome, "Outcome");
    }
}
