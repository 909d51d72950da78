package io.ecgrid;

import java.lang.ref.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The result of one login. Immutable, for any number of threads.
 *
 * <p>It belongs to whoever got it: close it, and its memory is wiped. A token that is not closed is freed some time
 * after it has become unreachable. Closing does not log out. After {@link #close()}, methods throw
 * {@link IllegalStateException}.
 */
public final class EcgridToken implements AutoCloseable {
    private final NativeHandle handle;

    EcgridToken(long token) {
        handle = NativeHandle.own(this, NativeHandle.Kind.TOKEN, token);
    }

    /**
     * The JWT itself: a secret, and as a Java string no longer wiped.
     *
     * @return the JWT
     */
    public String value() {
        try {
            return handle.use(token -> Text.read(NativeMethods.ecgrid_token_value(token)));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * {@code Bearer} and the JWT, ready to send as the {@code Authorization} header: a secret.
     *
     * @return the value of the header
     */
    public String authorization() {
        try {
            return handle.use(token -> Text.read(NativeMethods.ecgrid_token_authorization(token)));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * The account's internal ECGrid user id.
     *
     * @return the id; 0 when the server did not say
     */
    public long userId() {
        try {
            return handle.use(NativeMethods::ecgrid_token_user_id);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * When the token expires, on the server's clock. To know how long it lasts, use {@link #expiresIn()}.
     *
     * @return the time, to the second, {@link Instant#MAX} at most; empty when the server did not say
     */
    public Optional<Instant> expiresAt() {
        try {
            long at = handle.use(NativeMethods::ecgrid_token_expires_at);
            return at < 0 ? Optional.empty() : Optional.of(instant(at));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * How long the token lasts from now on. Right even when this machine's clock is wrong or is set meanwhile.
     *
     * @return whole seconds, zero once it has expired; empty when the server did not say
     */
    public Optional<Duration> expiresIn() {
        try {
            long left = handle.use(NativeMethods::ecgrid_token_expires_in);
            return left < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(left));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private static Instant instant(long at) {
        return at > Instant.MAX.getEpochSecond() ? Instant.MAX : Instant.ofEpochSecond(at);
    }

    /**
     * Wipes and frees the token, with the session if that has it too. Closing twice is fine, and so is closing while
     * another thread is using it: that one ends well.
     */
    @Override
    public void close() {
        try {
            handle.close();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Tells whose it is, and nothing that is secret. */
    @Override
    public String toString() {
        try {
            return "EcgridToken[userId=" + userId() + "]";
        } catch (IllegalStateException closed) {
            return "EcgridToken[closed]";
        }
    }
}
