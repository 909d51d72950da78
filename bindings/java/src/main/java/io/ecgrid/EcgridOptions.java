package io.ecgrid;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * Settings for a client. Immutable; what is not set has the native library's default.
 *
 * <p>Nothing is checked here: what a setting cannot take, {@link EcgridClient#create(EcgridOptions)} refuses with
 * {@link Status#INVALID_ARGUMENT}, and what turns out not to work with {@link Status#INVALID_CONFIGURATION}.
 */
public final class EcgridOptions {
    private static final EcgridOptions DEFAULTS = builder().build();

    private final boolean fromEnvironment;
    private final List<Setting> settings;
    private final int maxAsyncThreads;
    private final Executor executor;
    private final Setting log;

    private EcgridOptions(Builder builder) {
        fromEnvironment = builder.fromEnvironment;
        settings = new ArrayList<>(builder.settings);
        maxAsyncThreads = builder.maxAsyncThreads;
        executor = builder.executor;
        log = builder.log;
    }

    /**
     * The defaults: {@code https://rest.ecgrid.io}, this machine's authorities, no {@code ECGRID_...} variable.
     * {@code SSL_CERT_FILE} stands for the machine's authorities, if it is set.
     *
     * @return options with nothing set
     */
    public static EcgridOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Begins with the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Tells nothing: a proxy's password and an API key are among the settings. */
    @Override
    public String toString() {
        return "EcgridOptions[" + settings.size() + " set" + (fromEnvironment ? ", environment" : "") + "]";
    }

    /** Makes a native client. The caller owns it. */
    long newClient() {
        long config;
        try (Frame frame = new Frame()) {
            if (fromEnvironment) {
                frame.check(NativeMethods.ecgrid_config_from_env(frame.result(), frame.error()));
                config = frame.takeResult();
            } else {
                config = NativeMethods.ecgrid_config_new();
            }
        }
        if (config == 0) {
            throw EcgridException.noMemory("the settings of a client");
        }
        try {
            for (Setting setting : settings) {
                setting.apply(config);
            }
            log.apply(config);
            try (Frame frame = new Frame()) {
                frame.check(NativeMethods.ecgrid_client_new(config, frame.result(), frame.error()));
                return frame.takeResult();
            }
        } finally {
            NativeMethods.ecgrid_config_free(config);
        }
    }

    /** The threads of a client. */
    CallThreads newThreads() {
        if (maxAsyncThreads < 1) {
            throw EcgridException.invalidArgument(
                    "a client has at least one thread for calls, not " + maxAsyncThreads);
        }
        return new CallThreads(maxAsyncThreads, executor);
    }

    /** Whole milliseconds: what is less than one is not nothing, and what is too long for a number is the longest. */
    static long millis(Duration duration) {
        if (duration.isNegative()) {
            return duration.getSeconds() == Long.MIN_VALUE ? Long.MIN_VALUE : -millis(duration.negated());
        }
        try {
            return duration.plusNanos(999_999).toMillis();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    private interface Setting {
        void apply(long config);
    }

    private interface TextSetter {
        int set(long config, long text, long error);
    }

    private interface NumberSetter {
        int set(long config, long number, long error);
    }

    /** Collects settings; of one that is set twice the later counts. For one thread at a time. */
    public static final class Builder {
        private boolean fromEnvironment;
        private final List<Setting> settings = new ArrayList<>();
        private int maxAsyncThreads = CallThreads.MOST;
        private Executor executor;
        private Setting log = Log::toSystemLogger;

        private Builder() {}

        /**
         * Starts from the environment, as it was when Java was started, instead of the defaults: {@code ECGRID_BASE_URL},
         * {@code ECGRID_API_KEY}, {@code ECGRID_CA_FILE}, {@code ECGRID_PROXY} ({@code HTTPS_PROXY}, {@code ALL_PROXY},
         * {@code NO_PROXY}) and {@code ECGRID_TIMEOUT_MS}. What is set here counts more.
         *
         * @return this builder
         */
        public Builder fromEnvironment() {
            fromEnvironment = true;
            return this;
        }

        /**
         * Where ECGrid is. Default {@code https://rest.ecgrid.io}.
         *
         * @param url {@code https://host[:port][/path]}; {@code http://} to this machine only
         * @return this builder
         */
        public Builder baseUrl(String url) {
            return text("the base URL", url, NativeMethods::ecgrid_config_set_base_url);
        }

        /**
         * The API key that is sent as {@code X-API-Key} with a login. Default: none.
         *
         * @param key visible ASCII
         * @return this builder
         */
        public Builder apiKey(String key) {
            return text("the API key", key, NativeMethods::ecgrid_config_set_api_key);
        }

        /**
         * The authorities to trust instead of this machine's: for a company's own, or a test server's. Read when a client
         * is made, once. Java's own trust store plays no part.
         *
         * @param pemFile a PEM file of certificates
         * @return this builder
         */
        public Builder caFile(Path pemFile) {
            return caFile(pemFile.toString());
        }

        /**
         * As {@link #caFile(Path)}, for a name that the platform's encoding of file names may not have.
         *
         * @param pemFile the name of a PEM file of certificates
         * @return this builder
         */
        public Builder caFile(String pemFile) {
            return text("the CA file", pemFile, NativeMethods::ecgrid_config_set_ca_file);
        }

        /**
         * An HTTP proxy for every connection. Default: none. Java's own proxy settings play no part.
         *
         * @param url {@code http://[user:password@]host[:port]}, percent-encoded; {@code ""} is no proxy at all
         * @return this builder
         */
        public Builder proxy(String url) {
            return text("the proxy", url, NativeMethods::ecgrid_config_set_proxy);
        }

        /**
         * Your product, to go before the library's own in {@code User-Agent}.
         *
         * @param product such as {@code acme-translator/4.2}; visible ASCII
         * @return this builder
         */
        public Builder userAgent(String product) {
            return text("the user agent", product, NativeMethods::ecgrid_config_set_user_agent);
        }

        /**
         * How long a whole call may take, retries included. Default 30 seconds.
         *
         * @param total at least a millisecond
         * @return this builder
         */
        public Builder timeout(Duration total) {
            return number(millis(total), NativeMethods::ecgrid_config_set_timeout_ms);
        }

        /**
         * How long until a connection stands: name, TCP, proxy and TLS. Default 10 seconds.
         *
         * @param connect at least a millisecond
         * @return this builder
         */
        public Builder connectTimeout(Duration connect) {
            return number(millis(connect), NativeMethods::ecgrid_config_set_connect_timeout_ms);
        }

        /**
         * How often a call is tried at most. Default 3; with 1 nothing is tried again.
         *
         * <p>A call is tried again only if it was not sent; if it was refused with 429 or 503, after the pause that the server
         * asks for; if it only reads (a GET, a list); or if it is a login whose kept connection turned out dead before one byte of
         * answer.
         *
         * @param attempts 1 to 10
         * @return this builder
         */
        public Builder maxAttempts(int attempts) {
            return number(attempts, (config, number, error) ->
                    NativeMethods.ecgrid_config_set_max_attempts(config, (int) number, error));
        }

        /**
         * The largest answer to accept. Default 64 MiB; that of a login or a version check may have 1 MiB at most, whatever is
         * set here.
         *
         * @param bytes at least 1
         * @return this builder
         */
        public Builder maxResponseBytes(long bytes) {
            return number(bytes, NativeMethods::ecgrid_config_set_max_response_bytes);
        }

        /**
         * Whether sessions may keep user name and password, in locked memory, to log in again by themselves. Default:
         * they may not, and a session whose token can no longer be refreshed is over.
         *
         * @param keep true, and they may
         * @return this builder
         */
        public Builder keepPassword(boolean keep) {
            return number(keep ? 1 : 0, (config, number, error) ->
                    NativeMethods.ecgrid_config_set_keep_password(config, (int) number, error));
        }

        /**
         * Whether sessions stay logged in while nobody calls: one thread of the native library, for the whole process, then
         * refreshes their tokens. Default: they do not. For programs that may sleep for longer than a token lives.
         *
         * @param keep true, and they do
         * @return this builder
         */
        public Builder keepAlive(boolean keep) {
            return number(keep ? 1 : 0, (config, number, error) ->
                    NativeMethods.ecgrid_config_set_keep_alive(config, (int) number, error));
        }

        /**
         * How many calls of a client and its sessions run at once on platform threads of its own: those that are started without
         * an {@link #executor(Executor)}, and those of virtual threads. Default 64. Further calls wait for their turn, first
         * come first served, and their timeout begins with it. What hangs on a future runs on such a thread too, and is not
         * counted. A thread that is idle for two seconds ends.
         *
         * @param threads at least 1
         * @return this builder
         */
        public Builder maxAsyncThreads(int threads) {
            maxAsyncThreads = threads;
            return this;
        }

        /**
         * Where the calls of the methods run whose name ends in {@code Async}. Each blocks a thread of it, which then
         * completes the call's future. Default: the client's own threads.
         *
         * @param executor stays the program's
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Where the client tells what it does, a line an event, without secrets: {@code docs/log.md} has them all. Default: the
         * {@link System.Logger} {@code io.ecgrid}, at the level that it has when the client is made; or the file that
         * {@code ECGRID_LOG_FILE} names, if {@code ECGRID_LOG} is set.
         *
         * <p>For another logger: {@code log(Level.DEBUG, logger::log)}.
         *
         * @param level how much it tells: DEBUG each step, INFO a line for each login, refresh and retry; OFF nothing
         * @param function gets each line, and its level. Any thread may call it, several at once. It may use the library; what
         *     it does there is not told. What it throws is caught and forgotten. It is kept until the client, its sessions and
         *     their connections are gone
         * @return this builder
         */
        public Builder log(System.Logger.Level level, BiConsumer<System.Logger.Level, String> function) {
            Objects.requireNonNull(level, "level");
            Objects.requireNonNull(function, "function");
            log = config -> Log.to(config, level, function);
            return this;
        }

        /**
         * Takes what was set so far.
         *
         * @return the options
         */
        public EcgridOptions build() {
            return new EcgridOptions(this);
        }

        private Builder text(String what, String value, TextSetter setter) {
            Objects.requireNonNull(value, what);
            settings.add(config -> Call.ofNothing(
                    (handle, frame) -> setter.set(handle, frame.text(0), frame.error()), Text.of(what, value))
                    .through(config));
            return this;
        }

        private Builder number(long value, NumberSetter setter) {
            settings.add(config -> Call.ofNothing((handle, frame) -> setter.set(handle, value, frame.error()))
                    .through(config));
            return this;
        }
    }
}
