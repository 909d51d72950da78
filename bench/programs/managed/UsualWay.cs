using System;
using System.Diagnostics;
using System.Net.Http;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;

/// <summary>
/// Logins with HttpClient and System.Text.Json. An assembly of its own, as it is compiled against .NET 8's own
/// assemblies: Mono has no such JSON.
/// </summary>
public sealed class UsualWay
{
    sealed class Credentials
    {
        public string Login { get; set; }
        public string Password { get; set; }
    }

    sealed class Envelope
    {
        public bool Success { get; set; }
        public Data Data { get; set; }
    }

    sealed class Data
    {
        public string Token { get; set; }
        public DateTimeOffset ExpiresAt { get; set; }
        public long UserId { get; set; }
    }

    readonly HttpClient client;
    readonly string login, password;

    /// <summary>What a login brings, kept where no compiler can leave it out.</summary>
    public object Seen { get; private set; }

    public UsualWay(string url, string ca, string login, string password)
    {
        var chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        chain.CustomTrustStore.ImportFromPemFile(ca);
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = chain;
        client = new HttpClient(handler) { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Add("Accept", "application/json");
        client.DefaultRequestHeaders.Add("User-Agent", "bench/1");
        this.login = login;
        this.password = password;
    }

    /// <summary>The time of each login, in ticks of the stopwatch.</summary>
    public long[] Time(int logins)
    {
        return TimeAsync(logins).GetAwaiter().GetResult();
    }

    async Task<long[]> TimeAsync(int logins)
    {
        var took = new long[logins];
        for (int i = 0; i < logins; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Seen = await LogInAsync().ConfigureAwait(false);
            took[i] = Stopwatch.GetTimestamp() - start;
        }
        return took;
    }

    async Task<Data> LogInAsync()
    {
        var body = JsonContent.Create(new Credentials { Login = login, Password = password });
        using (var response = await client.PostAsync("/v2/auth/login", body).ConfigureAwait(false))
        {
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<Envelope>().ConfigureAwait(false);
            if (!answer.Success || answer.Data.Token.Length == 0 || answer.Data.UserId == 0)
                throw new InvalidOperationException("no token in the answer");
            return answer.Data;
        }
    }
}
