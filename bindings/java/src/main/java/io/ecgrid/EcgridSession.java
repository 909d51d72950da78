package io.ecgrid;

import java.lang.ref.Reference;
import java.util.concurrent.Executor;

/**
 * A credential that is kept valid for months and for any number of threads: the token of one login, or an API key. Made
 * by {@link EcgridClient#loginSession(String, String)} or {@link EcgridClient#sessionWithApiKey(String)}.
 *
 * <p>A token is refreshed by the first call that finds it due: when about 80 % of its lifetime are over, or earlier when what
 * is left would not last the next pause between calls, judged by the longest recent one. When no refresh can help, the session
 * logs in again if it may keep the password ({@link EcgridOptions.Builder#keepPassword(boolean)}); else it is over: every
 * call fails with {@link Status#UNAUTHENTICATED}, and only a new login helps. Where that exception has an
 * {@link EcgridException#retryAfter()}, the session will log in by itself: call again by then, and do not log in. A
 * program that may sleep for longer than a token lives keeps its sessions alive
 * ({@link EcgridOptions.Builder#keepAlive(boolean)}), keeps the password, or uses an API key.
 *
 * <p>For blocking, interrupts, futures and {@link #close()} holds what {@link EcgridClient} says. A session outlives its
 * client. Closing it does not log out.
 */
public final class EcgridSession implements AutoCloseable {
    private final NativeHandle handle;
    private final Scope scope;

    /** With its client's threads. */
    EcgridSession(long session, CallThreads threads) {
        scope = new Scope(threads);
        handle = NativeHandle.own(this, NativeHandle.Kind.SESSION, session);
    }

    /**
     * A token that is good now, for requests that the program sends itself. Refreshes first when that is due; else it
     * costs no request. A later refresh makes the token invalid: ask for each request, do not keep it.
     *
     * @return the token, the caller's to close
     * @throws EcgridException if the call fails; with {@link Status#INVALID_STATE} also for a session with an API key,
     *     which has no token
     */
    public EcgridToken token() {
        return run(SessionCalls.token());
    }

    /**
     * As {@link #token()}, on a thread of the client's own.
     *
     * @return the token to come, the caller's to close
     */
    public EcgridFuture<EcgridToken> tokenAsync() {
        return start(SessionCalls.token(), scope.threads);
    }

    /**
     * As {@link #token()}, on an executor of the caller's.
     *
     * @param executor where the call blocks a thread
     * @return the token to come, the caller's to close
     */
    public EcgridFuture<EcgridToken> tokenAsync(Executor executor) {
        return start(SessionCalls.token(), executor);
    }

    /**
     * Gets a new token now, or joins in when that is under way. Not needed for calls or {@link #token()}, which see to it
     * themselves. Cancelling ends the waiting, not the refresh.
     *
     * @throws EcgridException if the call fails
     */
    public void refresh() {
        run(SessionCalls.refresh());
    }

    /**
     * As {@link #refresh()}, on a thread of the client's own.
     *
     * @return the end of the refresh
     */
    public EcgridFuture<Void> refreshAsync() {
        return start(SessionCalls.refresh(), scope.threads);
    }

    /**
     * As {@link #refresh()}, on an executor of the caller's.
     *
     * @param executor where the call blocks a thread
     * @return the end of the refresh
     */
    public EcgridFuture<Void> refreshAsync(Executor executor) {
        return start(SessionCalls.refresh(), executor);
    }

    /**
     * Asks ECGrid about the session: {@code /userId}, {@code /login}, {@code /networkId}, {@code /mailboxId},
     * {@code /authLevel}, {@code /expiresAt}.
     *
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    public EcgridResponse info() {
        return run(SessionCalls.info());
    }

    /**
     * As {@link #info()}, on a thread of the client's own.
     *
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> infoAsync() {
        return start(SessionCalls.info(), scope.threads);
    }

    /**
     * As {@link #info()}, on an executor of the caller's.
     *
     * @param executor where the call blocks a thread
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> infoAsync(Executor executor) {
        return start(SessionCalls.info(), executor);
    }

    /**
     * Changes the account's password. Tokens live on.
     *
     * <p>ECGrid's policy is checked before anything is sent. A password that the session keeps is replaced; when the
     * outcome is unknown it is forgotten, since trying both might lock the account.
     *
     * @param current the password as it is
     * @param replacement the new one: with a lower-case letter, an upper-case letter, a digit and another character
     * @throws EcgridException if the call fails
     */
    public void changePassword(String current, String replacement) {
        run(SessionCalls.changePassword(
                Text.of("the current password", current), Text.of("the new password", replacement)));
    }

