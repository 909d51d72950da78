package io.ecgrid;

import java.lang.ref.Reference;
import java.util.function.LongConsumer;

/**
 * What clients, sessions, inboxes and outboxes have in common: a handle that calls are made through, here or on another
 * thread.
 */
abstract class Caller implements AutoCloseable {
    /** The functions that each of them has of its own. */
    enum Kind {
        CLIENT(NativeHandle.Kind.CLIENT, NativeMethods::ecgrid_client_clone, NativeMethods::ecgrid_client_set_timeout_ms,
                NativeMethods::ecgrid_client_cancel, NativeMethods::ecgrid_client_stop),
        SESSION(NativeHandle.Kind.SESSION, NativeMethods::ecgrid_session_clone, NativeMethods::ecgrid_session_set_timeout_ms,
                NativeMethods::ecgrid_session_cancel, NativeMethods::ecgrid_session_stop),
        INBOX(NativeHandle.Kind.INBOX, NativeMethods::ecgrid_inbox_clone, NativeMethods::ecgrid_inbox_set_timeout_ms,
                NativeMethods::ecgrid_inbox_cancel, NativeMethods::ecgrid_inbox_stop),
        OUTBOX(NativeHandle.Kind.OUTBOX, NativeMethods::ecgrid_outbox_clone, NativeMethods::ecgrid_outbox_set_timeout_ms,
                NativeMethods::ecgrid_outbox_cancel, NativeMethods::ecgrid_outbox_stop);

        final NativeHandle.Kind handles;
        final LongConsumer stop;
        private final Setter duplicate;
        private final Setter setTimeout;
        private final LongConsumer cancel;

        Kind(NativeHandle.Kind handles, Setter duplicate, Setter setTimeout, LongConsumer cancel, LongConsumer stop) {
            this.handles = handles;
            this.duplicate = duplicate;
            this.setTimeout = setTimeout;
            this.cancel = cancel;
            this.stop = stop;
        }

        /** A child for one call: its stop ends that call, and so does the parent's cancel or stop. The caller's to free. */
        long child(long parent, CallOption... options) {
            try (Frame frame = new Frame()) {
                frame.check(duplicate.call(parent, frame.result(), frame.error()));
                long child = frame.takeResult();
                try {
                    for (CallOption option : options) {
                        frame.check(setTimeout.call(child, option.timeoutMillis(), frame.error()));
                    }
                } catch (Throwable failure) {
                    handles.free(child);
                    throw failure;
                }
                return child;
            }
        }

        private interface Setter {
            int call(long handle, long value, long error);
        }
    }

    final NativeHandle handle;
    final CallThreads threads;
    final Cancels cancels;
    private final Kind kind;

    /** Takes the native handle over. */
    Caller(Kind kind, long address, CallThreads threads, Cancels cancels) {
        this.kind = kind;
        this.threads = threads;
        this.cancels = cancels;
        handle = NativeHandle.own(this, kind.handles, address);
    }

    /** Makes a call that waits for nothing, and so keeps no carrier. */
    <T> T runHere(Call<T> call) {
        try {
            return handle.use(call::through);
        } finally {
            call.wipe();
            Reference.reachabilityFence(this);
        }
    }

    /** Makes a call and waits for it. */
    <T> T run(Call<T> call, CallOption... options) {
        try {
            return handle.use(address -> {
                if (!CallThreads.areNeededHere()) {
                    return through(address, call, options);
                }
                Runnable refusal = cancels.refusal();
                return threads.callAndWait(() -> {
                    refusal.run();
                    return through(address, call, options);
                });
            });
        } finally {
            call.wipe();
            Reference.reachabilityFence(this);
        }
    }

    private <T> T through(long address, Call<T> call, CallOption... options) {
        if (options.length == 0) {
            return call.through(address);
        }
        long child = kind.child(address, options);
        try {
            return call.through(child);
        } finally {
            kind.handles.free(child);
        }
    }

    /** Makes a call on another thread. */
    <T> EcgridCall<T> start(Call<T> call, CallOption... options) {
        RunningCall<T> running = null;
        try {
            running = handle.use(address ->
                    new RunningCall<>(kind, kind.child(address, options), cancels.refusal(), call, threads));
            threads.start(running);
            return running;
        } catch (Throwable failure) {
            if (running != null) {
                running.abandon();
            }
            call.wipe();
            throw failure;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Ends the calls that run now, or wait for their thread. */
    public void cancel() {
        poke(address -> {
            // In this order: a call whose turn comes meanwhile runs, or knows that it must not.
            cancels.add();
            kind.cancel.accept(address);
        });
    }

    /** Ends these, and all later ones. */
    public void stop() {
        poke(kind.stop);
    }

    private void poke(LongConsumer function) {
        try {
            handle.use(address -> {
                function.accept(address);
                return null;
            });
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void close() {
        try {
            handle.close();
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
