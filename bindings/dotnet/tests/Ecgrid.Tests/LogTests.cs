using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using Ecgrid;

/// <summary>What the library tells of its work, to whom, and for how long.</summary>
internal static class LogTests
{
    public const string ChildMode = "--log";

    /// <summary>A program that logs in without a log of its own, with one, and with none at all.</summary>
    internal static int Child()
    {
        Login(Sandbox.Options());
        Login(With(EcgridLogLevel.Info, (level, line) => Console.WriteLine(level + " " + line)));
        Login(With(EcgridLogLevel.Off, null));
        return 0;
    }

    public static void each_event_is_a_line_with_its_level()
    {
        var lines = new Lines();
        using (var client = new EcgridClient(With(EcgridLogLevel.Info, lines.Add)))
        {
            client.Login(Sandbox.Login, Sandbox.Password).Dispose();
            Check.Throws<EcgridException>(() => client.Login(Sandbox.Login, "wrong"));
        }
        var said = lines.All();
        Check.Equal(2, said.Length, "lines in " + string.Join("\n", said));
        Check.Has(said[0], "Info login call=1 user=jsmith@example.com user_id=4821 expires_in=");
        Check.Has(said[1], "Error failure call=2 status=ECGRID_UNAUTHENTICATED outcome=refused error=");
    }

    public static void lines_are_text_in_any_language()
    {
        var lines = new Lines();
        using (var client = new EcgridClient(With(EcgridLogLevel.Info, lines.Add)))
        {
            Check.Throws<EcgridException>(() => client.Login("jürgen-日本-\U0001f600@example.com", "any"));
        }
        Check.Has(lines.All()[0], "login of jürgen-日本-\U0001f600@example.com refused");
    }

    public static void a_level_tells_what_those_before_it_tell_and_nothing_above()
    {
        foreach (var level in new[] { EcgridLogLevel.Off, EcgridLogLevel.Error, EcgridLogLevel.Warn })
        {
            Check.Equal("", string.Join(" ", Events(level)), "what a login tells at " + level);
        }
        Check.Equal("login", string.Join(" ", Events(EcgridLogLevel.Info)), "what a login tells at Info");
        Check.Equal("login", string.Join(" ", Events(null)), "what a login tells without a level");
        var debug = Events(EcgridLogLevel.Debug);
        foreach (var name in new[] { "answer", "configuration", "connect", "login", "request" })
        {
            Check.That(debug.Contains(name), "no " + name + " in " + string.Join(" ", debug));
        }
    }

    public static void a_level_that_there_is_not_or_that_nobody_gets_is_refused()
    {
        foreach (var options in new[] { With((EcgridLogLevel)5, (level, line) => { }), With(EcgridLogLevel.Info, null) })
        {
            var error = Check.Throws<EcgridException>(() => new EcgridClient(options));
            Check.Equal(EcgridStatus.InvalidArgument, error.Status, "the status of: " + error.Message);
        }
        new EcgridClient(With(EcgridLogLevel.Off, null)).Dispose();
    }

    public static void what_it_throws_is_forgotten()
    {
        var thrown = 0;
        var options = With(EcgridLogLevel.Debug, (level, line) =>
        {
            Interlocked.Increment(ref thrown);
            throw new IOException("the log is full");
        });
        using (var client = new EcgridClient(options))
        {
            using (var token = client.Login(Sandbox.Login, Sandbox.Password)) Check.Equal((long?)4821, token.UserId, "UserId");
            using (Check.Done(client.LoginAsync(Sandbox.Login, Sandbox.Password)))
            {
            }
        }
        Check.That(thrown > 6, "it was called " + thrown + " times");
    }

