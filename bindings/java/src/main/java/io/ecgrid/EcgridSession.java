package io.ecgrid;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A credential that is kept valid for months and for any number of threads: the token of one login, or an API key. Made
 * by {@link EcgridClient#loginSession(String, char[])} or {@link EcgridClient#sessionWithApiKey(String)}.
 *
 * <p>A token is refreshed by the first call that finds it due: when about 80 % of its lifetime are over, or earlier when what
 * is left would not last the next pause between calls, judged by the longest recent one. When no refresh can help, the session
 * logs in again if it may keep the password ({@link EcgridOptions.Builder#keepPassword(boolean)}); else it is over: every
 * call fails with {@link Status#UNAUTHENTICATED}, and only a new login helps. Where that exception has an
 * {@link EcgridException#retryAfter()}, the session will log in by itself: call again by then, and do not log in. A
 * program that may sleep for longer than a token lives keeps its sessions alive
 * ({@link EcgridOptions.Builder#keepAlive(boolean)}), keeps the password, or uses an API key.
 *
 * <p>For blocking, interrupts, threads, fakes and {@link #close()} holds what {@link EcgridClient} says. A session outlives
 * its client. Closing it does not log out.
 */
public interface EcgridSession extends AutoCloseable {
    /**
     * A token that is good now, for requests that the program sends itself; of a session with an API key, the key.
     * Refreshes first when that is due; else it costs no request. A later refresh makes the token invalid: ask for each request, do not keep it.
     *
     * @return the token, the caller's to close
     * @throws EcgridException if the call fails
     */
    EcgridToken token();

    /**
     * Tells the session that ECGrid answered 401 to a request of the program's own with that token. No request is made
     * now: the next {@link #token()} is a better one, or says why there is none; it is the same where ECGrid says that it
     * is good. A token that is not, or no longer, the session's own changes nothing, nor does an API key.
     *
     * @param token the token that was refused
     * @throws EcgridException if the session belongs to the parent of this process
     */
    void refused(EcgridToken token);

    /**
     * Starts {@link #token()}.
     *
     * @return the call, whose token is the caller's to close
     */
    default EcgridCall<EcgridToken> tokenAsync() {
        return EcgridCall.of(this::token);
    }

    /**
     * Gets a new token now, or joins in when that is under way. Not needed for calls or {@link #token()}, which see to it
     * themselves. Cancelling ends the waiting, not the refresh.
     *
     * @throws EcgridException if the call fails
     */
    void refresh();

    /**
     * Starts {@link #refresh()}.
     *
     * @return the call
     */
    default EcgridCall<Void> refreshAsync() {
        return EcgridCall.of(() -> {
            refresh();
            return null;
        });
    }

    /**
     * Asks ECGrid about the session: {@code /userId}, {@code /login}, {@code /networkId}, {@code /mailboxId},
     * {@code /authLevel}, {@code /expiresAt}.
     *
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    EcgridResponse info();

    /**
     * Starts {@link #info()}.
     *
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> infoAsync() {
        return EcgridCall.of(this::info);
    }

    /**
     * Changes the account's password. Tokens live on.
     *
     * <p>ECGrid's policy is checked before anything is sent. A password that the session keeps is replaced; when the
     * outcome is unknown it is forgotten, since trying both might lock the account.
     *
     * @param current the password as it is, which may be wiped by the caller afterwards; it is not changed
     * @param replacement the new one, likewise: with a lower-case letter, an upper-case letter, a digit and another
     *     character
     * @throws EcgridException if the call fails
     */
    void changePassword(char[] current, char[] replacement);

    /**
     * As {@link #changePassword(char[], char[])}, with passwords that cannot be wiped.
     *
     * @param current the password as it is
     * @param replacement the new one
     * @throws EcgridException if the call fails
     */
    default void changePassword(String current, String replacement) {
        changePassword(Text.chars("the current password", current), Text.chars("the new password", replacement));
    }

    /**
     * Starts {@link #changePassword(char[], char[])}.
     *
     * @param current the password as it is, copied by this method
     * @param replacement the new one, copied by this method
     * @return the call
     */
    default EcgridCall<Void> changePasswordAsync(char[] current, char[] replacement) {
        return EcgridCall.of(() -> {
            changePassword(current, replacement);
            return null;
        });
    }

    /**
     * Starts {@link #changePassword(String, String)}.
     *
     * @param current the password as it is
     * @param replacement the new one
     * @return the call
     */
    default EcgridCall<Void> changePasswordAsync(String current, String replacement) {
        return changePasswordAsync(
                Text.chars("the current password", current), Text.chars("the new password", replacement));
    }

    /**
     * Makes a new API key for an account, whose old key is dead at once. A session whose own key this replaces changes
     * over to the new one. When the outcome of a failure is unknown, the old key may be dead all the same.
     *
     * @param userId the account, at least 1
     * @return the answer, the caller's to close, whose {@code getString("")} is the key: a secret
     * @throws EcgridException if the call fails
     */
    EcgridResponse generateApiKey(long userId);

    /**
     * Starts {@link #generateApiKey(long)}.
     *
     * @param userId the account, at least 1
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> generateApiKeyAsync(long userId) {
        return EcgridCall.of(() -> generateApiKey(userId));
    }

    /**
     * Calls an endpoint of the API.
     *
     * <p>To log out, refresh, or replace the session's own password or key, use the methods for that: the session does not
     * read what passes through here. What only reads, by GET or as a list by POST, is sent again after any failure that may
     * pass; all else only when it was not sent, or refused with 429 or 503.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query; sent as it is, so what needs percent-encoding has to have
     *     it
     * @param json the body; null for none
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    EcgridResponse call(String method, String path, String json);

    /**
     * As {@link #call(String, String, String)}, without a body.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    default EcgridResponse call(String method, String path) {
        return call(method, path, null);
    }

    /**
     * Starts {@link #call(String, String, String)}.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body; null for none
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> callAsync(String method, String path, String json) {
        return EcgridCall.of(() -> call(method, path, json));
    }

    /**
     * Starts {@link #call(String, String)}.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> callAsync(String method, String path) {
        return callAsync(method, path, null);
    }

    /**
     * As {@link #call(String, String, String)}, with a body that is UTF-8 already, as JSON libraries write it.
     * {@link EcgridResponse#dataUtf8()} is the way back.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8: what remains of the buffer, which is not changed
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    EcgridResponse callUtf8(String method, String path, ByteBuffer json);

    /**
     * As {@link #callUtf8(String, String, ByteBuffer)}, with a whole array.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    default EcgridResponse callUtf8(String method, String path, byte[] json) {
        return callUtf8(method, path, ByteBuffer.wrap(Objects.requireNonNull(json, "the body")));
    }

    /**
     * Starts {@link #callUtf8(String, String, ByteBuffer)}.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8, copied by this method
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> callUtf8Async(String method, String path, ByteBuffer json) {
        return EcgridCall.of(() -> callUtf8(method, path, json));
    }

    /**
     * Starts {@link #callUtf8(String, String, byte[])}.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8, copied by this method
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> callUtf8Async(String method, String path, byte[] json) {
        return callUtf8Async(method, path, ByteBuffer.wrap(Objects.requireNonNull(json, "the body")));
    }

    /**
     * Ends the session at ECGrid and here: every further call fails with {@link Status#INVALID_STATE}. Logging out twice is
     * fine. If it fails, the session goes on, and logging out may be tried again. An API key lives on.
     *
     * @throws EcgridException if the call fails
     */
    void logout();

    /**
     * Starts {@link #logout()}.
     *
     * @return the call
     */
    default EcgridCall<Void> logoutAsync() {
        return EcgridCall.of(() -> {
            logout();
            return null;
        });
    }

    /**
     * Ends the calls that are running now through this session, also those that were started and still wait for their
     * thread: each fails with {@link Status#CANCELLED}, and its outcome. The session stays usable, and a refresh that is
     * under way goes on. What hangs on their futures does not keep this method waiting.
     */
    void cancel();

    /**
     * As {@link #cancel()}, and for good: every later call fails with {@link Status#CANCELLED} too, and is not sent. Only
     * {@link #token()}, while the token is not due, may still succeed. For a program that shuts down; log out before it.
     */
    void stop();

    /** Frees the session, when the calls that are running have ended. Does not wait for them. */
    @Override
    void close();
}
