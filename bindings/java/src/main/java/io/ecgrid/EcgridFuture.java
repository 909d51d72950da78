package io.ecgrid;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A call that runs on an executor, and ends when nobody wants it any more.
 *
 * <p>The call is ended, and no other, when this future is completed by anything else than the call itself:
 * {@link #cancel(boolean)}, {@link #orTimeout(long, TimeUnit)}, {@link #complete(Object)} and the like; and when a
 * thread is interrupted that waits in {@link #get()} or {@link #join()}. A future that was derived from this one, with
 * {@code thenApply} for example, is the JDK's own and does not end the call.
 *
 * <p>A cancelled future is one at once, with the {@link CancellationException} of every
 * {@link CompletableFuture}. How the call itself ended, and so whether it may have been done, {@link #settled()} tells.
 * A failed call completes the future with its {@link EcgridException}.
 *
 * <p>If the executor refuses the call, the method that was to start it throws the executor's exception. The executor's
 * thread is blocked while the call runs.
 *
 * @param <T> what the call brings
 */
public final class EcgridFuture<T> extends CompletableFuture<T> {
    private final CompletableFuture<T> settled = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final NativeHandle clone;
    private final Cloneable kind;
    private final Call<T> call;
    private final Scope scope;
    private volatile boolean ended;

    /** What can be cloned to cancel one call. */
    enum Cloneable {
        CLIENT(NativeHandle.Kind.CLIENT) {
            @Override
            int duplicate(long handle, Frame frame) {
                return NativeMethods.ecgrid_client_clone(handle, frame.result(), frame.error());
            }

            @Override
            void stop(long handle) {
                NativeMethods.ecgrid_client_stop(handle);
            }
        },
        SESSION(NativeHandle.Kind.SESSION) {
            @Override
            int duplicate(long handle, Frame frame) {
                return NativeMethods.ecgrid_session_clone(handle, frame.result(), frame.error());
            }

            @Override
            void stop(long handle) {
                NativeMethods.ecgrid_session_stop(handle);
            }
        };

        private final NativeHandle.Kind handleKind;

        Cloneable(NativeHandle.Kind handleKind) {
            this.handleKind = handleKind;
        }

        abstract int duplicate(long handle, Frame frame);

        abstract void stop(long handle);
    }

    private EcgridFuture(Cloneable kind, NativeHandle original, Call<T> call, Scope scope) {
        this.kind = kind;
        this.call = call;
        this.scope = scope;
        clone = original.use(new Call<NativeHandle>(
                kind::duplicate, handle -> NativeHandle.own(this, kind.handleKind, handle))::through);
        // Whoever else completes this future wants no more of the call.
        whenComplete((value, failure) -> {
            if (!ended) {
                stopCall();
                // One that still waits for its executor ends here: a stopped handle returns at once.
                run();
            }
        });
    }

    /** Makes {@code call} on {@code executor}, through a clone of {@code original}. */
    static <T> EcgridFuture<T> start(
            Cloneable kind, NativeHandle original, Call<T> call, Scope scope, Executor executor) {
        EcgridFuture<T> future;
        try {
            future = new EcgridFuture<>(kind, original, call, scope);
        } catch (Throwable failure) {
            call.wipe();
            throw failure;
        }
        scope.add(future);
        try {
            executor.execute(future::run);
        } catch (Throwable failure) {
            future.abandon();
            throw failure;
        }
        return future;
    }

    private void run() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        T value = null;
        Throwable failure = null;
        try {
            value = clone.use(call::through);
        } catch (Throwable thrown) {
            failure = thrown;
        }
        ended = true;
        scope.remove(this);
        clone.close();
        if (failure == null) {
            settled.complete(value);
            complete(value);
        } else {
            settled.completeExceptionally(failure);
            completeExceptionally(failure);
        }
    }

    private void abandon() {
        if (begun.compareAndSet(false, true)) {
            scope.remove(this);
            call.wipe();
            clone.close();
        }
    }

    /** Ends the call, now or as soon as it begins; the future then completes by it. */
    void stopCall() {
        clone.useIfAlive(kind::stop);
    }

    /**
     * How the call itself ended, also when this future was cancelled meanwhile: with
     * {@link Status#CANCELLED} and an {@link EcgridException#outcome()}, or with what it had brought all the same.
     *
     * <p>What it brought is then the caller's: a token or a session that nobody takes is freed some time later, but
     * stays open at ECGrid until it expires.
     *
     * @return a new future, which completes when the call has ended: soon after a cancel, and not at all if the executor
     *     drops the call
     */
    public CompletableFuture<T> settled() {
        return settled.copy();
    }

    /**
     * Waits for the call.
     *
     * @return what it brought
     * @throws InterruptedException if this thread is interrupted, which cancels this future and ends the call
     * @throws ExecutionException with the {@link EcgridException} of a call that failed
     */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        try {
            return super.get();
        } catch (InterruptedException interrupt) {
            cancel(true);
            throw interrupt;
        }
    }

    /**
     * Waits for the call, but no longer than said. When that time has passed, the call goes on.
     *
     * @throws InterruptedException if this thread is interrupted, which cancels this future and ends the call
     * @throws ExecutionException with the {@link EcgridException} of a call that failed
     * @throws TimeoutException if the call has not ended by then
     */
    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return super.get(timeout, unit);
        } catch (InterruptedException interrupt) {
            cancel(true);
            throw interrupt;
        }
    }

    /**
     * Waits for the call. If this thread is interrupted, the future is cancelled and the call ended, and the thread stays
     * interrupted.
     *
     * @return what it brought
     * @throws CancellationException if the future was cancelled
     * @throws java.util.concurrent.CompletionException with the {@link EcgridException} of a call that failed
     */
    @Override
    public T join() {
        try {
            super.get();
        } catch (ExecutionException | CancellationException told) {
            // The second look below says it in the words of join.
        } catch (InterruptedException interrupt) {
            cancel(true);
            Thread.currentThread().interrupt();
        }
        return super.join();
    }
}
