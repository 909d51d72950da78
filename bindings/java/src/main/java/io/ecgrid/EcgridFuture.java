package io.ecgrid;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A call that runs on another thread, and ends when nobody wants it any more.
 *
 * <p>The call is ended, and no other, when this future is completed by anything else than the call itself:
 * {@link #cancel(boolean)}, {@link #orTimeout(long, TimeUnit)}, {@link #complete(Object)} and the like; and when the
 * last thread is interrupted that waits in {@link #get()} or {@link #join()}. As long as another thread waits, or a future
 * that was derived from this one with {@code thenApply} for example, an interrupt ends only the waiting of the thread that
 * was interrupted. A derived future is the JDK's own, and does not end the call.
 *
 * <p>A cancelled future is one at once, with the {@link CancellationException} of every
 * {@link CompletableFuture}. How the call itself ended, and so whether it may have been done, {@link #settled()} tells.
 * A failed call completes the future with its {@link EcgridException}.
 *
 * <p>A call that was given an executor blocks a thread of that, which then completes this future. If the executor refuses
 * the call, the method that was to start it throws the executor's exception. A call without an executor runs on one of its
 * client's own threads, and this future is completed on another one ({@link #defaultExecutor()}), so that what hangs on it
 * keeps no call waiting.
 *
 * @param <T> what the call brings
 */
public final class EcgridFuture<T> extends CompletableFuture<T> {
    /** How the call ended, before anybody is told: nothing of others is ever hung on it. */
    private final CompletableFuture<T> ending = new CompletableFuture<>();
    private final CompletableFuture<T> settled = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    /** Whoever sets it first completes this future: the call, or somebody who wants no more of it. */
    private final AtomicBoolean decided = new AtomicBoolean();
    /** How many of this future's dependents want nothing of it: our own, and the clocks of timeouts. */
    private final AtomicInteger idleDependents = new AtomicInteger(1);
    private final NativeHandle clone;
    private final Cloneable kind;
    private final Call<T> call;
    private final Scope scope;
    /** Whose call it is: kept until the call has ended, so that a cancel of its client finds it through its session. */
    private Object owner;

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

    private EcgridFuture(Cloneable kind, Object owner, NativeHandle original, Call<T> call, Scope scope) {
        this.kind = kind;
        this.call = call;
        this.scope = scope;
        this.owner = owner;
        clone = original.use(new Call<NativeHandle>(
                kind::duplicate, handle -> NativeHandle.own(this, kind.handleKind, handle))::through);
        // For completeAsync, which comes past the methods below. Dependents of the caller's run before this one.
        whenComplete((value, failure) -> endedBy(() -> true));
    }

    /** Makes {@code call} on {@code executor}, through a clone of {@code original}. */
    static <T> EcgridFuture<T> start(
            Cloneable kind, Object owner, NativeHandle original, Call<T> call, Scope scope, Executor executor) {
        EcgridFuture<T> future;
        try {
            future = new EcgridFuture<>(kind, owner, original, call, scope);
        } catch (Throwable failure) {
            call.wipe();
            throw failure;
        }
        scope.add(future);
        try {
            executor.execute(executor instanceof CallThreads ? future::runElsewhere : future::run);
        } catch (Throwable failure) {
            future.abandon();
            throw failure;
        }
        return future;
    }

    /** On an executor of the caller's. */
    private void run() {
        // On a virtual thread the call still blocks one of ours, and no carrier.
        boolean made = CallThreads.areNeededHere() ? scope.threads.callAndWait(this::make) : make();
        if (made) {
            tell();
        }
    }

    /** On a thread that other calls wait for: what hangs on this future must not have it. */
    private void runElsewhere() {
        if (make()) {
            try {
                defaultExecutor().execute(this::tell);
            } catch (RejectedExecutionException | OutOfMemoryError noThread) {
                tell();
            }
        }
    }

    /** Completes this future with what the call brought, unless somebody else does. */
    private void tell() {
        if (decided.compareAndSet(false, true)) {
            pass(ending, super::complete, super::completeExceptionally);
            settle();
        } else {
            // Somebody else is just completing this future.
            whenComplete((value, failure) -> settle());
        }
    }

    /** Waits for the call, on behalf of the caller who made it: an interrupt does not end that. */
    T await() {
        return CallThreads.resultOf(ending);
    }

    /** Makes the call, if nobody else does. */
    private boolean make() {
        if (!begun.compareAndSet(false, true)) {
            return false;
        }
        try {
            ending.complete(clone.use(call::through));
        } catch (Throwable thrown) {
            ending.completeExceptionally(thrown);
        }
        scope.remove(this);
        owner = null;
        clone.close();
        return true;
    }

    /** After this future itself, so that what hangs on either finds both completed. */
    private void settle() {
        pass(ending, settled::complete, settled::completeExceptionally);
    }

    private static <T> void pass(CompletableFuture<T> from, Consumer<T> value, Consumer<Throwable> failure) {
        // Not copy(), which would wrap the failure.
        from.whenComplete((brought, thrown) -> {
            if (thrown == null) {
                value.accept(brought);
            } else {
                failure.accept(thrown);
            }
        });
    }

    /** Whoever else completes this future wants no more of the call: it ends before those who wait for this are told. */
    private boolean endedBy(BooleanSupplier completion) {
        boolean first = decided.compareAndSet(false, true);
        if (first) {
            stopCall();
        }
        // One that still waits for its executor ends here: a stopped handle returns at once.
        boolean made = first && make();
        boolean completed = completion.getAsBoolean();
        if (made) {
            settle();
        }
        return completed;
    }

    /** Ends the call, and completes this future with a {@link CancellationException}. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return endedBy(() -> super.cancel(mayInterruptIfRunning));
    }

    @Override
    public boolean complete(T value) {
        return endedBy(() -> super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        return endedBy(() -> super.completeExceptionally(failure));
    }

    @Override
    public EcgridFuture<T> orTimeout(long timeout, TimeUnit unit) {
        super.orTimeout(timeout, unit);
        idleDependents.incrementAndGet();
        return this;
    }

    @Override
    public EcgridFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
        super.completeOnTimeout(value, timeout, unit);
        idleDependents.incrementAndGet();
        return this;
    }

    /** For a thread that was interrupted while it waited: ends the call if it was the last that wanted it. */
    private void leave() {
        if (getNumberOfDependents() <= idleDependents.get()) {
            cancel(true);
        }
    }

    private void abandon() {
        if (begun.compareAndSet(false, true)) {
            scope.remove(this);
            call.wipe();
            clone.close();
        }
    }

    /** For its client or session, which goes on to others: one that was stopped and still waits for its executor ends now. */
    void endStopped() {
        runElsewhere();
    }

    /** Whether it still waits for its executor. */
    boolean isWaiting() {
        return !begun.get();
    }

    /** Ends the call soon if it runs, and at once when it begins. */
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
        CompletableFuture<T> told = new CompletableFuture<>();
        pass(ending.isDone() ? ending : settled, told::complete, told::completeExceptionally);
        return told;
    }

    /**
     * Waits for the call.
     *
     * @return what it brought
     * @throws InterruptedException if this thread is interrupted, which also cancels this future and ends the call unless
     *     others wait for it
     * @throws ExecutionException with the {@link EcgridException} of a call that failed
     */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        try {
            return super.get();
        } catch (InterruptedException interrupt) {
            leave();
            throw interrupt;
        }
    }

    /**
     * Waits for the call, but no longer than said. When that time has passed, the call goes on.
     *
     * @throws InterruptedException if this thread is interrupted, which also cancels this future and ends the call unless
     *     others wait for it
     * @throws ExecutionException with the {@link EcgridException} of a call that failed
     * @throws TimeoutException if the call has not ended by then
     */
    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return super.get(timeout, unit);
        } catch (InterruptedException interrupt) {
            leave();
            throw interrupt;
        }
    }

    /**
     * Waits for the call. If this thread is interrupted, it stays so, and the future is cancelled and the call ended unless
     * others wait for it.
     *
     * @return what it brought
     * @throws CancellationException if the future was cancelled, or this thread was interrupted
     * @throws java.util.concurrent.CompletionException with the {@link EcgridException} of a call that failed
     */
    @Override
    public T join() {
        try {
            super.get();
        } catch (ExecutionException | CancellationException told) {
            // The second look below says it in the words of join.
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            leave();
            if (!isDone()) {
                throw new CancellationException("interrupted while waiting for a call that others wait for too");
            }
        }
        return super.join();
    }
}
