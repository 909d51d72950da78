using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <summary>
    /// Settings for a client. What is null stays as it is by default. The client copies them when it is made; what they
    /// cannot be it says then. One thread at a time.
    /// </summary>
    public sealed class EcgridOptions
    {
        internal const int DefaultAsyncThreads = 64;

        private bool _fromEnvironment;
        private int _maxAsyncThreads = DefaultAsyncThreads;

        /// <summary>
        /// Where ECGrid is: https://host[:port][/path]. Default https://rest.ecgrid.io. http:// is for this machine only.
        /// </summary>
        [AllowNull, MaybeNull]
        public string BaseUrl { get; set; }

        /// <summary>
        /// The API key that is sent as X-API-Key with a login. Default: none. Visible ASCII, at most 2048 bytes.
        /// </summary>
        [AllowNull, MaybeNull]
        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public string ApiKey { get; set; }

        /// <summary>
        /// A PEM file with the authorities to trust, instead of the machine's: for a company's own, or a test server's. It is
        /// read once, when the client is made.
        /// </summary>
        [AllowNull, MaybeNull]
        public string CaFile { get; set; }

        /// <summary>
        /// An HTTP proxy to go through with CONNECT: http://[user[:password]@]host[:port], percent-encoded. "" is no proxy at
        /// all; null is none, or with <see cref="FromEnvironment"/> what the variables say.
        /// </summary>
        [AllowNull, MaybeNull]
        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public string Proxy { get; set; }

        /// <summary>
        /// Your product, such as "acme-translator/4.2", to go before the library's own in User-Agent. Visible ASCII, at most
        /// 2048 bytes.
        /// </summary>
        [AllowNull, MaybeNull]
        public string UserAgent { get; set; }

        /// <summary>
        /// For a whole call, retries and pauses included. Default 30 seconds; at least 1 millisecond: there is no call without
        /// an end. An Async call's time begins when it gets its thread.
        /// </summary>
        public TimeSpan? Timeout { get; set; }

        /// <summary>
        /// Until a connection stands: name, TCP, proxy and TLS. Default 10 seconds; at least 1 millisecond.
        /// </summary>
        public TimeSpan? ConnectTimeout { get; set; }

        /// <summary>
        /// How often a call is tried at most, 1 to 10. Default 3. A call is tried again only if it was not sent; if it was
        /// refused with 429 or 503, after the pause that the server asks for; if it changes nothing (GET); or if it is a login
        /// whose kept connection turned out dead before one byte of answer. With 1 nothing of this is tried again. A session's
        /// call that got 401 is sent again with a newer token all the same.
        /// </summary>
        public int? MaxAttempts { get; set; }

        /// <summary>
        /// The largest answer to accept, in bytes. Default 64 MiB; at least 1. That of a login or a version check may have 1 MiB
        /// at most, whatever is set here.
        /// </summary>
        public long? MaxResponseBytes { get; set; }

        /// <summary>
        /// Whether a session may keep login and password, in locked memory, to log in again by itself when its token is dead
        /// and no refresh can bring another. Default: false; such a session is over then, and says so.
        /// </summary>
        public bool KeepPassword { get; set; }

        /// <summary>
        /// Whether sessions stay logged in while nobody calls: one thread of the native library, for the whole process, then
        /// refreshes their tokens. Default: false. For programs that may sleep for longer than a token lives.
        /// </summary>
        public bool KeepAlive { get; set; }

        /// <summary>
        /// Gets what the client and its sessions tell of their work, up to <see cref="LogLevel"/>: one event at a time, its
        /// level, and its line, <c>event key=value key=value</c>. docs/log.md of the C library has every event and key. No line
        /// has a password, key or token in it. Default: the log goes where the variables ECGRID_LOG and ECGRID_LOG_FILE say,
        /// if anywhere.
        /// </summary>
        /// <remarks>
        /// Any thread may call it, several at once, also the finalizer's: it should return soon. It may use the client and its
        /// sessions; what it does there is not told. What it throws is caught and forgotten. It is kept until the client, its
        /// sessions and their connections are gone.
        /// </remarks>
        [AllowNull, MaybeNull]
        public Action<EcgridLogLevel, string> Log { get; set; }

        /// <summary>
        /// How much <see cref="Log"/> is told. Default: <see cref="EcgridLogLevel.Info"/>. <see cref="EcgridLogLevel.Off"/> tells
        /// nothing, with and without a Log, whatever the variables say; another level without a Log is refused.
        /// </summary>
        public EcgridLogLevel? LogLevel { get; set; }

        /// <summary>
        /// How many Async calls a client and its sessions may make at the same time, each on a thread of their own. Default 64;
        /// at least 1. Further calls wait for their turn. A thread that is idle for two seconds ends.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
        public int MaxAsyncThreads
        {
            get
            {
                return _maxAsyncThreads;
            }

            set
            {
                if (value < 1) throw new ArgumentOutOfRangeException(nameof(value), value, "at least one thread is needed");
                _maxAsyncThreads = value;
            }
        }

        /// <summary>
        /// Settings from the variables ECGRID_BASE_URL, ECGRID_API_KEY, ECGRID_CA_FILE, ECGRID_PROXY (or HTTPS_PROXY,
        /// ALL_PROXY and NO_PROXY) and ECGRID_TIMEOUT_MS. They are read each time a client is made; properties that are set
        /// come before them.
        /// </summary>
        /// <remarks>
        /// They are read from the environment of the process. On .NET for Linux and macOS,
        /// <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not change that: set them before the program
        /// starts, or use the properties.
        /// </remarks>
        /// <returns>New settings.</returns>
        public static EcgridOptions FromEnvironment()
        {
            return new EcgridOptions { _fromEnvironment = true };
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        internal unsafe ConfigHandle ToConfig()
        {
            var config = Begin();
            try
            {
                Set(config, BaseUrl, "base URL", NativeMethods.ecgrid_config_set_base_url);
                Set(config, ApiKey, "API key", NativeMethods.ecgrid_config_set_api_key);
                Set(config, CaFile, "CA file", NativeMethods.ecgrid_config_set_ca_file);
                Set(config, Proxy, "proxy", NativeMethods.ecgrid_config_set_proxy);
                Set(config, UserAgent, "user agent", NativeMethods.ecgrid_config_set_user_agent);
                Set(config, Milliseconds(Timeout), NativeMethods.ecgrid_config_set_timeout_ms);
                Set(config, Milliseconds(ConnectTimeout), NativeMethods.ecgrid_config_set_connect_timeout_ms);
                Set(config, MaxAttempts, NativeMethods.ecgrid_config_set_max_attempts);
                Set(config, MaxResponseBytes, NativeMethods.ecgrid_config_set_max_response_bytes);
                Set(config, KeepPassword ? 1 : (int?)null, NativeMethods.ecgrid_config_set_keep_password);
                Set(config, KeepAlive ? 1 : (int?)null, NativeMethods.ecgrid_config_set_keep_alive);
                Native.Log.Set(config, LogLevel, Log);
                return config;
            }
            catch
            {
                config.Dispose();
                throw;
            }
        }

        private unsafe delegate int SetText(ConfigHandle config, byte* text, ref IntPtr error);

        private delegate int SetNumber<TNumber>(ConfigHandle config, TNumber number, ref IntPtr error);

        private static unsafe void Set(ConfigHandle config, string value, string what, SetText set)
        {
            if (value == null) return;
            using (var text = Text.In(value, what))
            {
                var error = IntPtr.Zero;
                Failure.ThrowIf(set(config, text.Bytes, ref error), error);
            }
        }

        private static void Set<TNumber>(ConfigHandle config, TNumber? value, SetNumber<TNumber> set)
            where TNumber : struct
        {
            if (!value.HasValue) return;
            var error = IntPtr.Zero;
            Failure.ThrowIf(set(config, value.Value, ref error), error);
        }

        private static long? Milliseconds(TimeSpan? span)
        {
            return span.HasValue ? Spans.ToMilliseconds(span.Value) : (long?)null;
        }

        private ConfigHandle Begin()
        {
            ConfigHandle config;
            if (_fromEnvironment)
            {
                var error = IntPtr.Zero;
                Failure.ThrowIf(NativeMethods.ecgrid_config_from_env(out config, ref error), error);
                return config;
            }
            config = NativeMethods.ecgrid_config_new();
            if (config.IsInvalid) throw Failure.NoMemory("a client's settings");
            return config;
        }
    }
}
