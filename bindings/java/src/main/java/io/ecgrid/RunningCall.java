package io.ecgrid;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A call through a handle of its own, a child of its client's, session's or folder's, which is stopped to end that call and no
 * other.
 */
final class RunningCall<T> implements EcgridCall<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final CompletableFuture<T> settled = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Caller.Kind kind;
    private final NativeHandle handle;
    /** Throws if there was a cancel while the call waited for its thread; a stop reaches the handle. */
    private final Runnable refusal;
    private final Call<T> call;
    private final CallThreads threads;

    /** Takes the child over. */
    RunningCall(Caller.Kind kind, long child, Runnable refusal, Call<T> call, CallThreads threads) {
        this.kind = kind;
        this.refusal = refusal;
        this.call = call;
        this.threads = threads;
        handle = NativeHandle.own(this, kind.handles, child);
        // Whoever else completes the future wants no more of the call. One that has ended is not touched by this.
        future.whenComplete((value, failure) -> cancel());
    }

    @Override
    public CompletableFuture<T> future() {
        return future;
    }

    @Override
    public CompletableFuture<T> settled() {
        return settled;
    }

    /** A call that runs ends soon. One that waits for its thread ends here: a stopped handle returns at once. */
    @Override
    public void cancel() {
        synchronized (begun) {
            handle.useIfAlive(kind.stop);
        }
        Runnable end = make();
        if (end == null) {
            return;
        }
        // What hangs on the futures must not have the canceller's thread.
        try {
            future.defaultExecutor().execute(end);
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            end.run();
        }
    }

    /** On a thread of the program's. */
    void run() {
        // On a virtual thread the call still blocks one of ours, and no carrier.
        Runnable end = CallThreads.areNeededHere() ? threads.callAndWait(this::make) : make();
        if (end != null) {
            end.run();
        }
    }

    /** Never begins; the texts are wiped. */
    void abandon() {
        if (begun.compareAndSet(false, true)) {
            call.wipe();
            handle.close();
        }
    }

    /** Makes the call. Returns what is left to do, to tell how it ended; null if somebody else makes it. */
    Runnable make() {
        if (!begun.compareAndSet(false, true)) {
            return null;
        }
        try {
            refusal.run();
            T value = handle.use(call::through);
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
            call.wipe();
            // No cancel is using it now, so it is freed here: who sees the call's end may open a round's folder again.
            synchronized (begun) {
                handle.close();
            }
        }
    }
}
