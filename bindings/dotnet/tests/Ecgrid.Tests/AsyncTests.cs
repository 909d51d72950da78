using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>Where Async calls run. Threads are counted as Linux counts them.</summary>
internal static class AsyncTests
{
    private const int Many = 500;
    private const int Most = 64;

    // The runtime's own, which come and go with the pool and the collector.
    private const int Others = 16;

    public static void five_hundred_calls_at_once_leave_the_pool_alone_and_take_64_threads()
    {
        using (var client = Sandbox.Client())
        using (var counters = new Counters())
        using (var cancellation = new CancellationTokenSource())
        {
            var threads = Threads();
            var before = counters.Requests;
            var calls = new List<Task>();
            for (var i = 0; i < Many; i++) calls.Add(client.LoginAsync("hang@example.com", "any", cancellationToken: cancellation.Token));
            counters.Await(before, Most);

            var ran = 0;
            for (var i = 0; i < 100; i++) ThreadPool.QueueUserWorkItem(state => Interlocked.Increment(ref ran));
            Check.Soon(() => Volatile.Read(ref ran) == 100, "the pool to do its work meanwhile");
            // That so many are at work at all, the requests have shown.
            var more = Threads() - threads;
            Check.That(more <= Most + Others, "there are " + more + " threads more");
            Check.That(calls.TrueForAll(call => !call.IsCompleted), "all calls are still to come");

            cancellation.Cancel();
            var sent = 0;
            foreach (var call in calls)
            {
                if (Check.Fails<EcgridCanceledException>(call).Outcome != EcgridOutcome.NotSent) sent++;
            }
            Check.Equal(Most, sent, "the number of calls that were sent");
            Check.Equal(before + Most, counters.Requests, "requests");
        }
    }

    public static void threads_that_are_idle_end()
    {
        using (var client = Sandbox.Client())
        {
            var calls = new List<Task<EcgridToken>>();
            for (var i = 0; i < 30; i++) calls.Add(client.LoginAsync("hang@example.com", "any"));
            Check.Soon(() => Named() >= 30, "a thread for each of thirty calls");
            client.Cancel();
            foreach (var call in calls) Check.Fails<EcgridException>(call);
            // A thread of the runtime's own that one of ours has started has its name too.
            Check.Soon(() => Named() <= 3, "the threads to end");
            Check.Done(client.GetServerVersionAsync()).Dispose();
        }
    }

    public static void beyond_their_number_calls_come_one_after_the_other()
    {
        var options = Sandbox.Options();
        options.MaxAsyncThreads = 1;
        using (var client = new EcgridClient(options))
        {
            var order = new List<int>();
            var calls = new List<Task>();
            for (var i = 0; i < 5; i++)
            {
                var number = i;
                calls.Add(client.LoginAsync("slow-200@example.com", "any").ContinueWith(call =>
                {
                    call.Result.Dispose();
                    lock (order) order.Add(number);
                }));
            }
            foreach (var call in calls) Check.Done(call);
            Check.Equal("0 1 2 3 4", string.Join(" ", order), "the order");
        }
    }

    public static void what_follows_a_call_may_wait_for_the_next_one()
    {
        var options = Sandbox.Options();
        options.MaxAsyncThreads = 1;
        using (var client = new EcgridClient(options))
        {
            var version = Follow(client, () => Check.Done(client.GetServerVersionAsync()).GetString("/version"));
            Check.Equal("2.6", Check.Done(version), "the version of the second call");
        }
    }

    public static void what_follows_calls_and_takes_long_goes_to_the_pool_when_as_many_run_as_there_are_processors()
    {
        var few = Environment.ProcessorCount;
        using (var client = Sandbox.Client())
        using (var goOn = new ManualResetEvent(false))
        {
            int here = 0, elsewhere = 0;
            var all = new List<Task>();
            for (var i = 1; i <= few + 2; i++)
            {
                all.Add(Follow(client, () =>
                {
                    if (Thread.CurrentThread.IsThreadPoolThread) Interlocked.Increment(ref elsewhere);
                    else Interlocked.Increment(ref here);
                    return goOn.WaitOne();
                }));
                var begun = i;
                Check.Soon(() => Volatile.Read(ref here) + Volatile.Read(ref elsewhere) == begun, "what follows call " + begun);
            }
            Check.Equal(few, here, "the number that run on threads of calls");
            Check.Equal(2, elsewhere, "the number that run on the pool");
            Check.Done(client.GetServerVersionAsync()).Dispose();
            goOn.Set();
            foreach (var each in all) Check.Done(each);
        }
    }

    public static void what_follows_a_call_that_never_began_does_not_run_on_the_thread_that_cancels()
    {
        var options = Sandbox.Options();
        options.MaxAsyncThreads = 1;
        using (var client = new EcgridClient(options))
        using (var cancellation = new CancellationTokenSource())
        {
            var first = client.LoginAsync("hang@example.com", "any");
            var by = new List<Task<int>>();
            foreach (var call in new Task[] { client.GetServerVersionAsync(cancellationToken: cancellation.Token), client.GetServerVersionAsync() })
            {
                by.Add(call.ContinueWith(
                    ended => Thread.CurrentThread.ManagedThreadId, TaskContinuationOptions.ExecuteSynchronously));
            }
            cancellation.Cancel();
            client.Cancel();
            foreach (var thread in by)
            {
                Check.That(Check.Done(thread) != Thread.CurrentThread.ManagedThreadId, "it runs on the thread that cancels");
            }
            Check.Fails<EcgridException>(first);
        }
    }

    public static void there_is_at_least_one_thread()
    {
        Check.Throws<ArgumentOutOfRangeException>(() => new EcgridOptions { MaxAsyncThreads = 0 });
    }

    private static int Named()
    {
        var named = 0;
        foreach (var thread in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText(thread + "/comm").StartsWith("Ecgrid", StringComparison.Ordinal)) named++;
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }
        return named;
    }

    public static void a_call_ends_without_a_thread_of_the_pool()
    {
        int most, mostPorts;
        ThreadPool.GetMaxThreads(out most, out mostPorts);
        var few = Math.Max(4, Environment.ProcessorCount);
        ThreadPool.SetMaxThreads(few, mostPorts);
        try
        {
            using (var client = Sandbox.Client())
            using (var cancellation = new CancellationTokenSource())
            {
                var ended = 0;
                for (var i = 0; i < few; i++)
                {
                    var token = i % 2 == 0 ? cancellation.Token : CancellationToken.None;
                    ThreadPool.QueueUserWorkItem(state =>
                    {
                        client.GetServerVersionAsync(cancellationToken: token).Result.Dispose();
                        Interlocked.Increment(ref ended);
                    });
                }
                Check.Soon(() => Volatile.Read(ref ended) == few, "the end of calls for which the whole pool waits");
            }
        }
        finally
        {
            ThreadPool.SetMaxThreads(most, mostPorts);
        }
    }

    /// <summary>Has something run right after a call, where that ends.</summary>
    private static Task<T> Follow<T>(EcgridClient client, Func<T> what)
    {
        // So slow that the call has not ended when it is said what follows.
        return client.LoginAsync("slow-100@example.com", "any").ContinueWith(
            call =>
            {
                call.Result.Dispose();
                return what();
            },
            TaskContinuationOptions.ExecuteSynchronously);
    }

    private static int Threads()
    {
        return Directory.GetDirectories("/proc/self/task").Length;
    }
}
