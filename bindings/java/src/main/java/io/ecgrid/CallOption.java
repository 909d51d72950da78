package io.ecgrid;

import java.time.Duration;

/**
 * What one call or round has otherwise than its client or session. Every method that waits for ECGrid takes any number of
 * these, as the last arguments:
 *
 * <pre>{@code
 * client.serverVersion(CallOption.timeout(Duration.ofSeconds(2)));
 * session.download(17, CallOption.timeout(Duration.ofMinutes(10)));
 * }</pre>
 *
 * <p>Of two of a kind the later one counts. Immutable, for any number of threads.
 */
public final class CallOption {
    private final long timeoutMillis;

    private CallOption(long timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * How long this call may take, retries included, in place of {@link EcgridOptions.Builder#timeout(Duration)}. It may be
     * shorter or longer than that.
     *
     * @param total the time; what is not a whole millisecond is rounded up. Zero is that of the options, and with less the
     *     call fails with {@link Status#INVALID_ARGUMENT}
     * @return the option
     */
    public static CallOption timeout(Duration total) {
        return new CallOption(EcgridOptions.millis(total));
    }

    /** Whole milliseconds. */
    long timeoutMillis() {
        return timeoutMillis;
    }

    @Override
    public String toString() {
        return "CallOption[timeout=" + timeoutMillis + " ms]";
    }
}
