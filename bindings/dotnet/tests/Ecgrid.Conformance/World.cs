using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>What a case has made: a slot for each kind of object, and perhaps a step on another thread.</summary>
internal sealed partial class World : IDisposable
{
    private readonly Dictionary<string, IDisposable> _slots = new Dictionary<string, IDisposable>();
    private readonly Dictionary<string, long> _counted = new Dictionary<string, long>();
    private CancellationTokenSource _cancellation = new CancellationTokenSource();
    private Counters _counters;
    private Step _started;
    private Task<Result> _running;
    private string _tokenValue = "";

    public void Play(Step step)
    {
        switch (step.Verb)
        {
            case "start":
                Start(step.Rest(), () => Task.Factory.StartNew(
                    () => Try(() => Make(step.Rest())), TaskCreationOptions.LongRunning));
                break;
            case "start-cancellable":
                _cancellation.Dispose();
                _cancellation = new CancellationTokenSource();
                Start(step.Rest(), () => TryAsync(() => MakeAsync(step.Rest(), _cancellation.Token)));
                break;
            case "finish":
                Conclude(_started, step, Check.Done(_running));
                break;
            case "cancelled":
                Conclude(step.Rest(), step, Try(() => Make(step.Rest(), null, new CancellationToken(true))));
                break;
            case "within":
                var timeout = TimeSpan.FromMilliseconds(Number(step.Words[1]));
                Conclude(step.Rest().Rest(), step, Try(() => Make(step.Rest().Rest(), timeout)));
                break;
            case "cancel":
                Cancel(step.Words[1]);
                break;
            case "close":
                Slot<IDisposable>(step.Words[1]).Dispose();
                break;
            case "look":
                Expect.All(step, step, Try(() => Look(Slot<IDisposable>(step.Words[1]))), _tokenValue);
                break;
            case "pause":
                Thread.Sleep(int.Parse(step.Words[1], CultureInfo.InvariantCulture));
                break;
            case "server":
                CompareCounters(step);
                break;
            case "route":
                _route = Route(step);
                break;
            case "file":
                Files.Write(step.Words[1], step.Words[2]);
                break;
            case "holds":
                Files.Hold(step.Words[1], step.Words.GetRange(2, step.Words.Count - 2));
                break;
            case "reads":
                Files.Read(step.Words[1], step.Words[2]);
                break;
            default:
                Conclude(step, step, Try(() => Make(step)));
                break;
        }
    }

    public void Dispose()
    {
        if (_running != null) ((IAsyncResult)_running).AsyncWaitHandle.WaitOne();
        foreach (var slot in _slots.Values) slot.Dispose();
        if (_counters != null) _counters.Dispose();
        _cancellation.Dispose();
    }

    private static Result Try(Func<object> action)
    {
        try
        {
            return new Result { Made = action() };
        }
        catch (EcgridException error)
        {
            return new Result { Error = error };
        }
        catch (EcgridCanceledException error)
        {
            return new Result { Error = (EcgridException)error.InnerException };
        }
        catch (ObjectDisposedException)
        {
            return new Result { IsClosed = true };
        }
    }

    private static async Task<Result> TryAsync(Func<Task<object>> action)
    {
        object made;
        try
        {
            made = await action();
        }
        catch (Exception error)
        {
            return Try(() => { throw error; });
        }
        return new Result { Made = made };
    }

    private static async Task<object> Made<T>(Task<T> call)
        where T : IDisposable
    {
        return await call;
    }

    private static object Nothing(Action action)
    {
        action();
        return null;
    }

    private static IDisposable Look(IDisposable made)
    {
        // Closed, it must say so.
        if (made is EcgridToken) Check.That(((EcgridToken)made).Value.Length > 0, "a token is empty");
        if (made is EcgridParcel) Check.That(((EcgridParcel)made).Id != 0, "a parcel has no id");
        if (made is EcgridResponse) Check.That(((EcgridResponse)made).HttpStatus != 0, "a response has no status");
        return made;
    }

