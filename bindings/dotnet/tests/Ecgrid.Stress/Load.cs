using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>What the threads do.</summary>
internal sealed class Load : IDisposable
{
    private readonly string[] _names =
    {
        "clients", "sessions", "tokens", "responses", "errors", "cancelled", "async calls", "closed under a call",
        "parcels", "folders",
    };

    private readonly long[] _counts = new long[10];
    private readonly List<string> _surprises = new List<string>();
    private readonly Scratch _scratch = new Scratch();
    private int _folders;
    private volatile bool _isOver;

    private enum Kind
    {
        Client,
        Session,
        Token,
        Response,
        Error,
        Cancelled,
        Async,
        Closed,
        Parcel,
        Folder,
    }

    public SortedDictionary<string, long> Counts
    {
        get
        {
            var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
            for (var i = 0; i < _names.Length; i++) counts.Add(_names[i], Interlocked.Read(ref _counts[i]));
            return counts;
        }
    }

    public List<string> Surprises
    {
        get
        {
            lock (_surprises) return new List<string>(_surprises);
        }
    }

    public void Stop()
    {
        _isOver = true;
    }

    public void Dispose()
    {
        _scratch.Dispose();
    }

    public void Collect()
    {
        while (!_isOver)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    public void Work(int seed)
    {
        var random = new Random(seed);
        while (!_isOver)
        {
            try
            {
                Round(random);
            }
            catch (Exception error)
            {
                Surprise(error);
            }
        }
    }

    private void Round(Random random)
    {
        var client = new EcgridClient(new EcgridOptions { BaseUrl = Sandbox.Http, MaxAsyncThreads = 2 });
        Count(Kind.Client);
        var session = random.Next(2) == 0
            ? client.OpenSession(Sandbox.Login, Sandbox.Password)
            : client.OpenSessionAsync(Sandbox.Login, Sandbox.Password).GetAwaiter().GetResult();
        Count(Kind.Session);
        for (var i = 0; i < 10 && !_isOver; i++) Step(random, client, session);
        if (random.Next(4) == 0) Folders(random, session);
        if (random.Next(4) == 0) CloseUnderACall(session);
        LeaveOrClose(random, session);
        LeaveOrClose(random, client);
    }

    private void Step(Random random, EcgridClient client, EcgridSession session)
    {
        switch (random.Next(9))
        {
            case 0:
                LeaveOrClose(random, client.Login(Sandbox.Login, Sandbox.Password));
                Count(Kind.Token);
                break;
            case 1:
                LeaveOrClose(random, session.GetToken());
                Count(Kind.Token);
                break;
            case 2:
                LeaveOrClose(random, session.Call("GET", "/v2/users/me"));
                Count(Kind.Response);
                break;
            case 3:
                LeaveOrClose(random, session.CallAsync("GET", "/v2/users/me").GetAwaiter().GetResult());
                Count(Kind.Async);
                break;
            case 4:
                Failing(() => client.Login("fault-403@example.com", "any"));
                break;
            case 5:
                Failing(() => session.Call("GET", "/v2/nothing"));
                break;
            case 6:
                Failing(() => Cancelled(random, client));
                break;
            case 7:
                var parcel = session.Download(70001);
                LeaveOrClose(random, parcel.OpenRead());
                LeaveOrClose(random, parcel);
                Count(Kind.Parcel);
                break;
            default:
                // Nobody waits for it, and nobody has its result.
                client.GetServerVersionAsync();
                break;
        }
    }

    private void Cancelled(Random random, EcgridClient client)
    {
        using (var cancellation = new CancellationTokenSource())
        {
            var call = client.LoginAsync("hang@example.com", "any", cancellationToken: cancellation.Token);
            Thread.SpinWait(random.Next(20000));
            cancellation.Cancel();
            call.GetAwaiter().GetResult();
        }
    }

    private void Folders(Random random, EcgridSession session)
    {
        using (var cancellation = new CancellationTokenSource())
        {
            var number = Interlocked.Increment(ref _folders);
            var inbox = session.OpenInbox(_scratch.Folder("in" + number));
            var outbox = session.OpenOutbox(_scratch.Folder("out" + number), new EcgridRoute { To = 20102 });
            var rounds = new[] { inbox.ReceiveAsync(cancellationToken: cancellation.Token), outbox.SendAsync(cancellationToken: cancellation.Token) };
            Thread.SpinWait(random.Next(20000));
            LeaveOrClose(random, inbox);
            cancellation.Cancel();
            foreach (var round in rounds)
            {
                try
                {
                    round.GetAwaiter().GetResult();
                }
                catch (EcgridCanceledException)
                {
                    // The cancel was first.
                }
            }
            LeaveOrClose(random, outbox);
        }
        Count(Kind.Folder);
    }

    private void CloseUnderACall(EcgridSession session)
    {
        var call = Task.Factory.StartNew(
            () => session.Call("GET", "/v2/users/me").Dispose(), TaskCreationOptions.LongRunning);
        session.Dispose();
        try
        {
            call.GetAwaiter().GetResult();
        }
        catch (ObjectDisposedException)
        {
            // The close was first.
        }
        Count(Kind.Closed);
    }

    private void Failing(Action action)
    {
        try
        {
            action();
            Surprise(new CheckFailed("what should have failed did not"));
        }
        catch (EcgridException error) when (
            error.Status == EcgridStatus.Forbidden || error.Status == EcgridStatus.NotFound)
        {
            Count(Kind.Error);
        }
        catch (EcgridCanceledException)
        {
            Count(Kind.Cancelled);
        }
    }

    private static void LeaveOrClose(Random random, IDisposable made)
    {
        if (random.Next(2) == 0) made.Dispose();
    }

    private void Count(Kind kind)
    {
        Interlocked.Increment(ref _counts[(int)kind]);
    }

    private void Surprise(Exception error)
    {
        lock (_surprises)
        {
            if (_surprises.Count < 5) _surprises.Add("" + error);
        }
        _isOver = true;
    }
}
