using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

/// <summary>
/// 32 threads make objects of every kind for SECONDS, and forget every second one, while the collector runs all the time. In
/// the end no native handle is left (on Mono hardly any), and memory has not grown. Needs the library with test hooks, which
/// LD_LIBRARY_PATH and ECGRID_LIBRARY_PATH lead to.
/// </summary>
internal static class Program
{
    private const int ThreadCount = 32;
    private const long AllowedGrowth = 32 * 1024;

    // Mono's collector takes for a reference whatever looks like one on a stack, so that a few objects of tens of thousands
    // may stay until the process ends.
    private static readonly long AllowedLeft = Type.GetType("Mono.Runtime") == null ? 0 : 8;

    private static int Main()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("SECONDS") ?? "20", CultureInfo.InvariantCulture);
        var load = new Load();
        var threads = Start(load);
        Thread.Sleep(seconds * 1000 / 3);
        var early = Resident();
        var during = ecgrid_test_live_handles();
        Thread.Sleep((seconds * 1000) - (seconds * 1000 / 3));
        var late = Resident();
        load.Stop();
        foreach (var thread in threads) thread.Join();
        load.Dispose();

        int passed = 0, failed = 0;
        Action<bool, string> check = (holds, what) =>
        {
            if (holds) passed++;
            else failed++;
            if (!holds) Console.WriteLine("FAILED " + what);
        };
        foreach (var surprise in load.Surprises) check(false, surprise);
        for (var tries = 0; ecgrid_test_live_handles() != 0 && tries < 200; tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }
        var left = ecgrid_test_live_handles();
        check(during > 0, "no native handle is counted while all make some");
        check(left <= AllowedLeft, left + " native handles are left");
        check(late - early < Math.Max(AllowedGrowth, early / 4), "memory has grown from " + early + " to " + late + " KiB");
        foreach (var kind in load.Counts) check(kind.Value > 0, "there was no " + kind.Key);
        Console.WriteLine(
            "stress: " + ThreadCount + " threads, " + seconds + " s, " + GC.CollectionCount(GC.MaxGeneration)
                + " full collections: " + string.Join(", ", Shown(load.Counts)) + "; " + during
                + " handles after a third, " + left + " at the end; " + early
                + " KiB after a third, " + late + " KiB at the end");
        Console.WriteLine(passed + " passed, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }

    private static List<Thread> Start(Load load)
    {
        var threads = new List<Thread>();
        for (var i = 0; i < ThreadCount; i++)
        {
            var seed = i;
            threads.Add(new Thread(() => load.Work(seed)));
        }
        threads.Add(new Thread(load.Collect));
        foreach (var thread in threads) thread.Start();
        return threads;
    }

    private static IEnumerable<string> Shown(SortedDictionary<string, long> counts)
    {
        foreach (var kind in counts) yield return kind.Value + " " + kind.Key;
    }

    /// <summary>What of this process is in memory, in KiB.</summary>
    private static long Resident()
    {
        foreach (var line in File.ReadAllLines("/proc/self/status"))
        {
            if (!line.StartsWith("VmRSS:", StringComparison.Ordinal)) continue;
            return long.Parse(line.Substring(6).Replace("kB", "").Trim(), CultureInfo.InvariantCulture);
        }
        throw new InvalidOperationException("the system does not tell how much memory is used");
    }

    [DllImport("ecgrid", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
    private static extern long ecgrid_test_live_handles();
}
