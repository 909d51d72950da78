using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>Rounds of inboxes and outboxes.</summary>
internal static class RoundTests
{
    public static void what_lies_in_an_outbox_is_sent_once_and_what_is_pending_is_received_once()
    {
        using (var scratch = new Scratch())
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var inbox = session.OpenInbox(scratch.Folder("in-ü")))
        using (var outbox = session.OpenOutbox(scratch.Folder("out"), new EcgridRoute { From = 20101, To = 20101 }))
        {
            inbox.Receive();
            outbox.SetSettleTime(TimeSpan.FromMinutes(1));
            foreach (var name in new[] { "first.edi", "second.edi" })
            {
                File.WriteAllText(scratch["new"], "ISA*" + name);
                File.Move(scratch["new"], Path.Combine(scratch["out"], name));
            }
            Check.Equal(2L, outbox.Send(), "sent");
            Check.Equal(0L, Check.Done(outbox.SendAsync()), "sent again");
            Check.Equal(2, Directory.GetFiles(Path.Combine(scratch["out"], "sent")).Length, "files in sent/");
            Check.Equal(2L, Check.Done(inbox.ReceiveAsync()), "received");
            Check.Equal(0L, inbox.Receive(), "received again");
            var files = Directory.GetFiles(scratch["in-ü"], "*-first.edi");
            Check.Equal(1, files.Length, "files of that name");
            Check.Equal("ISA*first.edi", File.ReadAllText(files[0]), "the file");
        }
    }

    public static void a_round_that_fails_says_how_many_parcels_went_through()
    {
        using (var scratch = new Scratch())
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var outbox = session.OpenOutbox(scratch.Folder("out"), new EcgridRoute { To = 20101 }))
        {
            foreach (var name in new[] { "a.edi", "b.edi", "c.edi" }) File.WriteAllText(Path.Combine(scratch["out"], name), "ISA*00");
            const string Refuse = "{\"path\":\"/v2/parcels/upload\",\"what\":\"refuse\",\"status\":400}";
            session.Call("POST", "/v2/sandbox/trouble", Refuse).Dispose();
            var error = Check.Throws<EcgridException>(() => outbox.Send());
            Check.Equal("Rejected 2", error.Status + " " + error.ParcelCount, "the error");
        }
        Check.Equal(0L, Check.Throws<EcgridException>(() => EcgridResponse.FromJson("")).ParcelCount, "of another call");
    }

    public static void a_folder_has_one_handle_and_that_lives_as_long_as_it_is_not_closed()
    {
        using (var scratch = new Scratch())
        using (var client = Sandbox.Client())
        {
            EcgridInbox inbox;
            using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
            {
                inbox = session.OpenInbox(scratch.Folder("in"));
                var taken = Check.Throws<EcgridException>(() => session.OpenOutbox(scratch["in"]));
                Check.Equal(EcgridStatus.InvalidState, taken.Status, "Status");
            }
            inbox.Receive();
            using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
            {
                inbox.Dispose();
                inbox.Dispose();
                session.OpenInbox(scratch["in"]).Dispose();
            }
            Closed("EcgridInbox", () => inbox.Receive(), () => inbox.ReceiveAsync(), () => inbox.Cancel());
        }
    }

    public static void a_closed_outbox_says_so_and_refuses_what_cannot_be_before()
    {
        using (var scratch = new Scratch())
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            var outbox = session.OpenOutbox(scratch.Folder("out"));
            var error = Check.Throws<EcgridException>(() => outbox.SetSettleTime(TimeSpan.FromSeconds(-1)));
            Check.Equal(EcgridStatus.InvalidArgument, error.Status, "Status");
            outbox.Dispose();
            Closed("EcgridOutbox", () => outbox.Send(), () => outbox.SendAsync(), () => outbox.Cancel(),
                () => outbox.SetSettleTime(TimeSpan.Zero));
        }
    }

    public static void a_token_ends_a_round_also_of_a_closed_inbox()
    {
        using (var hanging = new Hanging())
        using (var cancellation = new CancellationTokenSource())
        {
            var before = hanging.Counters.Requests;
            var blocked = Task.Factory.StartNew(() => hanging.Inbox.Receive(cancellationToken: cancellation.Token), TaskCreationOptions.LongRunning);
            hanging.Counters.Await(before, 1);
            // It waits for the first, and is ended with it.
            var second = hanging.Inbox.ReceiveAsync(cancellationToken: cancellation.Token);
            hanging.Inbox.Dispose();
            Check.That(!blocked.IsCompleted && !second.IsCompleted, "the rounds go on");
            cancellation.Cancel();
            foreach (var round in new[] { blocked, second })
            {
                var error = Check.Fails<EcgridCanceledException>(round);
                Check.Equal(cancellation.Token, error.CancellationToken, "the token");
                Check.Equal(EcgridStatus.Cancelled, ((EcgridException)error.InnerException).Status, "Status");
            }
            Check.That(second.IsCanceled, "the task is cancelled, not failed");
        }
    }

    public static void a_token_ends_its_round_and_no_other_also_one_that_waits()
    {
        using (var hanging = new Hanging())
        using (var cancellation = new CancellationTokenSource())
        {
            var before = hanging.Counters.Requests;
            var first = hanging.Inbox.ReceiveAsync();
            hanging.Counters.Await(before, 1);
            var second = hanging.Inbox.ReceiveAsync(cancellationToken: cancellation.Token);
            cancellation.Cancel();
            Check.Fails<EcgridCanceledException>(second);
            Check.That(!first.IsCompleted, "the other round goes on");
            hanging.Inbox.Cancel();
            Check.Equal(EcgridStatus.Cancelled, Check.Fails<EcgridException>(first).Status, "Status");
        }
    }

    public static void a_round_may_have_a_timeout_of_its_own()
    {
        using (var hanging = new Hanging())
        {
            var timeout = TimeSpan.FromMilliseconds(100);
            foreach (var round in new Action[]
            {
                () => hanging.Inbox.Receive(timeout), () => Check.Done(hanging.Inbox.ReceiveAsync(timeout)),
            })
            {
                Check.Equal(EcgridStatus.Timeout, Check.Throws<EcgridException>(round).Status, "Status");
            }
            foreach (var wrong in new Action[]
            {
                () => hanging.Inbox.Receive(TimeSpan.FromSeconds(-1)),
                () => Check.Done(hanging.Outbox.SendAsync(TimeSpan.FromSeconds(-1))),
            })
            {
                Check.Equal(EcgridStatus.InvalidArgument, Check.Throws<EcgridException>(wrong).Status, "Status");
            }
        }
    }

    public static void a_round_whose_token_was_cancelled_before_does_nothing()
    {
        using (var hanging = new Hanging())
        {
            var before = hanging.Counters.Requests;
            var token = new CancellationToken(true);
            foreach (var round in new Action[]
            {
                () => hanging.Inbox.Receive(cancellationToken: token), () => Check.Done(hanging.Inbox.ReceiveAsync(cancellationToken: token)),
                () => hanging.Outbox.Send(cancellationToken: token), () => Check.Done(hanging.Outbox.SendAsync(cancellationToken: token)),
            })
            {
                Check.Equal(EcgridOutcome.NotSent, Check.Throws<EcgridCanceledException>(round).Outcome, "Outcome");
            }
            Check.Equal(before, hanging.Counters.Requests, "requests");
        }
    }

    public static void whenever_the_cancel_comes_the_round_ends()
    {
        using (var hanging = new Hanging())
        {
            // The steps are that small because a round takes microseconds to begin.
            for (var round = 0; round < 300; round++)
            {
                using (var cancellation = new CancellationTokenSource())
                {
                    var call = hanging.Inbox.ReceiveAsync(cancellationToken: cancellation.Token);
                    Thread.SpinWait(round * 5);
                    cancellation.Cancel();
                    Check.Fails<EcgridCanceledException>(call);
                }
                foreach (var cancel in new Action[] { hanging.Inbox.Cancel, hanging.Session.Cancel, hanging.Client.Cancel })
                {
                    var call = hanging.Inbox.ReceiveAsync();
                    Thread.SpinWait(round * 5);
                    cancel();
                    Check.Equal(EcgridStatus.Cancelled, Check.Fails<EcgridException>(call).Status, "Status");
                }
            }
        }
    }

    public static void a_cancel_ends_the_rounds_that_run_and_those_that_wait_for_a_thread()
    {
        foreach (var end in new Action<Hanging>[] { it => it.Inbox.Cancel(), it => it.Session.Cancel(), it => it.Client.Cancel() })
        {
            using (var hanging = new Hanging(threads: 1))
            {
                var before = hanging.Counters.Requests;
                var first = hanging.Inbox.ReceiveAsync();
                hanging.Counters.Await(before, 1);
                var second = hanging.Inbox.ReceiveAsync();
                end(hanging);
                Check.Equal(EcgridStatus.Cancelled, Check.Fails<EcgridException>(first).Status, "Status");
                Check.Equal(EcgridOutcome.NotSent, Check.Fails<EcgridException>(second).Outcome, "Outcome");
                Check.Equal(before + 1, hanging.Counters.Requests, "requests");
            }
        }
    }

    public static void a_cancel_with_no_round_running_is_forgotten()
    {
        using (var scratch = new Scratch())
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var inbox = session.OpenInbox(scratch.Folder("in")))
        using (var cancellation = new CancellationTokenSource())
        {
            inbox.Cancel();
            inbox.Receive(cancellationToken: cancellation.Token);
            cancellation.Cancel();
            inbox.Receive();
        }
    }

    private static void Closed(string name, params Action[] uses)
    {
        foreach (var use in uses) Check.Equal(name, Check.Throws<ObjectDisposedException>(use).ObjectName, "the name");
    }

    /// <summary>Folders of a session whose requests get no answer.</summary>
    private sealed class Hanging : IDisposable
    {
        private readonly Scratch _scratch = new Scratch();

        public Hanging(int threads = 4)
        {
            var options = Sandbox.Options();
            options.MaxAsyncThreads = threads;
            options.Timeout = TimeSpan.FromSeconds(120);
            Client = new EcgridClient(options);
            Session = Client.OpenSession("call-hang@example.com", "any");
            Inbox = Session.OpenInbox(_scratch.Folder("in"));
            Outbox = Session.OpenOutbox(_scratch.Folder("out"));
            Counters = new Counters();
        }

        public EcgridClient Client { get; }

        public EcgridSession Session { get; }

        public EcgridInbox Inbox { get; }

        public EcgridOutbox Outbox { get; }

        public Counters Counters { get; }

        public void Dispose()
        {
            Counters.Dispose();
            Outbox.Dispose();
            Inbox.Dispose();
            Session.Dispose();
            Client.Dispose();
            _scratch.Dispose();
        }
    }
}
