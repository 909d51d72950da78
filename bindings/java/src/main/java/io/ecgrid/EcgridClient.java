package io.ecgrid;

import java.util.Objects;

/**
 * Connections, trust and settings, shared by any number of threads: make one, keep it.
 *
 * <p>Methods that make a request block until there is a result, at most for the timeout, and throw
 * {@link EcgridException}. An interrupt does not end them: they are in native code meanwhile. A virtual thread keeps no
 * carrier meanwhile: one of the client's own platform threads makes the call
 * ({@link EcgridOptions.Builder#maxAsyncThreads(int)}). For calls that can be ended one by one, and that leave the calling
 * thread free, each has a variant that returns an {@link EcgridCall}. A {@link CallOption} is for one call: its timeout.
 *
 * <p>{@link #close()} may be called at any time by any thread, and any number of times. Calls that are running end well,
 * and only then is the native client freed. What was made from the client lives on; the client itself then throws
 * {@link IllegalStateException}. One that is not closed is freed some time after it has become unreachable.
 *
 * <p>An interface, so that tests can have another: {@link #create()} makes the one there is. Methods are added to it in
 * later versions. Its {@code default} methods are enough for a fake: a call that is started is made at once.
 */
public interface EcgridClient extends AutoCloseable {
    /**
     * Makes a client with the default options. No request is made.
     *
     * @return a client, the caller's to close
     * @throws EcgridLoadException if there is no native library
     */
    static EcgridClient create() {
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
    static EcgridClient create(EcgridOptions options) {
        Objects.requireNonNull(options, "options");
        return NativeClient.create(options);
    }

    /**
     * Where ECGrid is for this client, without a slash at its end: requests that the program sends itself with a session's
     * credential go there, and nowhere else.
     *
     * @return the base URL
     */
    String baseUrl();

    /**
     * Logs in, once. Every login opens a session at ECGrid, and an account may have few: use the token while it
     * lasts, or a session.
     *
     * @param login the user name
     * @param password the password, which may be wiped by the caller afterwards; it is not changed, and no copy is kept
     * @param options what only this call has
     * @return the token, the caller's to close
     * @throws EcgridException if the login fails
     */
    EcgridToken login(String login, char[] password, CallOption... options);

    /**
     * As {@link #login(String, char[], CallOption...)}, with a password that cannot be wiped.
     *
     * @param login the user name
     * @param password the password
     * @param options what only this call has
     * @return the token, the caller's to close
     * @throws EcgridException if the login fails
     */
    default EcgridToken login(String login, String password, CallOption... options) {
        return login(login, Text.chars("the password", password), options);
    }

    /**
     * Starts {@link #login(String, char[], CallOption...)}.
     *
     * @param login the user name
     * @param password the password, copied by this method, which may be wiped when it returns
     * @param options what only this call has
     * @return the call, whose token is the caller's to close
     */
    default EcgridCall<EcgridToken> loginAsync(String login, char[] password, CallOption... options) {
        return EcgridCall.of(() -> login(login, password, options));
    }

    /**
     * Starts {@link #login(String, String, CallOption...)}.
     *
     * @param login the user name
     * @param password the password
     * @param options what only this call has
     * @return the call, whose token is the caller's to close
     */
    default EcgridCall<EcgridToken> loginAsync(String login, String password, CallOption... options) {
        return loginAsync(login, Text.chars("the password", password), options);
    }

    /**
     * Asks ECGrid for its version: the health check. Needs no credential.
     *
     * @param options what only this call has
     * @return the answer, whose {@code /version} is the version
     * @throws EcgridException if the call fails
     */
    EcgridResponse serverVersion(CallOption... options);

    /**
     * Starts {@link #serverVersion(CallOption...)}.
     *
     * @param options what only this call has
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> serverVersionAsync(CallOption... options) {
        return EcgridCall.of(() -> serverVersion(options));
    }

    /**
     * Logs in, once, and makes a session of it that stays logged in.
     *
     * @param login the user name
     * @param password the password, which may be wiped by the caller afterwards; it is not changed. Both are kept only if
     *     {@link EcgridOptions.Builder#keepPassword(boolean)} says so
     * @param options what only this call has
     * @return the session, the caller's to close
     * @throws EcgridException if the login fails
     */
    EcgridSession loginSession(String login, char[] password, CallOption... options);

    /**
     * As {@link #loginSession(String, char[], CallOption...)}, with a password that cannot be wiped.
     *
     * @param login the user name
     * @param password the password
     * @param options what only this call has
     * @return the session, the caller's to close
     * @throws EcgridException if the login fails
     */
    default EcgridSession loginSession(String login, String password, CallOption... options) {
        return loginSession(login, Text.chars("the password", password), options);
    }

    /**
     * Starts {@link #loginSession(String, char[], CallOption...)}.
     *
     * @param login the user name
     * @param password the password, copied by this method, which may be wiped when it returns
     * @param options what only this call has
     * @return the call, whose session is the caller's to close
     */
    default EcgridCall<EcgridSession> loginSessionAsync(String login, char[] password, CallOption... options) {
        return EcgridCall.of(() -> loginSession(login, password, options));
    }

    /**
     * Starts {@link #loginSession(String, String, CallOption...)}.
     *
     * @param login the user name
     * @param password the password
     * @param options what only this call has
     * @return the call, whose session is the caller's to close
     */
    default EcgridCall<EcgridSession> loginSessionAsync(String login, String password, CallOption... options) {
        return loginSessionAsync(login, Text.chars("the password", password), options);
    }

    /**
     * Makes a session with an API key, which does not expire: what ECGrid recommends for a service that runs for long. No
     * request is made; whether ECGrid knows the key, the first call tells.
     *
     * @param key the API key; visible ASCII
     * @return the session, the caller's to close
     * @throws EcgridException with {@link Status#INVALID_ARGUMENT} if no header can hold the key
     */
    EcgridSession sessionWithApiKey(String key);

    /**
     * Ends the calls that are running now through this client and the sessions made from it: each fails with
     * {@link Status#CANCELLED}, and its outcome. Those that were started and still wait for their thread fail when their
     * turn comes, and are not sent. Client and sessions stay usable.
     *
     * <p>A call that begins at this very moment may go on. {@link EcgridCall#cancel()} misses none.
     */
    void cancel();

    /**
     * Ends the calls that are running now through this client, and all later ones: each fails with
     * {@link Status#CANCELLED}, and those that had not begun are not sent. No call is missed. For a program that shuts
     * down. Sessions made from the client go on.
     */
    void stop();

    /** Frees the client, when the calls that are running have ended. Does not wait for them. */
    @Override
    void close();
}
