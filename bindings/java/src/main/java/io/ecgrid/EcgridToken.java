package io.ecgrid;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The token of a login, or the API key of a session. Immutable, for any number of threads.
 *
 * <p>It belongs to whoever got it: close it, and its memory is wiped. A token that is not closed is freed some time
 * after it has become unreachable. Closing does not log out. After {@link #close()}, methods throw
 * {@link IllegalStateException}.
 */
public interface EcgridToken extends AutoCloseable {
    /**
     * The JWT or the key itself: a secret, and as a Java string no longer wiped.
     *
     * @return the JWT, or the key
     */
    String value();

    /**
     * The name of the header that shows it to ECGrid.
     *
     * @return {@code Authorization}, or for a key {@code X-API-Key}
     */
    String headerName();

    /**
     * The value of that header, ready to send to ECGrid and to no other host, also where a redirect leads to one: a secret.
     *
     * @return {@code Bearer} and the JWT, or the key
     */
    String headerValue();

    /**
     * The account's internal ECGrid user id.
     *
     * @return the id; 0 when the server did not say, and for a key
     */
    long userId();

    /**
     * When the token expires, on the server's clock. To know how long it lasts, use {@link #expiresIn()}.
     *
     * @return the time, to the second, {@link Instant#MAX} at most; empty when the server did not say, and for a key
     */
    Optional<Instant> expiresAt();

    /**
     * How long the token lasts from now on. Right even when this machine's clock is wrong or is set meanwhile.
     *
     * @return whole seconds, zero once it has expired; empty when the server did not say, and for a key
     */
    Optional<Duration> expiresIn();

    /**
     * Wipes and frees the token, with the session if that has it too. Closing twice is fine, and so is closing while
     * another thread is using it: that one ends well.
     */
    @Override
    void close();
}
