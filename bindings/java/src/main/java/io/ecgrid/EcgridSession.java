package io.ecgrid;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A credential that is kept valid for months and for any number of threads: the token of one login, or an API key. Made
 * by {@link EcgridClient#loginSession(String, char[], CallOption...)} or {@link EcgridClient#sessionWithApiKey(String)}.
 *
 * <p>A token is refreshed by the first call that finds it due: when about 80 % of its lifetime are over, or earlier when what
 * is left would not last the next pause between calls, judged by the longest recent one. When no refresh can help, the session
 * logs in again if it may keep the password ({@link EcgridOptions.Builder#keepPassword(boolean)}); else it is over: every
 * call fails with {@link Status#UNAUTHENTICATED}, and only a new login helps. Where that exception has an
 * {@link EcgridException#retryAfter()}, the session will log in by itself: call again by then, and do not log in. A
 * program that may sleep for longer than a token lives keeps its sessions alive
 * ({@link EcgridOptions.Builder#keepAlive(boolean)}), keeps the password, or uses an API key.
 *
 * <p>Its parcels are in {@link EcgridParcels}.
 *
 * <p>For blocking, interrupts, threads, fakes and {@link #close()} holds what {@link EcgridClient} says. A session outlives
 * its client. Closing it does not log out.
 */
public interface EcgridSession extends EcgridParcels, AutoCloseable {
    /**
     * Where ECGrid is for this session, without a slash at its end: requests that the program sends itself with a session's
     * credential go there, and nowhere else.
     *
     * @return the base URL
     */
    String baseUrl();

    /**
     * A token that is good now, for requests that the program sends itself; of a session with an API key, the key. Refreshes
     * first when that is due; else it costs no request. A later refresh makes the token invalid: ask for each request, do
     * not keep it.
     *
     * @param options what only this call has
     * @return the token, the caller's to close
     * @throws EcgridException if the call fails
     */
    EcgridToken token(CallOption... options);

    /**
     * Starts {@link #token(CallOption...)}.
     *
     * @param options what only this call has
     * @return the call, whose token is the caller's to close
     */
    default EcgridCall<EcgridToken> tokenAsync(CallOption... options) {
        return EcgridCall.of(() -> token(options));
    }

    /**
     * Tells the session that ECGrid answered 401 to a request of the program's own with that token. No request is made
     * here: the next {@link #token(CallOption...)} is a better one, or says why there is none. It is the same one where
     * ECGrid says that this is good. A token that is not, or no longer, the session's own changes nothing, nor does an API
     * key.
     *
     * @param token the token that was refused; it stays the caller's
     */
    void refused(EcgridToken token);

    /**
     * Puts the session's credential on a request that the program sends itself, as the header that ECGrid wants. Only for
     * the client's own base URL: no other host gets the header.
     *
     * <p>The {@link HttpClient} must not follow redirects, which it does not unless it is told to: it would take the header
     * along to any host. {@link #send} sees to that, and to an answer of 401.
     *
     * @param request a request whose URI is set already, and does not change any more
     * @param options what only the call for a token has
     * @return that request
     * @throws EcgridException with {@link Status#INVALID_ARGUMENT} if the URI is not below the base URL; or if there is no
     *     token
     */
    HttpRequest.Builder authorize(HttpRequest.Builder request, CallOption... options);

    /**
     * Sends a request by the program's own client, with the session's credential. After an answer of 401 it gets a new token
     * and sends the request once more, unless the length of its body is unknown
     * ({@link HttpRequest.BodyPublisher#contentLength()}), as such a body may be gone. The handler does not see an answer
     * after which the request is sent again.
     *
     * @param client one that does not follow redirects, as {@link HttpClient#newHttpClient()} does not
     * @param request a request below the client's own base URL
     * @param handler what makes something of the body
     * @param options what only the calls for a token have; the request has {@link HttpRequest.Builder#timeout}
     * @param <T> what it makes
     * @return the answer, of any status
     * @throws IOException as {@link HttpClient#send} throws it
     * @throws InterruptedException as {@link HttpClient#send} throws it
     * @throws EcgridException with {@link Status#INVALID_ARGUMENT}, and nothing was sent, if the URI is not below the base
     *     URL, if the client follows redirects, or if it has a proxy for a base URL that is {@code http://}; or if there is
     *     no token
     */
    <T> HttpResponse<T> send(
            HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler, CallOption... options)
            throws IOException, InterruptedException;

    /**
     * Gets a new token now, or joins in when that is under way. Not needed for calls or {@link #token(CallOption...)},
     * which see to it themselves. Cancelling ends the waiting, not the refresh.
     *
     * @param options what only this call has
     * @throws EcgridException if the call fails
     */
    void refresh(CallOption... options);

    /**
     * Starts {@link #refresh(CallOption...)}.
     *
     * @param options what only this call has
     * @return the call
     */
    default EcgridCall<Void> refreshAsync(CallOption... options) {
        return EcgridCall.of(() -> {
            refresh(options);
            return null;
        });
    }

    /**
     * Asks ECGrid about the session: {@code /userId}, {@code /login}, {@code /networkId}, {@code /mailboxId},
     * {@code /authLevel}, {@code /expiresAt}.
     *
     * @param options what only this call has
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    EcgridResponse info(CallOption... options);

    /**
     * Starts {@link #info(CallOption...)}.
     *
     * @param options what only this call has
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> infoAsync(CallOption... options) {
        return EcgridCall.of(() -> info(options));
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
     * @param options what only this call has
     * @throws EcgridException if the call fails
     */
    void changePassword(char[] current, char[] replacement, CallOption... options);

    /**
     * As {@link #changePassword(char[], char[], CallOption...)}, with passwords that cannot be wiped.
     *
     * @param current the password as it is
     * @param replacement the new one
     * @param options what only this call has
     * @throws EcgridException if the call fails
     */
    default void changePassword(String current, String replacement, CallOption... options) {
        changePassword(Text.chars("the current password", current), Text.chars("the new password", replacement), options);
    }

    /**
     * Starts {@link #changePassword(char[], char[], CallOption...)}.
     *
     * @param current the password as it is, copied by this method
     * @param replacement the new one, copied by this method
     * @param options what only this call has
     * @return the call
     */
    default EcgridCall<Void> changePasswordAsync(char[] current, char[] replacement, CallOption... options) {
        return EcgridCall.of(() -> {
            changePassword(current, replacement, options);
            return null;
        });
    }

    /**
     * Starts {@link #changePassword(String, String, CallOption...)}.
     *
     * @param current the password as it is
     * @param replacement the new one
     * @param options what only this call has
     * @return the call
     */
    default EcgridCall<Void> changePasswordAsync(String current, String replacement, CallOption... options) {
        return changePasswordAsync(
                Text.chars("the current password", current), Text.chars("the new password", replacement), options);
    }

    /**
     * Makes a new API key for an account, whose old key is dead at once. A session whose own key this replaces changes
     * over to the new one. When the outcome of a failure is unknown, the old key may be dead all the same.
     *
     * @param userId the account, at least 1
     * @param options what only this call has
     * @return the answer, the caller's to close, whose {@code getString("")} is the key: a secret
     * @throws EcgridException if the call fails
     */
    EcgridResponse generateApiKey(long userId, CallOption... options);

    /**
     * Starts {@link #generateApiKey(long, CallOption...)}.
     *
     * @param userId the account, at least 1
     * @param options what only this call has
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> generateApiKeyAsync(long userId, CallOption... options) {
        return EcgridCall.of(() -> generateApiKey(userId, options));
    }

    /**
     * Calls an endpoint of the API.
     *
     * <p>To log out, refresh, or replace the session's own password or key, use the methods for that: the session does not
     * read what passes through here. What only reads, by GET or as a list by POST, is sent again after any
     * failure that may pass; all else only when it was not sent, or refused with 429 or 503.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query; sent as it is, so what needs percent-encoding has to have
     *     it
     * @param json the body; null for none
     * @param options what only this call has
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    EcgridResponse call(String method, String path, String json, CallOption... options);

    /**
     * As {@link #call(String, String, String, CallOption...)}, without a body and without options.
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
     * Starts {@link #call(String, String, String, CallOption...)}.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body; null for none
     * @param options what only this call has
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> callAsync(String method, String path, String json, CallOption... options) {
        return EcgridCall.of(() -> call(method, path, json, options));
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
     * As {@link #call(String, String, String, CallOption...)}, with a body that is UTF-8 already, as JSON libraries write
     * it. {@link EcgridResponse#dataUtf8()} is the way back.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8: what remains of the buffer, which is not changed
     * @param options what only this call has
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    EcgridResponse callUtf8(String method, String path, ByteBuffer json, CallOption... options);

    /**
     * As {@link #callUtf8(String, String, ByteBuffer, CallOption...)}, with a whole array.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8
     * @param options what only this call has
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    default EcgridResponse callUtf8(String method, String path, byte[] json, CallOption... options) {
        return callUtf8(method, path, ByteBuffer.wrap(Objects.requireNonNull(json, "the body")), options);
    }

    /**
     * Starts {@link #callUtf8(String, String, ByteBuffer, CallOption...)}.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8, copied by this method
     * @param options what only this call has
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> callUtf8Async(String method, String path, ByteBuffer json, CallOption... options) {
        return EcgridCall.of(() -> callUtf8(method, path, json, options));
    }

    /**
     * Starts {@link #callUtf8(String, String, byte[], CallOption...)}.
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path begins with {@code /v2/} and may have a query
     * @param json the body, in UTF-8, copied by this method
     * @param options what only this call has
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> callUtf8Async(String method, String path, byte[] json, CallOption... options) {
        return callUtf8Async(method, path, ByteBuffer.wrap(Objects.requireNonNull(json, "the body")), options);
    }

    /**
     * Ends the session at ECGrid and here: every further call fails with {@link Status#INVALID_STATE}. Logging out twice is
     * fine. If it fails, the session goes on, and logging out may be tried again. An API key lives on.
     *
     * @param options what only this call has
     * @throws EcgridException if the call fails
     */
    void logout(CallOption... options);

    /**
     * Starts {@link #logout(CallOption...)}.
     *
     * @param options what only this call has
     * @return the call
     */
    default EcgridCall<Void> logoutAsync(CallOption... options) {
        return EcgridCall.of(() -> {
            logout(options);
            return null;
        });
    }

    /**
     * Ends the calls that are running now through this session, and the rounds of its inboxes and outboxes: each fails with
     * {@link Status#CANCELLED}, and its outcome. Those that were started and still wait for their thread fail when their turn
     * comes, and are not sent. The session stays usable, and a refresh that is under way goes on.
     *
     * <p>A call that begins at this very moment may go on. {@link EcgridCall#cancel()} misses none.
     */
    void cancel();

    /**
     * As {@link #cancel()}, and for good: every later call fails with {@link Status#CANCELLED} too, and is not sent, and no
     * call is missed. Only {@link #token(CallOption...)}, while the token is not due, may still succeed. For a program that
     * shuts down; log out before it.
     */
    void stop();

    /** Frees the session, when the calls that are running have ended. Does not wait for them. */
    @Override
    void close();
}
