package io.ecgrid;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Platform threads for calls that block: those of an {@link EcgridCall}, unless the program has an executor for them, and
 * those of virtual threads, whose carrier a call would hold. They are made when they are needed, up to a number; beyond
 * that calls wait, first come first served. One that has been idle for a while ends.
 */
final class CallThreads {
    /** How many a client has, unless its options say otherwise. */
    static final int MOST = 64;

    private static final long IDLE_SECONDS = 2;
    private static final MethodHandle IS_VIRTUAL = isVirtualMethod();

    private final ThreadPoolExecutor pool;
    /** The program's, or null. */
    private final Executor executor;

    CallThreads(int most, Executor executor) {
        this.executor = executor;
        pool = new ThreadPoolExecutor(
                0, most, IDLE_SECONDS, TimeUnit.SECONDS, new Queue(), CallThreads::thread, CallThreads::wait);
    }

    /** Takes a call at once only if a thread waits for one: else the pool makes another thread, as long as it may. */
    private static final class Queue extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable call) {
            return tryTransfer(call);
        }
    }

    /** For a call that finds all threads busy. */
    private static void wait(Runnable call, ThreadPoolExecutor pool) {
        Queue queue = (Queue) pool.getQueue();
        queue.put(call);
        // Had all of them ended meanwhile, nobody would come.
        if (pool.getPoolSize() == 0 && queue.remove(call)) {
            pool.execute(call);
        }
    }

    /** Starts a call that nobody waits for here. */
    void start(RunningCall<?> call) {
        if (executor == null) {
            pool.execute(call::runOnBusyThread);
        } else {
            executor.execute(call::run);
        }
    }

    /** Runs here, and not on the program's executor. */
    void execute(Runnable call) {
        pool.execute(call);
    }

    /** Makes a call here and waits for it, as if the calling thread had made it. An interrupt does not end that. */
    <T> T callAndWait(Supplier<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        pool.execute(() -> {
            try {
                result.complete(call.get());
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        return resultOf(result);
    }

    /** What a future brings, or the very exception that it failed with, thrown here. */
    static <T> T resultOf(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException wrapped) {
            Throwable thrown = wrapped.getCause();
            // Whoever reads the trace wants to know who called, not which of our threads did it.
            thrown.fillInStackTrace();
            if (thrown instanceof Error) {
                throw (Error) thrown;
            }
            throw (RuntimeException) thrown;
        }
    }

    /** Whether the calling thread is a virtual one, which Java has from 21 on. */
    static boolean areNeededHere() {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static MethodHandle isVirtualMethod() {
        try {
            return MethodHandles.publicLookup().findVirtual(
                    Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException older) {
            return null;
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(null, work, "ecgrid-call", 0, false);
        thread.setDaemon(true);
        // Not that of whoever calls first: in a web container it would keep that application alive.
        thread.setContextClassLoader(CallThreads.class.getClassLoader());
        return thread;
    }
}
