package io.ecgrid;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A call that was started and runs on another thread.
 *
 * <p>{@link #future()} brings its result and belongs to the program; {@link #cancel()} ends the call, and no other. An
 * interrupt of a thread that waits for the future ends only the waiting, as with every {@link CompletableFuture}:
 *
 * <pre>{@code
 * EcgridCall<EcgridResponse> call = session.callAsync("GET", "/v2/users/me");
 * try {
 *     return call.future().get();
 * } catch (InterruptedException stop) {
 *     call.cancel();
 *     throw stop;
 * }
 * }</pre>
 *
 * <p>A call blocks a thread, which then completes the future, and runs what hangs on that. Without an executor it is a thread
 * of the client's own, which counts as free as soon as the call has ended: what hangs on a future may block, and keeps no call
 * waiting. With an executor ({@link EcgridOptions.Builder#executor(java.util.concurrent.Executor)}) it is one of the executor's,
 * and what hangs on a future has it for as long as that takes. If the executor refuses the call, the method that was to start
 * it throws the executor's exception.
 *
 * @param <T> what the call brings
 */
public interface EcgridCall<T> {
    /**
     * The result to come, or the {@link EcgridException} of a call that failed; one that was cancelled fails with
     * {@link Status#CANCELLED}, and its outcome.
     *
     * <p>Whoever else completes this future, by {@link CompletableFuture#cancel(boolean)} or
     * {@link CompletableFuture#orTimeout} for example, ends the call too, and {@link #settled()} tells how. A derived
     * future, of {@code thenApply} for example, does not reach back to the call.
     *
     * @return the same future each time
     */
    CompletableFuture<T> future();

    /**
     * How the call itself ended, also when {@link #future()} was cancelled or timed out before: the
     * {@link EcgridException}, mostly with {@link Status#CANCELLED}, whose {@link EcgridException#outcome()} tells
     * whether the call may have been done; or what it had brought all the same.
     *
     * <p>What it brought is then the caller's: a token or a session that nobody takes is freed some time later, but stays
     * open at ECGrid until it expires.
     *
     * @return the same future each time; it completes before {@link #future()} does, and not at all if the executor drops
     *     the call
     */
    CompletableFuture<T> settled();

    /**
     * Ends the call soon, and at once if it still waits for its thread: then it is never sent. Does nothing if the call has
     * ended. What hangs on the futures does not keep this method waiting. Any thread, any number of times.
     */
    void cancel();

    /**
     * A call that is made here and now, and has ended when this method returns: what a fake of a client or a session has
     * instead of one on another thread.
     *
     * @param call what to do; what it throws is the failure of the call
     * @param <T> what it brings
     * @return the call
     */
    static <T> EcgridCall<T> of(Supplier<? extends T> call) {
        CompletableFuture<T> end = new CompletableFuture<>();
        try {
            end.complete(call.get());
        } catch (Throwable thrown) {
            end.completeExceptionally(thrown);
        }
        return new EcgridCall<>() {
            @Override
            public CompletableFuture<T> future() {
                return end;
            }

            @Override
            public CompletableFuture<T> settled() {
                return end;
            }

            @Override
            public void cancel() {}
        };
    }
}
