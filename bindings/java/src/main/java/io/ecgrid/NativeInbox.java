package io.ecgrid;

/** An inbox of the native library's. */
final class NativeInbox extends Caller implements EcgridInbox {
    /** With its session's threads, and its own cancels under its session's. */
    NativeInbox(long inbox, CallThreads threads, Cancels cancels) {
        super(Kind.INBOX, inbox, threads, cancels);
    }

    @Override
    public long receive(CallOption... options) {
        return run(round(), options);
    }

    @Override
    public EcgridCall<Long> receiveAsync(CallOption... options) {
        return start(round(), options);
    }

    private static Call<Long> round() {
        return Parcels.round(NativeMethods::ecgrid_inbox_receive);
    }
}