    /**
     * As {@link #changePassword(String, String)}, with passwords that can be wiped by the caller afterwards.
     *
     * @param current the password as it is; it is not changed
     * @param replacement the new one; it is not changed
     * @throws EcgridException if the call fails
     */
    public void changePassword(char[] current, char[] replacement) {
        run(SessionCalls.changePassword(
                Text.of("the current password", current), Text.of("the new password", replacement)));
    }

    /**
     * As {@link #changePassword(String, String)}, on a thread of the client's own.
     *
     * @param current the password as it is
     * @param replacement the new one
     * @return the end of the change
     */
    public EcgridFuture<Void> changePasswordAsync(String current, String replacement) {
        return start(SessionCalls.changePassword(
                Text.of("the current password", current), Text.of("the new password", replacement)), scope.threads);
    }

    /**
     * As {@link #changePassword(String, String)}, on an executor of the caller's.
     *
     * @param current the password as it is
     * @param replacement the new one
     * @param executor where the call blocks a thread
     * @return the end of the change
     */
    public EcgridFuture<Void> changePasswordAsync(String current, String replacement, Executor executor) {
        return start(SessionCalls.changePassword(
                Text.of("the current password", current), Text.of("the new password", replacement)), executor);
    }

    /**
     * As {@link #changePassword(char[], char[])}, on a thread of the client's own.
     *
     * @param current the password as it is, copied by this method
     * @param replacement the new one, copied by this method
     * @return the end of the change
     */
    public EcgridFuture<Void> changePasswordAsync(char[] current, char[] replacement) {
        return start(SessionCalls.changePassword(
                Text.of("the current password", current), Text.of("the new password", replacement)), scope.threads);
    }

    /**
     * As {@link #changePassword(char[], char[])}, on an executor of the caller's.
     *
     * @param current the password as it is, copied by this method
     * @param replacement the new one, copied by this method
     * @param executor where the call blocks a thread
     * @return the end of the change
     */
    public EcgridFuture<Void> changePasswordAsync(char[] current, char[] replacement, Executor executor) {
        return start(SessionCalls.changePassword(
                Text.of("the current password", current), Text.of("the new password", replacement)), executor);
    }

    /**
     * Makes a new API key for an account, whose old key is dead at once. A session whose own key this replaces changes
     * over to the new one. When the outcome of a failure is unknown, the old key may be dead all the same.
     *
     * @param userId the account, at least 1
     * @return the answer, the caller's to close, whose {@code getString("")} is the key: a secret
     * @throws EcgridException if the call fails
     */
    public EcgridResponse generateApiKey(long userId) {
        return run(SessionCalls.generateApiKey(userId));
    }

