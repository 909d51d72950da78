using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>How a program that uses ECGrid tests itself: no sandbox and no network. The native library reads answers.</summary>
internal static class FakeTests
{
    public const string ChildMode = "--fakes";

    public static void a_program_is_tested_without_a_server()
    {
        var said = LoadingTests.Load(LoadingTests.Native(), null, null, ChildMode).Replace("\r", "");
        Check.Equal("4 passed, 0 failed\n", said, "what the program's own tests say");
    }

    internal static int Child()
    {
        return Check.Run(typeof(InboxTests));
    }

    /// <summary>Part of a program: what has arrived, or when to look again.</summary>
    private sealed class Inbox
    {
        private readonly EcgridSession _session;

        public Inbox(EcgridSession session)
        {
            _session = session;
        }

        public async Task<string> LookAsync(CancellationToken cancellationToken)
        {
            try
            {
                const string Path = "/v2/parcels/pending-inbox-list";
                using (var list = await _session.CallAsync("POST", Path, "{}", null, cancellationToken).ConfigureAwait(false))
                {
                    var names = new List<string>();
                    for (var row = 0; row < list.GetCount(""); row++) names.Add(list.GetString("/" + row + "/fileName"));
                    return string.Join(", ", names);
                }
            }
            catch (EcgridException error) when (error.RetryAfter.HasValue)
            {
                return "again in " + error.RetryAfter.Value.TotalSeconds + " s";
            }
        }
    }

    /// <summary>The tests of that part.</summary>
    private static class InboxTests
    {
        public static void what_has_arrived_is_named()
        {
            const string Rows = "[{\"fileName\":\"a.edi\"},{\"fileName\":\"b.edi\"}]";
            var session = new FakeSession { Answer = EcgridResponse.FromJson("{\"success\":true,\"data\":" + Rows + "}") };
            Check.Equal("a.edi, b.edi", Check.Done(new Inbox(session).LookAsync(CancellationToken.None)), "the names");
            Check.Equal("POST /v2/parcels/pending-inbox-list {}", session.Asked, "the call");
        }

        public static void a_server_that_is_busy_is_asked_later()
        {
            var busy = new EcgridException(
                "busy", EcgridStatus.RateLimited, EcgridOutcome.Refused, 429, "", TimeSpan.FromSeconds(7));
            var inbox = new Inbox(new FakeSession { Failure = busy });
            Check.Equal("again in 7 s", Check.Done(inbox.LookAsync(CancellationToken.None)), "the answer");
        }

        public static void an_answer_that_is_a_failure_is_thrown_as_a_call_throws_it()
        {
            var no = Check.Throws<EcgridException>(() => EcgridResponse.FromJson("{\"success\":false,\"errorCode\":\"Nope\"}"));
            Check.Equal("Rejected Nope", no.Status + " " + no.Code, "success: false");
            var bad = Check.Throws<EcgridException>(() => EcgridResponse.FromJson("not JSON"));
            Check.Equal(EcgridStatus.BadResponse, bad.Status, "Status");
            Check.Throws<System.ArgumentNullException>(() => EcgridResponse.FromJson(null));
        }

        public static void what_the_fake_has_not_says_so_and_closing_it_does_no_harm()
        {
            using (EcgridSession session = new FakeSession())
            {
                var error = Check.Throws<NotSupportedException>(() => session.GetToken());
                Check.Has(error.Message, "EcgridSession");
                Check.Throws<NotSupportedException>(() => session.LogoutAsync());
            }
        }
    }

    private sealed class FakeSession : EcgridSession
    {
        public EcgridResponse Answer { get; set; }

        public Exception Failure { get; set; }

        public string Asked { get; private set; }

        public override Task<EcgridResponse> CallAsync(
            string method,
            string path,
            string body = null,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            Asked = method + " " + path + " " + body;
            return Failure == null ? Task.FromResult(Answer) : Task.FromException<EcgridResponse>(Failure);
        }
    }
}
