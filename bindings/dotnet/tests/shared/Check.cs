using System;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;

/// <summary>A check that does not hold.</summary>
internal sealed class CheckFailed : Exception
{
    public CheckFailed(string message)
        : base(message)
    {
    }
}

/// <summary>Checks for the test programs. A test is a public static method, named for what it promises.</summary>
internal static class Check
{
    private const int LongestWait = 20000;

    /// <summary>Runs all tests of these classes, prints a line for each that fails and the count, and returns the exit code.</summary>
    public static int Run(params Type[] suites)
    {
        int passed = 0, failed = 0;
        foreach (var suite in suites)
        {
            foreach (var test in suite.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                try
                {
                    test.Invoke(null, null);
                    passed++;
                }
                catch (TargetInvocationException error)
                {
                    failed++;
                    var why = error.InnerException is CheckFailed ? error.InnerException.Message : "" + error.InnerException;
                    Console.WriteLine("FAILED " + suite.Name + "." + test.Name + ": " + why);
                }
            }
        }
        Console.WriteLine(passed + " passed, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }

    public static void That(bool holds, string what)
    {
        if (!holds) throw new CheckFailed(what);
    }

    public static void Equal<T>(T expected, T got, string what)
    {
        if (!Equals(expected, got)) throw new CheckFailed(what + " is " + got + ", not " + expected);
    }

    public static void Has(string text, string part)
    {
        if (text.IndexOf(part, StringComparison.Ordinal) < 0) throw new CheckFailed("no \"" + part + "\" in: " + text);
    }

    public static void HasNot(string text, string part)
    {
        if (text.IndexOf(part, StringComparison.Ordinal) >= 0) throw new CheckFailed("\"" + part + "\" in: " + text);
    }

    /// <summary>The exception of exactly this type that an action throws.</summary>
    public static TException Throws<TException>(Action action)
        where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException error) when (error.GetType() == typeof(TException))
        {
            return error;
        }
        catch (Exception error)
        {
            throw new CheckFailed(error.GetType() + " instead of " + typeof(TException) + ": " + error.Message);
        }
        throw new CheckFailed("nothing was thrown, not " + typeof(TException));
    }

    /// <summary>The exception of exactly this type that comes of a task.</summary>
    public static TException Fails<TException>(Task task)
        where TException : Exception
    {
        return Throws<TException>(() => Done(task));
    }

    /// <summary>Waits for a task, as <c>await</c> does.</summary>
    public static void Done(Task task)
    {
        ((IAsyncResult)task).AsyncWaitHandle.WaitOne(LongestWait);
        That(task.IsCompleted, "the task has not ended");
        task.GetAwaiter().GetResult();
    }

    public static T Done<T>(Task<T> task)
    {
        Done((Task)task);
        return task.Result;
    }

    /// <summary>Waits until something is so, which it will be soon.</summary>
    public static void Soon(Func<bool> isSo, string what)
    {
        for (var waited = 0; !isSo(); waited++)
        {
            if (waited == LongestWait / 2) throw new CheckFailed("in vain waited for: " + what);
            Thread.Sleep(2);
        }
    }
}