    private object Make(Step step, TimeSpan? timeout = null, CancellationToken token = default(CancellationToken))
    {
        var words = step.Words;
        switch (step.Verb)
        {
            case "client":
                return MakeClient(step);
            case "login":
                return Client.Login(words[1], words[2], timeout, token);
            case "default-login":
                return EcgridToken.Login(words[1], words[2]);
            case "version":
                return Client.GetServerVersion(timeout, token);
            case "session":
                return Client.OpenSession(words[1], words[2], timeout, token);
            case "key-session":
                return Client.OpenSessionWithApiKey(words[1]);
            case "token":
                return Session.GetToken(timeout, token);
            case "refused":
                return Nothing(() => Session.Refused(Slot<EcgridToken>("token")));
            case "refresh":
                return Nothing(() => Session.Refresh(timeout, token));
            case "logout":
                return Nothing(() => Session.Logout(timeout, token));
            case "info":
                return Session.GetInfo(timeout, token);
            case "change-password":
                return Nothing(() => Session.ChangePassword(words[1], words[2], timeout, token));
            case "generate-key":
                return Session.GenerateApiKey(long.Parse(words[1], CultureInfo.InvariantCulture), timeout, token);
            case "call":
                return Session.Call(words[1], words[2], words.Count > 3 ? words[3] : null, timeout, token);
            default:
                return MakeOfParcels(step, timeout, token);
        }
    }

    private Task<object> MakeAsync(Step step, CancellationToken token)
    {
        var words = step.Words;
        switch (step.Verb)
        {
            case "login":
                return Made(Client.LoginAsync(words[1], words[2], null, token));
            case "session":
                return Made(Client.OpenSessionAsync(words[1], words[2], null, token));
            case "call":
                return Made(Session.CallAsync(words[1], words[2], words.Count > 3 ? words[3] : null, null, token));
            default:
                return MakeOfParcelsAsync(step, token);
        }
    }

    private EcgridClient Client
    {
        get { return Slot<EcgridClient>("client"); }
    }

    private EcgridSession Session
    {
        get { return Slot<EcgridSession>("session"); }
    }

    private T Slot<T>(string name)
        where T : IDisposable
    {
        if (!_slots.ContainsKey(name)) throw new CheckFailed("no " + name + " was made");
        return (T)_slots[name];
    }

    private static long Number(string value)
    {
        return long.Parse(value, CultureInfo.InvariantCulture);
    }

    private void TakeControl(string url)
    {
        if (_counters != null) _counters.Dispose();
        _counters = new Counters(new EcgridOptions { BaseUrl = url, CaFile = Sandbox.Variable("SANDBOX_CA"), MaxAttempts = 1 });
        _counted.Clear();
        try
        {
            foreach (var counter in Counters.Names) _counted[counter] = _counters[counter];
        }
        catch (EcgridException)
        {
            // Nobody is there, or nobody to be trusted: then no step asks for its counters either.
        }
    }

    private void CompareCounters(Step step)
    {
        for (var i = 1; i < step.Words.Count; i++)
        {
            var pair = step.Words[i].Split('=');
            Check.That(_counted.ContainsKey(pair[0]), "there is no counter " + pair[0]);
            Check.Equal(Number(pair[1]), _counters[pair[0]] - _counted[pair[0]], pair[0]);
        }
    }

    private void Start(Step step, Func<Task<Result>> begin)
    {
        var before = _counters.Requests;
        _started = step;
        _running = begin();
        _counters.Await(before, 1);
    }

    private void Cancel(string what)
    {
        if (what == "client") Client.Cancel();
        else if (what == "session") Session.Cancel();
        else if (what == "inbox") Inbox.Cancel();
        else if (what == "outbox") Outbox.Cancel();
        else _cancellation.Cancel();
    }

    /// <summary>Compares, and puts what was made into its slot.</summary>
    private void Conclude(Step step, Step expecting, Result result)
    {
        Expect.All(step, expecting, result, _tokenValue);
        var made = result.Made as IDisposable;
        if (made == null) return;
        var name = made.GetType().Name.Replace("Ecgrid", "").ToLowerInvariant();
        IDisposable before;
        if (_slots.TryGetValue(name, out before)) before.Dispose();
        _slots[name] = made;
        var token = made as EcgridToken;
        if (token != null) _tokenValue = token.Value;
    }
}
