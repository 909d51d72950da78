package io.ecgrid;

import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;

/**
 * Connections, trust and settings, shared by any number of threads: make one, keep it.
 *
 * <p>Methods that make a request block until there is a result, at most for the timeout, and throw
 * {@link EcgridException}. An interrupt does not end them: they are in native code meanwhile. A virtual thread keeps no
 * carrier meanwhile: one of the client's own platform threads makes the call
 * ({@link EcgridOptions.Builder#maxAsyncThreads(int)}). For calls that can be ended one by one, and that leave the calling
 * thread free, each has a variant that returns an {@link EcgridFuture} and runs on one of those threads, or on an executor
 * of the caller's.
 *
 * <p>{@link #close()} may be called at any time by any thread, and any number of times. Calls that are running end well,
 * and only then is the native client freed. What was made from the client lives on; the client itself then throws
 * {@link IllegalStateException}. One that is not closed is freed some time after it has become unreachable.
 */
public final class EcgridClient implements AutoCloseable {
    private final NativeHandle handle;
    private final Scope scope;

    private EcgridClient(long client, CallThreads threads) {
        scope = new Scope(threads);
        handle = NativeHandle.own(this, NativeHandle.Kind.CLIENT, client);
    }

    /**
     * Makes a client with the default options. No request is made.
     *
     * @return a client, the caller's to close
     * @throws EcgridLoadException if there is no native library
     */
    public static EcgridClient create() {
        return create(EcgridOptions.defaults());
    }

    /**
     * Makes a client. No request is made; a CA file is read.
     *
     * @param options the settings
     * @return a client, the caller's to close
     * @throws EcgridException with {@link Status#INVALID_ARGUMENT} or {@link Status#INVALID_CONFIGURATION}, if a setting
     *     cannot work
     * @throws EcgridLoadException if there is no native library
     */
    public static EcgridClient create(EcgridOptions options) {
        Objects.requireNonNull(options, "options");
        NativeLoader.load();
        CallThreads threads = options.newThreads();
        return new EcgridClient(options.newClient(), threads);
    }

    /**
     * Logs in, once. Every login opens a session at ECGrid, and an account may have few: use the token while it
     * lasts, or a session.
     *
     * @param login the user name
     * @param password the password; it is not kept
     * @return the token, the caller's to close
     * @throws EcgridException if the login fails
     */
    public EcgridToken login(String login, String password) {
        return run(login(Text.of("the user name", login), Text.of("the password", password)));
    }

    /**
     * As {@link #login(String, String)}, with a password that can be wiped by the caller afterwards.
     *
     * @param login the user name
     * @param password the password; it is not changed, and no copy is left behind
     * @return the token, the caller's to close
     * @throws EcgridException if the login fails
     */
    public EcgridToken login(String login, char[] password) {
        return run(login(Text.of("the user name", login), Text.of("the password", password)));
    }

    /**
     * As {@link #login(String, String)}, on a thread of the client's own.
     *
     * @param login the user name
     * @param password the password
     * @return the token to come, the caller's to close
     */
    public EcgridFuture<EcgridToken> loginAsync(String login, String password) {
        return start(login(Text.of("the user name", login), Text.of("the password", password)), scope.threads);
    }

    /**
     * As {@link #login(String, String)}, on an executor of the caller's.
     *
     * @param login the user name
     * @param password the password
     * @param executor where the call blocks a thread
     * @return the token to come, the caller's to close
     */
    public EcgridFuture<EcgridToken> loginAsync(String login, String password, Executor executor) {
        return start(login(Text.of("the user name", login), Text.of("the password", password)), executor);
    }

    /**
     * As {@link #login(String, char[])}, on a thread of the client's own.
     *
     * @param login the user name
     * @param password the password, copied by this method, which may be wiped when it returns
     * @return the token to come, the caller's to close
     */
    public EcgridFuture<EcgridToken> loginAsync(String login, char[] password) {
        return start(login(Text.of("the user name", login), Text.of("the password", password)), scope.threads);
    }

    /**
     * As {@link #login(String, char[])}, on an executor of the caller's.
     *
     * @param login the user name
     * @param password the password, copied by this method, which may be wiped when it returns
     * @param executor where the call blocks a thread
     * @return the token to come, the caller's to close
     */
    public EcgridFuture<EcgridToken> loginAsync(String login, char[] password, Executor executor) {
        return start(login(Text.of("the user name", login), Text.of("the password", password)), executor);
    }

    /**
     * Asks ECGrid for its version: the health check. Needs no credential.
     *
     * @return the answer, whose {@code /version} is the version
     * @throws EcgridException if the call fails
     */
    public EcgridResponse serverVersion() {
        return run(serverVersionCall());
    }

    /**
     * As {@link #serverVersion()}, on a thread of the client's own.
     *
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> serverVersionAsync() {
        return start(serverVersionCall(), scope.threads);
    }

    /**
     * As {@link #serverVersion()}, on an executor of the caller's.
     *
     * @param executor where the call blocks a thread
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> serverVersionAsync(Executor executor) {
        return start(serverVersionCall(), executor);
    }

    /**
     * Logs in, once, and makes a session of it that stays logged in.
     *
     * @param login the user name
     * @param password the password; both are kept only if {@link EcgridOptions.Builder#keepPassword(boolean)} says so
     * @return the session, the caller's to close
     * @throws EcgridException if the login fails
     */
    public EcgridSession loginSession(String login, String password) {
        return run(loginSession(Text.of("the user name", login), Text.of("the password", password), inScope()));
    }

