// Receive and send EDI files, for ever: what is pending appears in one folder, and what lies in the other is sent, each once.
//   mcs FolderService.cs -r:Ecgrid.Client.dll        (or a project with a PackageReference to Ecgrid)
//   ECGRID_LOGIN=you@example.com ECGRID_PASSWORD=... mono FolderService.exe INBOX OUTBOX [seconds between rounds]
using System;
using System.Globalization;
using System.Threading;
using Ecgrid;

internal static class FolderService
{
    // Makes a round and tells what came of it. False when no other round can help.
    private static bool GoesOn(Func<TimeSpan?, CancellationToken, long> round, string what, CancellationToken ending)
    {
        try
        {
            Tell(round(null, ending), what);
            return true;
        }
        catch (EcgridException error)
        {
            Tell(error.ParcelCount, what);
            Console.Error.WriteLine(error.Message + (error.TraceId == "" ? "" : " trace id ") + error.TraceId);
            // Where there is a time, the session logs in again by itself by then.
            return error.Status != EcgridStatus.Unauthenticated || error.RetryAfter.HasValue;
        }
    }

    private static void Tell(long count, string what)
    {
        if (count > 0) Console.WriteLine(count + " " + what);
    }

    private static bool Serve(EcgridSession session, string[] folders, TimeSpan pause, CancellationToken ending)
    {
        using (var inbox = session.OpenInbox(folders[0]))
        using (var outbox = session.OpenOutbox(folders[1]))
        {
            try
            {
                while (GoesOn(inbox.Receive, "received", ending) && GoesOn(outbox.Send, "sent", ending))
                {
                    if (ending.WaitHandle.WaitOne(pause)) return true;
                }
                return false;
            }
            catch (EcgridCanceledException)
            {
                return true; // what is under way the next start goes on with
            }
        }
    }

    private static int Main(string[] arguments)
    {
        string login = Environment.GetEnvironmentVariable("ECGRID_LOGIN"), password = Environment.GetEnvironmentVariable("ECGRID_PASSWORD");
        if (login == null || password == null || arguments.Length < 2) { Console.Error.WriteLine("set ECGRID_LOGIN and ECGRID_PASSWORD; name two folders"); return 2; }
        var pause = TimeSpan.FromSeconds(arguments.Length > 2 ? double.Parse(arguments[2], CultureInfo.InvariantCulture) : 60);
        var ending = new CancellationTokenSource();
        var ended = new ManualResetEvent(false);
        Console.CancelKeyPress += (sender, key) => { key.Cancel = true; ending.Cancel(); };
        AppDomain.CurrentDomain.ProcessExit += (sender, none) => { ending.Cancel(); ended.WaitOne(); }; // SIGTERM, but not on Mono
        try
        {
            var options = EcgridOptions.FromEnvironment();
            options.KeepPassword = true; // tokens die in long outages
            using (var client = new EcgridClient(options))
            using (var session = client.OpenSession(login, password, null, ending.Token))
            {
                var good = Serve(session, arguments, pause, ending.Token);
                session.Logout(TimeSpan.FromSeconds(0.7)); // whoever ends it does not wait for long
                return good ? 0 : 1;
            }
        }
        catch (EcgridCanceledException) { return 0; }
        catch (EcgridLibraryException error) { Console.Error.WriteLine(error.Message); return 1; }
        catch (EcgridException error) { Console.Error.WriteLine(error.Message); return 1; }
        finally { ended.Set(); }
    }
}
