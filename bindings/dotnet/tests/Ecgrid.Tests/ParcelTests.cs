using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>Parcels, one at a time.</summary>
internal static class ParcelTests
{
    // Not text: a NUL, and what is no UTF-8.
    private static readonly byte[] Content = { (byte)'I', (byte)'S', (byte)'A', (byte)'*', 0, 0xff, (byte)'0', (byte)'\n' };

    private static readonly EcgridRoute ToOurselves = new EcgridRoute { To = 20101 };

    public static void a_parcel_goes_and_comes_as_it_was()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            var id = session.Upload(Content, "Bestellung-ü.edi", ToOurselves);
            using (var parcel = session.Download(id)) Is(parcel, id, "Bestellung-ü.edi", Content);
            var other = Check.Done(session.UploadAsync(Content, "b.edi", ToOurselves, TimeSpan.FromSeconds(20)));
            Check.That(other != id, "each has an id of its own");
            using (var parcel = Check.Done(session.DownloadAsync(other))) Is(parcel, other, "b.edi", Content);
        }
    }

    public static void a_parcel_may_be_empty()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            foreach (var id in new[]
            {
                session.Upload(new byte[0], "a.edi", ToOurselves), Check.Done(session.UploadAsync(new byte[0], "a.edi", ToOurselves)),
            })
            {
                using (var parcel = session.Download(id)) Is(parcel, id, "a.edi", new byte[0]);
            }
        }
    }

    public static void a_parcel_goes_from_a_file_and_comes_to_one()
    {
        using (var scratch = new Scratch())
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            File.WriteAllBytes(scratch["ä.edi"], Content);
            var id = session.UploadFile(scratch["ä.edi"], route: ToOurselves);
            using (var parcel = session.Download(id)) Is(parcel, id, "ä.edi", Content);
            var other = Check.Done(session.UploadFileAsync(scratch["ä.edi"], "b.edi", ToOurselves));
            using (var parcel = session.Download(other)) Is(parcel, other, "b.edi", Content);
            session.DownloadFile(id, scratch["copy-ü.edi"]);
            Check.Done(session.DownloadFileAsync(other, scratch["other.edi"]));
            foreach (var name in new[] { "copy-ü.edi", "other.edi" }) Same(Content, File.ReadAllBytes(scratch[name]), name);
        }
    }

    public static void what_is_there_is_not_overwritten()
    {
        using (var scratch = new Scratch())
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            var id = session.Upload(Content, "a.edi", ToOurselves);
            File.WriteAllText(scratch["a.edi"], "mine");
            var taken = Check.Throws<EcgridException>(() => session.DownloadFile(id, scratch["a.edi"]));
            Check.Equal("File NotSent", taken.Status + " " + taken.Outcome, "what it says");
            Check.Equal("mine", File.ReadAllText(scratch["a.edi"]), "the file");
        }
    }

    public static void what_is_confirmed_is_pending_no_more_and_confirming_twice_is_no_failure()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            var id = session.Upload(Content, "a.edi", new EcgridRoute { From = 20101, To = 20101, Mailbox = 101 });
            Check.That(IsPending(session.GetPending(), id), "it is pending");
            session.Confirm(id);
            Check.Done(session.ConfirmAsync(id));
            Check.That(!IsPending(Check.Done(session.GetPendingAsync(101)), id), "it is pending no more");
        }
    }

    public static void what_cannot_be_is_refused()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            var wrong = new EcgridRoute { From = -1 };
            var calls = new Action[]
            {
                () => session.GetPending(-1),
                () => session.Download(0),
                () => session.Confirm(0),
                () => session.DownloadFile(1, "a\0b"),
                () => session.Upload(Content, ""),
                () => session.Upload(Content, "a\0b"),
                () => session.Upload(Content, "\ud800"),
                () => session.Upload(Content, "a.edi", wrong),
                () => session.UploadFile("a.edi", "a.edi", wrong),
                () => session.OpenInbox("a\0b"),
                () => session.OpenInbox("/", -1),
                () => session.OpenOutbox("/", wrong),
                () => Check.Done(session.UploadAsync(Content, "a.edi", wrong)),
            };
            for (var i = 0; i < calls.Length; i++)
            {
                var error = Check.Throws<EcgridException>(calls[i]);
                Check.Equal("InvalidArgument NotSent", error.Status + " " + error.Outcome, "what call " + i + " says");
            }
            foreach (var missing in new Action[] { () => session.OpenInbox("/no/such/folder"), () => session.UploadFile("/no/such/file") })
            {
                Check.Equal(EcgridStatus.File, Check.Throws<EcgridException>(missing).Status, "Status");
            }
            foreach (var none in new Action[]
            {
                () => session.Upload(null, "a.edi"), () => session.Upload(Content, null), () => session.UploadFile(null),
                () => session.DownloadFile(1, null), () => session.OpenInbox(null), () => session.OpenOutbox(null),
                () => session.UploadAsync(null, "a.edi"), () => session.UploadFileAsync(null), () => session.DownloadFileAsync(1, null),
            })
            {
                Check.Throws<ArgumentNullException>(none);
            }
        }
    }

    public static void a_route_and_a_content_may_be_changed_when_an_async_call_has_been_made()
    {
        var options = Sandbox.Options();
        options.MaxAsyncThreads = 1;
        using (var client = new EcgridClient(options))
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            var first = client.LoginAsync("slow-100@example.com", "any");
            var content = (byte[])Content.Clone();
            var route = new EcgridRoute { To = 20101 };
            var sent = session.UploadAsync(content, "a.edi", route);
            route.To = -1;
            Array.Clear(content, 0, content.Length);
            Check.Done(first).Dispose();
            using (var parcel = session.Download(Check.Done(sent))) Same(Content, parcel.GetContent(), "the content");
        }
    }

    public static void a_token_ends_a_parcels_call()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession("call-hang@example.com", "any"))
        using (var counters = new Counters())
        using (var cancellation = new CancellationTokenSource())
        {
            var before = counters.Requests;
            var calls = new Task[]
            {
                session.UploadAsync(Content, "a.edi", null, null, cancellation.Token),
                session.DownloadAsync(1, null, cancellation.Token),
                Task.Factory.StartNew(
                    () => session.Upload(Content, "a.edi", cancellationToken: cancellation.Token), TaskCreationOptions.LongRunning),
            };
            counters.Await(before, calls.Length);
            cancellation.Cancel();
            foreach (var call in calls) Check.Fails<EcgridCanceledException>(call);
        }
    }

    public static void a_closed_parcel_says_so_but_its_stream_is_read_to_the_end()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            var parcel = session.Download(session.Upload(Content, "a.edi", ToOurselves));
            using (var stream = parcel.OpenRead())
            {
                parcel.Dispose();
                parcel.Dispose();
                Same(Content, All(stream), "the stream");
            }
            foreach (var use in new Action[] { () => parcel.GetContent(), () => parcel.OpenRead(), () => parcel.Id.ToString() })
            {
                Check.Equal("EcgridParcel", Check.Throws<ObjectDisposedException>(use).ObjectName, "the name");
            }
            session.Dispose();
            Check.Throws<ObjectDisposedException>(() => session.Download(1));
            Check.Throws<ObjectDisposedException>(() => session.OpenInbox("/"));
        }
    }

    private static bool IsPending(EcgridResponse list, long id)
    {
        using (list)
        {
            for (var row = 0; row < list.GetCount(""); row++)
            {
                if (list.GetInt64("/" + row + "/parcelId", 0) == id) return true;
            }
            return false;
        }
    }

    private static void Is(EcgridParcel parcel, long id, string fileName, byte[] content)
    {
        Check.Equal(id, parcel.Id, "Id");
        Check.Equal(fileName, parcel.FileName, "FileName");
        Check.Equal((long)content.Length, parcel.Length, "Length");
        Same(content, parcel.GetContent(), "the content");
        using (var stream = parcel.OpenRead())
        {
            Check.That(stream.CanRead && stream.CanSeek && !stream.CanWrite, "the stream is for reading");
            Same(content, All(stream), "the stream");
        }
    }

    private static byte[] All(Stream stream)
    {
        using (var all = new MemoryStream())
        {
            stream.CopyTo(all);
            return all.ToArray();
        }
    }

    private static void Same(byte[] expected, byte[] got, string what)
    {
        Check.Equal(BitConverter.ToString(expected), BitConverter.ToString(got), what);
    }
}
