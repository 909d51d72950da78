package example;

import io.ecgrid.EcgridException;
import io.ecgrid.EcgridResponse;
import io.ecgrid.EcgridSession;
import java.time.Duration;
import java.time.Instant;

/** A part of somebody's program: it sends an order once, and says what is to be done next. */
final class OrderDesk {
    /** What is to be done with an order. */
    static final class Verdict {
        final String what;
        final Instant when;

        private Verdict(String what, Instant when) {
            this.what = what;
            this.when = when;
        }
    }

    private final EcgridSession ecgrid;

    OrderDesk(EcgridSession ecgrid) {
        this.ecgrid = ecgrid;
    }

    Verdict send(String order, Instant now) {
        try (EcgridResponse sent = ecgrid.call("POST", "/v2/parcels/upload", order)) {
            return new Verdict("sent as parcel " + sent.getLong("/parcelId", 0), now);
        } catch (EcgridException failure) {
            switch (failure.outcome()) {
                case NOT_SENT:
                    return new Verdict("send again", now.plusSeconds(60));
                case REFUSED:
                    Duration pause = failure.retryAfter().orElse(null);
                    return pause == null ? new Verdict("ask a person: " + failure.code() + ", " + failure.traceId(), now)
                            : new Verdict("send again", now.plus(pause));
                default:
                    return new Verdict("find out", now);
            }
        }
    }
}
