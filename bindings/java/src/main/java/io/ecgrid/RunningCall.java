package io.ecgrid;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call through a clone of its client's or session's handle, which is stopped to end that call and no other. */
final class RunningCall<T> implements EcgridCall<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final CompletableFuture<T> settled = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Caller.Kind kind;
    private final Scope scope;
    private final Call<T> call;
    private final NativeHandle clone;
    /** Whose call it is: kept until the call has ended, so that a cancel of its client finds it through its session. */
    private Object owner;

    RunningCall(Caller.Kind kind, Object owner, NativeHandle original, Call<T> call, Scope scope) {
        this.kind = kind;
        this.owner = owner;
        this.call = call;
        this.scope = scope;
        clone = original.use(new Call<NativeHandle>(
                (handle, frame) -> kind.duplicate.call(handle, frame.result(), frame.error()),
                handle -> NativeHandle.own(this, kind.handles, handle))::through);
        // Whoever else completes the future wants no more of the call. One that has ended is not touched by this.
        future.whenComplete((value, failure) -> cancel());
        scope.add(this);
    }

    @Override
    public CompletableFuture<T> future() {
        return future;
    }

    @Override
    public CompletableFuture<T> settled() {
        return settled;
    }

    @Override
    public void cancel() {
        stop();
        endIfWaiting();
    }

    /** Ends the call soon if it runs, and at once when it begins. */
    void stop() {
        clone.useIfAlive(kind.stop);
    }

    /** One that was stopped and waits for its thread ends here: a stopped handle returns at once. */
    void endIfWaiting() {
        runOnBusyThread();
    }

    boolean isWaiting() {
        return !begun.get();
    }

    /** On a thread that nobody else waits for. */
    void run() {
        // On a virtual thread the call still blocks one of ours, and no carrier.
        Runnable end = CallThreads.areNeededHere() ? scope.threads.callAndWait(this::make) : make();
        if (end != null) {
            end.run();
        }
    }

    /** On a thread that others wait for: what hangs on the futures must not have it. */
    void runOnBusyThread() {
        Runnable end = make();
        if (end == null) {
            return;
        }
        try {
            future.defaultExecutor().execute(end);
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            end.run();
        }
    }

    /** Never begins; the texts are wiped. */
    void abandon() {
        if (begun.compareAndSet(false, true)) {
            call.wipe();
            leave();
        }
    }

    /** Makes the call. Returns what is left to do, to tell how it ended; null if somebody else makes it. */
    private Runnable make() {
        if (!begun.compareAndSet(false, true)) {
            return null;
        }
        try {
            T value = clone.use(call::through);
            return () -> {
                // In this order: what hangs on the future may ask how the call ended.
                settled.complete(value);
                future.complete(value);
            };
        } catch (Throwable thrown) {
            return () -> {
                settled.completeExceptionally(thrown);
                future.completeExceptionally(thrown);
            };
        } finally {
            leave();
        }
    }

    private void leave() {
        scope.remove(this);
        owner = null;
        clone.close();
    }
}
