package io.ecgrid;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Platform threads for calls that block: those of an {@link EcgridCall}, unless the program has an executor for them, and
 * those of virtual threads, whose carrier a call would hold. So many calls run at once; beyond that they wait, first come
 * first served. When a call has ended its turn is the next one's, and what hangs on it runs on the thread that made it: that
 * may block for as long as it likes. Threads are made when they are needed; one that has been idle for a while ends.
 */
final class CallThreads {
    /** How many calls of a client run at once, unless its options say otherwise. */
    static final int MOST = 64;

    private static final long IDLE_SECONDS = 2;
    private static final MethodHandle IS_VIRTUAL = isVirtualMethod();

    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), CallThreads::thread);
    private final int most;
    /** The program's, or null. */
    private final Executor executor;
    private final ArrayDeque<Supplier<Runnable>> waiting = new ArrayDeque<>();
    private int running;

    CallThreads(int most, Executor executor) {
        this.most = most;
        this.executor = executor;
    }

    /** Starts a call that nobody waits for here. */
    void start(RunningCall<?> call) {
        if (executor == null) {
            take(call::make);
        } else {
            executor.execute(call::run);
        }
    }

    /** Makes a call when its turn has come. It returns what is then left to do, or null. */
    private void take(Supplier<Runnable> call) {
        synchronized (waiting) {
            if (running == most) {
                waiting.add(call);
                return;
            }
            running++;
        }
        try {
            pool.execute(() -> work(call));
        } catch (Throwable noThread) {
            handOn();
            throw noThread;
        }
    }

    private void work(Supplier<Runnable> call) {
        Runnable rest = null;
        try {
            rest = call.get();
        } finally {
            handOn();
        }
        if (rest != null) {
            rest.run();
        }
    }

    /** A call has ended: the turn is the next one's. */
    private void handOn() {
        while (true) {
            Supplier<Runnable> next;
            synchronized (waiting) {
                next = waiting.poll();
                if (next == null) {
                    running--;
                    return;
                }
            }
            try {
                pool.execute(() -> work(next));
                return;
            } catch (OutOfMemoryError noThread) {
                // This one has nothing more urgent to do.
                Runnable rest = next.get();
                if (rest != null) {
                    rest.run();
                }
            }
        }
    }

    /** Makes a call here and waits for it, as if the calling thread had made it. An interrupt does not end that. */
    <T> T callAndWait(Supplier<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        take(() -> {
            try {
                T value = call.get();
                return () -> result.complete(value);
            } catch (Throwable thrown) {
                return () -> result.completeExceptionally(thrown);
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
