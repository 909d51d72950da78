package io.ecgrid;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * What the calls of a client or a session have in common: the threads of that client; and what a cancel has to reach
 * besides the native handle, calls that run through clones, and sessions that were made through clones. These are held
 * weakly, so that what is dropped is collected. Any thread.
 */
final class Scope {
    final CallThreads threads;
    private final Set<RunningCall<?>> calls = weakSet();
    private final Set<NativeSession> sessions = weakSet();
    private volatile boolean isStopped;

    Scope(CallThreads threads) {
        this.threads = threads;
    }

    private static <T> Set<T> weakSet() {
        return Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    }

    void add(RunningCall<?> call) {
        calls.add(call);
        if (isStopped) {
            call.stop();
        }
    }

    void remove(RunningCall<?> call) {
        calls.remove(call);
    }

    NativeSession add(NativeSession session) {
        sessions.add(session);
        return session;
    }

    void cancel(Runnable cancelHandle) {
        List<RunningCall<?>> running = new ArrayList<>();
        List<NativeSession> opened = new ArrayList<>();
        collect(running, opened);
        end(running, () -> {
            cancelHandle.run();
            opened.forEach(NativeSession::cancelByClient);
        });
    }

    void stop(Runnable stopHandle) {
        isStopped = true;
        end(copy(calls), stopHandle);
    }

    /**
     * First all calls are stopped, then their futures completed: what hangs on one may wait for another. Those that wait
     * for a thread are stopped before the others, of which one could free it.
     */
    private static void end(List<RunningCall<?>> running, Runnable endOthers) {
        running.stream().filter(RunningCall::isWaiting).forEach(RunningCall::stop);
        endOthers.run();
        running.forEach(RunningCall::stop);
        running.forEach(RunningCall::endIfWaiting);
    }

    private void collect(List<RunningCall<?>> running, List<NativeSession> opened) {
        running.addAll(copy(calls));
        for (NativeSession session : copy(sessions)) {
            opened.add(session);
            session.scope.collect(running, opened);
        }
    }

    private static <T> List<T> copy(Set<T> set) {
        synchronized (set) {
            return new ArrayList<>(set);
        }
    }
}