    /**
     * As {@link #loginSession(String, String)}, with a password that can be wiped by the caller afterwards.
     *
     * @param login the user name
     * @param password the password; it is not changed, and no copy is left behind except one that the session may keep
     * @return the session, the caller's to close
     * @throws EcgridException if the login fails
     */
    public EcgridSession loginSession(String login, char[] password) {
        return run(loginSession(Text.of("the user name", login), Text.of("the password", password), inScope()));
    }

    /**
     * As {@link #loginSession(String, String)}, on a thread of the client's own.
     *
     * @param login the user name
     * @param password the password
     * @return the session to come, the caller's to close
     */
    public EcgridFuture<EcgridSession> loginSessionAsync(String login, String password) {
        return start(loginSession(Text.of("the user name", login), Text.of("the password", password), inScope()), scope.threads);
    }

    /**
     * As {@link #loginSession(String, String)}, on an executor of the caller's.
     *
     * @param login the user name
     * @param password the password
     * @param executor where the call blocks a thread
     * @return the session to come, the caller's to close
     */
    public EcgridFuture<EcgridSession> loginSessionAsync(String login, String password, Executor executor) {
        return start(loginSession(Text.of("the user name", login), Text.of("the password", password), inScope()), executor);
    }

    /**
     * As {@link #loginSession(String, char[])}, on a thread of the client's own.
     *
     * @param login the user name
     * @param password the password, copied by this method, which may be wiped when it returns
     * @return the session to come, the caller's to close
     */
    public EcgridFuture<EcgridSession> loginSessionAsync(String login, char[] password) {
        return start(loginSession(Text.of("the user name", login), Text.of("the password", password), inScope()), scope.threads);
    }

    /**
     * As {@link #loginSession(String, char[])}, on an executor of the caller's.
     *
     * @param login the user name
     * @param password the password, copied by this method, which may be wiped when it returns
     * @param executor where the call blocks a thread
     * @return the session to come, the caller's to close
     */
    public EcgridFuture<EcgridSession> loginSessionAsync(String login, char[] password, Executor executor) {
        return start(loginSession(Text.of("the user name", login), Text.of("the password", password), inScope()), executor);
    }

    /**
     * Makes a session with an API key, which does not expire: what ECGrid recommends for a service that runs for long. No
     * request is made; whether ECGrid knows the key, the first call tells.
     *
     * @param key the API key; visible ASCII
     * @return the session, the caller's to close
     * @throws EcgridException with {@link Status#INVALID_ARGUMENT} if no header can hold the key
     */
    public EcgridSession sessionWithApiKey(String key) {
        Call<EcgridSession> call = new Call<>(
                (client, frame) -> NativeMethods.ecgrid_session_with_api_key(
                        client, frame.text(0), frame.result(), frame.error()),
                inScope(), Text.of("the API key", key));
        try {
            return handle.use(call::through);
        } finally {
            call.wipe();
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Ends the calls that are running now through this client and the sessions made from it, also those of an
     * {@link EcgridFuture} that still wait for their thread: each fails with {@link Status#CANCELLED}, and its outcome.
     * The client stays usable. What hangs on these futures does not keep this method waiting.
     */
    public void cancel() {
        try {
            handle.use(client -> {
                scope.cancel(() -> NativeMethods.ecgrid_client_cancel(client));
                return null;
            });
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Frees the client, when the calls that are running have ended. Does not wait for them. */
    @Override
    public void close() {
        try {
            handle.close();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private static Call<EcgridToken> login(Text login, Text password) {
        return new Call<>(
                (client, frame) -> NativeMethods.ecgrid_client_login(
                        client, frame.text(0), frame.text(1), frame.result(), frame.error()),
                EcgridToken::new, login, password);
    }

    private static Call<EcgridResponse> serverVersionCall() {
        return new Call<>(
                (client, frame) -> NativeMethods.ecgrid_client_server_version(client, frame.result(), frame.error()),
                EcgridResponse::new);
    }

    private static Call<EcgridSession> loginSession(Text login, Text password, LongFunction<EcgridSession> result) {
        return new Call<>(
                (client, frame) -> NativeMethods.ecgrid_session_login(
                        client, frame.text(0), frame.text(1), frame.result(), frame.error()),
                result, login, password);
    }

    /** Futures of a session that wait for their thread, and a session made through a clone, are not in the native scope. */
    private LongFunction<EcgridSession> inScope() {
        Scope mine = scope;
        return session -> mine.add(new EcgridSession(session, mine.threads));
    }

    private <T> T run(Call<T> call) {
        try {
            // A future, so that a cancel reaches it while it waits for its thread; nothing hangs on that one.
            return CallThreads.areNeededHere() ? start(call, scope.threads::execute).await() : handle.use(call::through);
        } finally {
            call.wipe();
            Reference.reachabilityFence(this);
        }
    }

    private <T> EcgridFuture<T> start(Call<T> call, Executor executor) {
        try {
            return EcgridFuture.start(EcgridFuture.Cloneable.CLIENT, this, handle, call, scope, executor);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