    public static void it_may_use_the_session_that_it_is_told_of()
    {
        EcgridSession mine = null;
        string answer = null;
        var options = With(EcgridLogLevel.Info, (level, line) =>
        {
            var session = Volatile.Read(ref mine);
            if (session == null || !line.StartsWith("refresh ", StringComparison.Ordinal)) return;
            using (var me = session.Call("GET", "/v2/users/me")) Volatile.Write(ref answer, me.GetString("/userId"));
        });
        using (var client = new EcgridClient(options))
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            Volatile.Write(ref mine, session);
            session.Refresh();
            Check.Soon(() => Volatile.Read(ref answer) != null, "an answer in the log");
            Check.Equal("4821", answer, "/userId");
            session.Logout();
        }
    }

    public static void it_is_kept_as_long_as_it_may_be_called_and_no_longer()
    {
        var use = OnThreadOfItsOwn(BeginUse);
        Collect();
        Check.That(use.Kept.IsAlive, "the session's log is gone");
        OnThreadOfItsOwn(() =>
        {
            use.Session.Call("GET", "/v2/users/me").Dispose();
            Check.Has(use.Events.ToString(), "request");
            use.Session.Logout();
            use.Session.Dispose();
            use.Session = null;
            return true;
        });
        Gone(use.Kept);
    }

    public static void it_is_let_go_of_where_no_client_is_made()
    {
        foreach (var refused in new[]
        {
            new EcgridOptions { LogLevel = (EcgridLogLevel)(-1) },
            new EcgridOptions { CaFile = Path.Combine(Path.GetTempPath(), "ecgrid-no-such-file.pem") },
        })
        {
            Gone(OnThreadOfItsOwn(() =>
            {
                var lines = new Lines();
                refused.Log = lines.Add;
                Check.Throws<EcgridException>(() => new EcgridClient(refused));
                refused.Log = null;
                return new WeakReference(lines);
            }));
        }
    }

    public static void the_variables_count_without_a_log_of_ones_own()
    {
        var file = Path.Combine(Path.GetTempPath(), "ecgrid-" + Guid.NewGuid().ToString("N") + ".log");
        try
        {
            string runtime;
            using (var self = Process.GetCurrentProcess()) runtime = self.MainModule.FileName;
            var start = new ProcessStartInfo(runtime, "\"" + typeof(LogTests).Assembly.Location + "\" " + ChildMode)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            start.EnvironmentVariables["ECGRID_LOG"] = "info";
            start.EnvironmentVariables["ECGRID_LOG_FILE"] = file;
            using (var process = Process.Start(start))
            {
                var said = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                Check.Equal(0, process.ExitCode, "the exit code");
                Check.Equal(1, said.TrimEnd().Split('\n').Length, "lines in " + said);
                Check.Has(said, "Info login call=1 user=jsmith@example.com");
            }
            var written = File.ReadAllLines(file);
            Check.Equal(1, written.Length, "lines in the file");
            Check.Has(written[0], " info login call=1 user=jsmith@example.com");
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static void no_line_has_a_secret_in_it()
    {
        const string Wrong = "c4nary-P4ssword!";
        const string Key = "c4nary-k3y-0123456789abcdef";
        const string Other = "An0ther$ecret!";
        var secrets = new List<string> { Wrong, Key, Other, Sandbox.Password };
        var lines = new Lines();
        var options = With(EcgridLogLevel.Debug, lines.Add);
        options.ApiKey = Key;
        options.KeepPassword = true;
        using (var client = new EcgridClient(options))
        using (var byKey = client.OpenSessionWithApiKey(Key))
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        {
            Check.Throws<EcgridException>(() => client.Login(Sandbox.Login, Wrong));
            Check.Throws<EcgridException>(() => byKey.GetInfo());
            Check.Throws<EcgridException>(() => session.Call("GET", "/v2/users/" + Key + "?key=" + Key));
            for (var round = 0; round < 2; round++)
            {
                using (var token = session.GetToken())
                {
                    secrets.Add(token.Value);
                    session.Refused(token);
                }
            }
            session.ChangePassword(Sandbox.Password, Other);
            session.ChangePassword(Other, Sandbox.Password);
            session.Logout();
        }
        foreach (var name in new[] { "failure", "login", "refresh", "request" })
        {
            // A refresh, which is on a thread of its own, tells its lines when those who waited for it go on already.
            Check.Soon(() => lines.ToString().Contains(name), name);
        }
        foreach (var line in lines.All())
        {
            foreach (var secret in secrets)
            {
                if (line.IndexOf(secret, StringComparison.Ordinal) < 0) continue;
                throw new CheckFailed("a secret is in a line of the event " + line.Split(' ')[1]);
            }
        }
    }

    private static EcgridOptions With(EcgridLogLevel? level, Action<EcgridLogLevel, string> log)
    {
        var options = Sandbox.Options();
        options.LogLevel = level;
        options.Log = log;
        return options;
    }

    private static void Login(EcgridOptions options)
    {
        using (var client = new EcgridClient(options)) client.Login(Sandbox.Login, Sandbox.Password).Dispose();
    }

    private static List<string> Events(EcgridLogLevel? level)
    {
        var lines = new Lines();
        Login(With(level, lines.Add));
        var events = new List<string>();
        foreach (var line in lines.All()) events.Add(line.Split(' ')[1]);
        return events;
    }

    private static Use BeginUse()
    {
        var lines = new Lines();
        using (var client = new EcgridClient(With(EcgridLogLevel.Debug, new Target(lines).Add)))
        {
            return new Use { Events = lines, Session = client.OpenSession(Sandbox.Login, Sandbox.Password), Kept = lines.Target };
        }
    }

    /// <summary>Done where nothing is left on the stack that the collector might take for a reference.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T OnThreadOfItsOwn<T>(Func<T> action)
    {
        var result = default(T);
        Exception failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = action();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        if (failure != null) throw new CheckFailed("" + failure);
        return result;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static void Gone(WeakReference log)
    {
        Check.Soon(
            () =>
            {
                Collect();
                return !log.IsAlive;
            },
            "the log's end");
    }

    /// <summary>What a log was told; any thread adds to it.</summary>
    private sealed class Lines
    {
        private readonly List<string> _lines = new List<string>();

        /// <summary>Who else holds these lines, while it lives.</summary>
        public WeakReference Target { get; set; }

        public void Add(EcgridLogLevel level, string line)
        {
            lock (_lines) _lines.Add(level + " " + line);
        }

        public string[] All()
        {
            lock (_lines) return _lines.ToArray();
        }

        public override string ToString()
        {
            return string.Join("\n", All());
        }
    }

    /// <summary>What a log's delegate belongs to, and nothing else refers to.</summary>
    private sealed class Target
    {
        private readonly Lines _lines;

        public Target(Lines lines)
        {
            _lines = lines;
            lines.Target = new WeakReference(this);
        }

        public void Add(EcgridLogLevel level, string line)
        {
            _lines.Add(level, line);
        }
    }

    private sealed class Use
    {
        public Lines Events { get; set; }

        public EcgridSession Session { get; set; }

        public WeakReference Kept { get; set; }
    }
}
