package io.ecgrid;

/**
 * May it be sent again? "It failed" does not say whether it was done, and an order that is sent twice is two orders.
 *
 * <p>What the library sends again by itself, see {@link EcgridOptions.Builder#maxAttempts(int)}, it has sent already;
 * an outcome holds for all tries.
 */
public enum Outcome {
    /** The request never left: send it again when the cause is mended. */
    NOT_SENT(0),

    /**
     * ECGrid said no and nothing was done (4xx, 429, its own 503, {@code success: false}): send it again when it has a
     * reason to say yes.
     */
    REFUSED(1),

    /**
     * It was sent and may have been done (lost, timed out after sending, a gateway's 503, other 5xx, unreadable answer):
     * find out before sending it again. Also a number that this version of the binding does not know.
     */
    UNKNOWN(2);

    private final int number;

    Outcome(int number) {
        this.number = number;
    }

    /**
     * The number that the native library and all other bindings use for it.
     *
     * @return the number
     */
    public int number() {
        return number;
    }

    static Outcome of(int number) {
        switch (number) {
            case 0: return NOT_SENT;
            case 1: return REFUSED;
            default: return UNKNOWN;
        }
    }
}
