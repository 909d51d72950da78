using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>How a program that uses ECGrid tests itself: no sandbox, no network, and not even the native library.</summary>
internal static class FakeTests
{
    public const string ChildMode = "--fakes";

    public static void a_program_is_tested_without_a_server_and_without_the_native_library()
    {
        var said = LoadingTests.Load("/nonexistent/ecgrid", null, null, ChildMode).Replace("\r", "");
        Check.Equal("3 passed, 0 failed\n", said, "what the program's own tests say");
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
                    for (var row = 0; list.GetString("/" + row + "/fileName") is string name && name != ""; row++) names.Add(name);
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
            var session = new FakeSession { Answer = new FakeResponse { { "/0/fileName", "a.edi" }, { "/1/fileName", "b.edi" } } };
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

    private sealed class FakeResponse : EcgridResponse, IEnumerable<string>
    {
        private readonly Dictionary<string, string> _values = new Dictionary<string, string>();

        public void Add(string pointer, string value)
        {
            _values.Add(pointer, value);
        }

        public override string GetString(string pointer)
        {
            string value;
            return _values.TryGetValue(pointer, out value) ? value : "";
        }

        public IEnumerator<string> GetEnumerator()
        {
            return _values.Keys.GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator()
        {
            return GetEnumerator();
        }
    }
}
