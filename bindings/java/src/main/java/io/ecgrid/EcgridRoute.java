package io.ecgrid;

import java.util.function.LongToIntFunction;

/**
 * From whom and to whom a parcel goes. What a route does not say, ECGrid reads from the envelope of the content (ISA and GS,
 * UNB), or takes from the account:
 *
 * <pre>{@code
 * session.upload(order, "order.edi", EcgridRoute.byEnvelope().to(20102));
 * }</pre>
 *
 * <p>Immutable, for any number of threads: each method makes another route.
 */
public final class EcgridRoute {
    private static final EcgridRoute BY_ENVELOPE = new EcgridRoute(0, 0, 0);

    private final long from;
    private final long to;
    private final long mailbox;

    private EcgridRoute(long from, long to, long mailbox) {
        this.from = from;
        this.to = to;
        this.mailbox = mailbox;
    }

    /**
     * A route that says nothing yet.
     *
     * @return the route
     */
    public static EcgridRoute byEnvelope() {
        return BY_ENVELOPE;
    }

    /**
     * As this one, from that sender.
     *
     * @param ecgridId the ECGrid ID of the sender; 0 for none
     * @return another route
     */
    public EcgridRoute from(long ecgridId) {
        return new EcgridRoute(ecgridId, to, mailbox);
    }

    /**
     * As this one, to that addressee.
     *
     * @param ecgridId the ECGrid ID of the addressee; 0 for none
     * @return another route
     */
    public EcgridRoute to(long ecgridId) {
        return new EcgridRoute(from, ecgridId, mailbox);
    }

    /**
     * As this one, through the outbox of that mailbox.
     *
     * @param mailboxId the mailbox whose outbox the parcel is to be in; 0 for the account's own
     * @return another route
     */
    public EcgridRoute mailbox(long mailboxId) {
        return new EcgridRoute(from, to, mailboxId);
    }

    /** Makes a call with a native route, which the call copies; of null with none. Returns the status. */
    static int use(EcgridRoute route, Frame frame, LongToIntFunction call) {
        if (route == null) {
            return call.applyAsInt(0);
        }
        frame.check(NativeMethods.ecgrid_route_new(frame.result(), frame.error()));
        long address = frame.takeResult();
        try {
            frame.check(NativeMethods.ecgrid_route_set_from(address, route.from, frame.error()));
            frame.check(NativeMethods.ecgrid_route_set_to(address, route.to, frame.error()));
            frame.check(NativeMethods.ecgrid_route_set_mailbox(address, route.mailbox, frame.error()));
            return call.applyAsInt(address);
        } finally {
            NativeMethods.ecgrid_route_free(address);
        }
    }

    @Override
    public String toString() {
        return "EcgridRoute[from=" + from + ", to=" + to + ", mailbox=" + mailbox + "]";
    }
}
