using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;
using Ecgrid.Calls;
using Ecgrid.Native;

/// <summary>
/// Calls by many callers, through the binding and the usual way: HttpClient and System.Text.Json. <c>Callers URL CA</c>
/// obeys a line at a time: <c>WAY MODE CALLERS CALLS</c> answers with the time of one call and the processor's, of all
/// threads of the process, in nanoseconds. WAY is binding, usual, or floor: an empty call that is handed to a thread of the
/// binding's, and back.
/// </summary>
static class Callers
{
    const string Me = "/v2/users/me";

    static EcgridSession session;
    static HttpClient http;
    static readonly CallThreads Threads = new CallThreads(64);

    // Kept where no compiler can leave it out.
    static long seen;

    sealed class Envelope
    {
        public bool Success { get; set; }
        public User Data { get; set; }
    }

    sealed class User
    {
        public long UserId { get; set; }
        public string Login { get; set; }
    }

    static void Take(long userId)
    {
        if (userId != 4821) throw new InvalidOperationException("no user in the answer");
        seen = userId;
    }

    static void BindingCall()
    {
        using var me = session.Call("GET", Me);
        Take(me.GetInt64("/userId", 0));
    }

    static async Task BindingCallAsync()
    {
        using var me = await session.CallAsync("GET", Me).ConfigureAwait(false);
        Take(me.GetInt64("/userId", 0));
    }

    static void UsualCall()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Me);
        using var response = http.Send(request);
        response.EnsureSuccessStatusCode();
        using var stream = response.Content.ReadAsStream();
        Take(JsonSerializer.Deserialize<Envelope>(stream, JsonSerializerOptions.Web).Data.UserId);
    }

    static async Task UsualCallAsync()
    {
        Take((await http.GetFromJsonAsync<Envelope>(Me).ConfigureAwait(false)).Data.UserId);
    }

    static void Blocking(Action call, int callers, int calls)
    {
        var threads = Enumerable.Range(0, callers).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < calls; i++) call();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    static void Async(Func<Task> call, int callers, int calls)
    {
        async Task Loop()
        {
            for (var i = 0; i < calls; i++) await call().ConfigureAwait(false);
        }
        Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(Loop))).GetAwaiter().GetResult();
    }

    static Task Empty()
    {
        return new QueuedCall<ClientHandle, bool>(client => true, new(null, null, false, []), CancellationToken.None).Start(Threads);
    }

    static void Run(string what, int callers, int calls)
    {
        switch (what)
        {
            case "binding blocking": Blocking(BindingCall, callers, calls); break;
            case "binding async": Async(BindingCallAsync, callers, calls); break;
            case "usual blocking": Blocking(UsualCall, callers, calls); break;
            case "usual async": Async(UsualCallAsync, callers, calls); break;
            case "floor async": Async(Empty, callers, calls); break;
            default: throw new ArgumentException(what);
        }
    }

    static void Start(string url, string ca)
    {
        var client = new EcgridClient(new EcgridOptions { BaseUrl = url, CaFile = ca });
        session = client.OpenSession("bench@example.com", "Sup3r$ecret!");
        var chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        chain.CustomTrustStore.ImportFromPemFile(ca);
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = chain;
        http = new HttpClient(handler) { BaseAddress = new Uri(url) };
        using var token = session.GetToken();
        http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(token.HeaderValue);
        http.DefaultRequestHeaders.Add("Accept", "application/json");
        http.DefaultRequestHeaders.Add("User-Agent", "bench/1");
    }

    static void Main(string[] arguments)
    {
        Start(arguments[0], arguments[1]);
        Console.WriteLine("runtime .NET " + Environment.Version);
        for (var line = Console.ReadLine(); line != null; line = Console.ReadLine())
        {
            var words = line.Split(' ');
            int callers = int.Parse(words[2], CultureInfo.InvariantCulture);
            int each = Math.Max(1, int.Parse(words[3], CultureInfo.InvariantCulture) / callers);
            var cpu = Environment.CpuUsage.TotalTime;
            var start = Stopwatch.GetTimestamp();
            Run(words[0] + " " + words[1], callers, each);
            var took = Stopwatch.GetElapsedTime(start);
            cpu = Environment.CpuUsage.TotalTime - cpu;
            double calls = (double)callers * each;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"call {took.TotalNanoseconds / calls:F0} {cpu.TotalNanoseconds / calls:F0}"));
        }
    }
}
