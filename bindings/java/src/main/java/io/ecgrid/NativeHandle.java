package io.ecgrid;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * A native handle with the count of the calls that are using it: it is freed once, when it has been closed and the last
 * of them has ended. The cleaning action of its owner, to which it has no reference.
 */
final class NativeHandle implements Runnable {
    /** What a handle is of. */
    enum Kind {
        CLIENT("client", NativeMethods::ecgrid_client_free),
        SESSION("session", NativeMethods::ecgrid_session_free),
        TOKEN("token", NativeMethods::ecgrid_token_free),
        RESPONSE("response", NativeMethods::ecgrid_response_free),
        PARCEL("parcel", NativeMethods::ecgrid_parcel_free),
        INBOX("inbox", NativeMethods::ecgrid_inbox_free),
        OUTBOX("outbox", NativeMethods::ecgrid_outbox_free),
        CONTENT("content", Content::free);

        private final String name;
        private final LongConsumer free;

        Kind(String name, LongConsumer free) {
            this.name = name;
            this.free = free;
        }

        void free(long address) {
            free.accept(address);
        }
    }

    private static final Cleaner CLEANER = Cleaner.create();

    /** In {@link #state}, beside the number of calls: no further ones. */
    private static final int CLOSED = Integer.MIN_VALUE;

    private final Kind kind;
    private final long address;
    private final AtomicInteger state = new AtomicInteger();
    private final Cleaner.Cleanable cleanable;

    private NativeHandle(Object owner, Kind kind, long address) {
        this.kind = kind;
        this.address = address;
        cleanable = CLEANER.register(owner, this);
    }

    /** Takes a native handle over: it is freed when {@code owner} is closed, or else some time after it is unreachable. */
    static NativeHandle own(Object owner, Kind kind, long address) {
        try {
            return new NativeHandle(owner, kind, address);
        } catch (Throwable failure) {
            kind.free(address);
            throw failure;
        }
    }

    /** Uses the handle, which is not freed meanwhile. */
    <T> T use(LongFunction<T> call) {
        if (!acquire(0)) {
            throw new IllegalStateException("this ECGrid " + kind.name + " is closed");
        }
        try {
            return call.apply(address);
        } finally {
            release();
        }
    }

    /** Uses the handle if it is not freed yet: also one that is closed, while calls are using it. */
    void useIfAlive(LongConsumer call) {
        if (acquire(CLOSED + 1)) {
            try {
                call.accept(address);
            } finally {
                release();
            }
        }
    }

    /** Frees the handle, or leaves that to the last call that is using it. Any thread, any number of times. */
    void close() {
        cleanable.clean();
    }

    /** The cleaning action; {@link #close()} and an unreachable owner come here, one of them. */
    @Override
    public void run() {
        if (state.getAndUpdate(calls -> calls | CLOSED) == 0) {
            kind.free(address);
        }
    }

    private boolean acquire(int least) {
        return state.getAndUpdate(calls -> calls < least ? calls : calls + 1) >= least;
    }

    private void release() {
        if (state.decrementAndGet() == CLOSED) {
            kind.free(address);
        }
    }
}
