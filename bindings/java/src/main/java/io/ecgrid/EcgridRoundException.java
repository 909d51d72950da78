package io.ecgrid;

/**
 * A round of an {@link EcgridInbox} or {@link EcgridOutbox} that failed: the first failure in it, with the most careful outcome
 * of all. A round that did not begin, as it was cancelled before, fails with another {@link EcgridException}.
 *
 * <p>Whatever it is, make another round: it finishes what was begun, and does nothing twice.
 */
public final class EcgridRoundException extends EcgridException {
    private static final long serialVersionUID = 1;

    /** How many files went through. */
    private final long count;

    /**
     * A failed round: the library makes these, and a fake in a test may do so, too.
     *
     * @param failure what the first failure in it was
     * @param count how many files went through all the same
     */
    public EcgridRoundException(EcgridException failure, long count) {
        super(failure);
        this.count = count;
    }

    /**
     * How many files went through all the same: of an inbox, those that have appeared; of an outbox, those that are known to
     * be sent.
     *
     * @return the number
     */
    public long count() {
        return count;
    }
}
