package io.ecgrid;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often a client, a session, an inbox or an outbox was cancelled. The native library ends the calls that run; one that
 * still waits for its thread is none of these, and looks here when its turn comes. Any thread.
 */
final class Cancels {
    private final AtomicInteger own = new AtomicInteger();
    /** Those of what it was made from, or null. */
    private final Cancels ofParent;

    Cancels(Cancels ofParent) {
        this.ofParent = ofParent;
    }

    void add() {
        own.incrementAndGet();
    }

    /** For a call that begins to wait now: what it does first when its turn comes. */
    Runnable refusal() {
        int before = count();
        return () -> {
            if (count() != before) {
                throw EcgridException.cancelled();
            }
        };
    }

    private int count() {
        return own.get() + (ofParent == null ? 0 : ofParent.count());
    }
}
