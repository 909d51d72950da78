package io.ecgrid;

import java.lang.ref.Reference;
import java.util.function.LongConsumer;

/** What a client and a session have in common: a handle that calls are made through, here or on another thread. */
abstract class Caller implements AutoCloseable {
    /** The functions that a client and a session have each of their own. */
    enum Kind {
        CLIENT(NativeHandle.Kind.CLIENT, NativeMethods::ecgrid_client_clone,
                NativeMethods::ecgrid_client_cancel, NativeMethods::ecgrid_client_stop),
        SESSION(NativeHandle.Kind.SESSION, NativeMethods::ecgrid_session_clone,
                NativeMethods::ecgrid_session_cancel, NativeMethods::ecgrid_session_stop);

        final NativeHandle.Kind handles;
        final Duplicate duplicate;
        final LongConsumer cancel;
        final LongConsumer stop;

        Kind(NativeHandle.Kind handles, Duplicate duplicate, LongConsumer cancel, LongConsumer stop) {
            this.handles = handles;
            this.duplicate = duplicate;
            this.cancel = cancel;
            this.stop = stop;
        }

        interface Duplicate {
            int call(long original, long clone, long error);
        }
    }

    final NativeHandle handle;
    final Scope scope;
    private final Kind kind;

    /** Takes the native handle over. */
    Caller(Kind kind, long address, CallThreads threads) {
        this.kind = kind;
        scope = new Scope(threads);
        handle = NativeHandle.own(this, kind.handles, address);
    }

    /** Makes a call and waits for it. */
    <T> T run(Call<T> call) {
        try {
            if (!CallThreads.areNeededHere()) {
                return handle.use(call::through);
            }
            RunningCall<T> running = new RunningCall<>(kind, this, handle, call, scope);
            scope.threads.execute(running::run);
            return CallThreads.resultOf(running.settled());
        } finally {
            call.wipe();
            Reference.reachabilityFence(this);
        }
    }

    /** Makes a call on another thread. */
    <T> EcgridCall<T> start(Call<T> call) {
        RunningCall<T> running = null;
        try {
            running = new RunningCall<>(kind, this, handle, call, scope);
            scope.threads.start(running);
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
        try {
            handle.use(address -> {
                scope.cancel(() -> kind.cancel.accept(address));
                return null;
            });
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Ends these, and all later ones. */
    public void stop() {
        try {
            handle.use(address -> {
                scope.stop(() -> kind.stop.accept(address));
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
