using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text;
using Ecgrid;

/// <summary>
/// Logins through the binding, and the usual way, where its assembly is given: <c>Bench URL CA</c>, or
/// <c>Bench UsualWay.dll URL CA</c>. It obeys a line at a time: <c>binding N</c> and <c>usual N</c> answer with the time of
/// each login and the bytes that one allocates.
/// </summary>
static class Bench
{
    const string Login = "bench@example.com", Password = "Sup3r$ecret!";

    /// <summary>Other processes ran meanwhile.</summary>
    const int WarmUp = 20;

    // What a login brings, kept where no compiler can leave it out.
    static string value;
    static DateTimeOffset? expiresAt;
    static long? userId;

    static EcgridClient client;

    static long[] TimeBinding(int logins)
    {
        var took = new long[logins];
        for (int i = 0; i < logins; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using (var token = client.Login(Login, Password))
            {
                value = token.Value;
                expiresAt = token.ExpiresAt;
                userId = token.UserId;
            }
            took[i] = Stopwatch.GetTimestamp() - start;
            if (value.Length == 0 || expiresAt == null || userId == null) throw new InvalidOperationException("no token");
        }
        return took;
    }

    /// <summary>A delegate on a method of an assembly that this one cannot refer to.</summary>
    static Func<int, long[]> UsualWay(string assembly, string url, string ca)
    {
        var type = Assembly.LoadFrom(Path.GetFullPath(assembly)).GetType("UsualWay", true);
        var usual = Activator.CreateInstance(type, url, ca, Login, Password);
        return (Func<int, long[]>)Delegate.CreateDelegate(typeof(Func<int, long[]>), usual, type.GetMethod("Time"));
    }

    /// <summary>Of all threads; null where the runtime does not tell.</summary>
    static Func<bool, long> Allocated()
    {
        var method = typeof(GC).GetMethod("GetTotalAllocatedBytes", new[] { typeof(bool) });
        return method == null ? null : (Func<bool, long>)Delegate.CreateDelegate(typeof(Func<bool, long>), method);
    }

    static void Batch(Func<int, long[]> time, int logins, Func<bool, long> allocated)
    {
        time(WarmUp);
        long before = allocated == null ? 0 : allocated(true);
        var took = time(logins);
        double bytes = allocated == null ? 0 : (double)(allocated(true) - before) / logins;
        var line = new StringBuilder("ns");
        foreach (var ticks in took)
            line.Append(' ').Append((ticks * 1e9 / Stopwatch.Frequency).ToString("F0", CultureInfo.InvariantCulture));
        Console.Out.WriteLine(line);
        Console.Out.WriteLine("bytes " + (allocated == null ? "unknown" : bytes.ToString("F1", CultureInfo.InvariantCulture)));
        Console.Out.Flush();
    }

    static string Runtime()
    {
        var mono = Type.GetType("Mono.Runtime");
        if (mono == null) return "CoreCLR " + Environment.Version;
        var name = mono.GetMethod("GetDisplayName", BindingFlags.NonPublic | BindingFlags.Static);
        return "Mono " + ((string)name.Invoke(null, null)).Split(' ')[0];
    }

    static int Main(string[] arguments)
    {
        int first = arguments.Length - 2;
        string url = arguments[first], ca = arguments[first + 1];
        client = new EcgridClient(new EcgridOptions { BaseUrl = url, CaFile = ca });
        var usual = first > 0 ? UsualWay(arguments[0], url, ca) : null;
        var allocated = Allocated();
        Console.Out.WriteLine("runtime " + Runtime());
        Console.Out.Flush();
        for (var line = Console.In.ReadLine(); line != null; line = Console.In.ReadLine())
        {
            var words = line.Split(' ');
            Batch(words[0] == "binding" ? TimeBinding : usual, int.Parse(words[1], CultureInfo.InvariantCulture), allocated);
        }
        return 0;
    }
}
