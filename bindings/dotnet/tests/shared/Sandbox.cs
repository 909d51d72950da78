using System;
using Ecgrid;

/// <summary>The sandbox that the driver of the tests has started.</summary>
internal static class Sandbox
{
    public const string Login = "jsmith@example.com";
    public const string Password = "Sup3r$ecret!";

    public static string Http
    {
        get { return Variable("SANDBOX_HTTP"); }
    }

    public static string Https
    {
        get { return Variable("SANDBOX_HTTPS"); }
    }

    public static string Variable(string name)
    {
        var value = Environment.GetEnvironmentVariable(name);
        if (string.IsNullOrEmpty(value))
        {
            throw new InvalidOperationException("the tests need a sandbox: " + name + " is not set; see README.md");
        }
        return value;
    }

    public static EcgridOptions Options()
    {
        return new EcgridOptions { BaseUrl = Http, Timeout = TimeSpan.FromSeconds(20), MaxAttempts = 1 };
    }

    public static EcgridClient Client()
    {
        return new EcgridClient(Options());
    }
}

/// <summary>Asks a sandbox what it has counted, without being counted.</summary>
internal sealed class Counters : IDisposable
{
    public static readonly string[] Names =
    {
        "logins", "refreshes", "refusedRefreshes", "logouts", "unauthorized", "requests", "uploads", "downloads",
        "confirmations", "repeatedConfirmations",
    };

    private readonly EcgridSession _control;
    private readonly EcgridClient _client;

    public Counters(EcgridOptions options)
    {
        _client = new EcgridClient(options);
        // The counters want no credential, but sessions are what calls are made with.
        _control = _client.OpenSessionWithApiKey("control");
    }

    public Counters()
        : this(Sandbox.Options())
    {
    }

    public long this[string name]
    {
        get
        {
            using (var counters = _control.Call("GET", "/v2/sandbox/counters")) return counters.GetInt64("/" + name, -1);
        }
    }

    public long Requests
    {
        get { return this["requests"]; }
    }

    /// <summary>Waits until so many requests have come since then.</summary>
    public void Await(long before, int more)
    {
        Check.Soon(() => Requests >= before + more, more + " requests at the sandbox");
    }

    public void Dispose()
    {
        _control.Dispose();
        _client.Dispose();
    }
}
