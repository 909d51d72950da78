package io.ecgrid;

import java.time.Duration;

/** An outbox of the native library's. */
final class NativeOutbox extends Caller implements EcgridOutbox {
    /** With its session's threads, and its own cancels under its session's. */
    NativeOutbox(long outbox, CallThreads threads, Cancels cancels) {
        super(Kind.OUTBOX, outbox, threads, cancels);
    }

    @Override
    public void setSettleTime(Duration time) {
        long millis = EcgridOptions.millis(time);
        runHere(Call.ofNothing((outbox, frame) ->
                NativeMethods.ecgrid_outbox_set_settle_ms(outbox, millis, frame.error())));
    }

    @Override
    public long send(CallOption... options) {
        return run(round(), options);
    }

    @Override
    public EcgridCall<Long> sendAsync(CallOption... options) {
        return start(round(), options);
    }

    private static Call<Long> round() {
        return Parcels.round(NativeMethods::ecgrid_outbox_send);
    }
}