    /**
     * As {@link #generateApiKey(long)}, on a thread of the client's own.
     *
     * @param userId the account, at least 1
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> generateApiKeyAsync(long userId) {
        return start(SessionCalls.generateApiKey(userId), scope.threads);
    }

    /**
     * As {@link #generateApiKey(long)}, on an executor of the caller's.
     *
     * @param userId the account, at least 1
     * @param executor where the call blocks a thread
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> generateApiKeyAsync(long userId, Executor executor) {
        return start(SessionCalls.generateApiKey(userId), executor);
    }

    /**
     * Calls an endpoint of the API without a body.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query; sent as it is, so what needs percent-encoding has to have
     *     it
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    public EcgridResponse call(String method, String path) {
        return run(SessionCalls.call(method, path, null));
    }

    /**
     * Calls an endpoint of the API.
     *
     * <p>To log out, refresh, or replace the session's own password or key, use the methods for that: the session does not
     * read what passes through here. A GET is sent again after any failure that may pass, other methods only when they
     * were not sent, or refused with 429 or 503.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query; sent as it is, so what needs percent-encoding has to have
     *     it
     * @param json the body
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    public EcgridResponse call(String method, String path, String json) {
        return run(SessionCalls.call(method, path, Text.counted("the body", json)));
    }

    /**
     * As {@link #call(String, String, String)}, with a body that is UTF-8 already.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    public EcgridResponse call(String method, String path, byte[] json) {
        return run(SessionCalls.call(method, path, Text.counted("the body", json)));
    }

    /**
     * As {@link #call(String, String)}, on a thread of the client's own.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> callAsync(String method, String path) {
        return start(SessionCalls.call(method, path, null), scope.threads);
    }

    /**
     * As {@link #call(String, String)}, on an executor of the caller's.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param executor where the call blocks a thread
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> callAsync(String method, String path, Executor executor) {
        return start(SessionCalls.call(method, path, null), executor);
    }

    /**
     * As {@link #call(String, String, String)}, on a thread of the client's own.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> callAsync(String method, String path, String json) {
        return start(SessionCalls.call(method, path, Text.counted("the body", json)), scope.threads);
    }

    /**
     * As {@link #call(String, String, String)}, on an executor of the caller's.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body
     * @param executor where the call blocks a thread
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> callAsync(String method, String path, String json, Executor executor) {
        return start(SessionCalls.call(method, path, Text.counted("the body", json)), executor);
    }

    /**
     * As {@link #call(String, String, byte[])}, on a thread of the client's own.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8, copied by this method
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> callAsync(String method, String path, byte[] json) {
        return start(SessionCalls.call(method, path, Text.counted("the body", json)), scope.threads);
    }

    /**
     * As {@link #call(String, String, byte[])}, on an executor of the caller's.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8, copied by this method
     * @param executor where the call blocks a thread
     * @return the answer to come, the caller's to close
     */
    public EcgridFuture<EcgridResponse> callAsync(String method, String path, byte[] json, Executor executor) {
        return start(SessionCalls.call(method, path, Text.counted("the body", json)), executor);
    }

    /**
     * Ends the session at ECGrid and here: every further call fails with {@link Status#INVALID_STATE}. Logging out twice is
     * fine. If it fails, the session goes on, and logging out may be tried again. An API key lives on.
     *
     * @throws EcgridException if the call fails
     */
    public void logout() {
        run(SessionCalls.logout());
    }

    /**
     * As {@link #logout()}, on a thread of the client's own.
     *
     * @return the end of the session
     */
    public EcgridFuture<Void> logoutAsync() {
        return start(SessionCalls.logout(), scope.threads);
    }

    /**
     * As {@link #logout()}, on an executor of the caller's.
     *
     * @param executor where the call blocks a thread
     * @return the end of the session
     */
    public EcgridFuture<Void> logoutAsync(Executor executor) {
        return start(SessionCalls.logout(), executor);
    }

    /**
     * Ends the calls that are running now through this session, also those of an {@link EcgridFuture} that still wait for
     * their thread: each fails with {@link Status#CANCELLED}, and its outcome. The session stays usable, and a refresh
     * that is under way goes on. What hangs on these futures does not keep this method waiting.
     */
    public void cancel() {
        try {
            handle.use(session -> {
                scope.cancel(() -> NativeMethods.ecgrid_session_cancel(session));
                return null;
            });
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** For its client, which also reaches calls that run on after a close. */
    void cancelByClient() {
        handle.useIfAlive(NativeMethods::ecgrid_session_cancel);
    }

    Scope scope() {
        return scope;
    }

    /** Frees the session, when the calls that are running have ended. Does not wait for them. */
    @Override
    public void close() {
        try {
            handle.close();
        } finally {
            Reference.reachabilityFence(this);
        }
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
            return EcgridFuture.start(EcgridFuture.Cloneable.SESSION, this, handle, call, scope, executor);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
