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
    private final Set<EcgridFuture<?>> calls = weakSet();
    private final Set<EcgridSession> sessions = weakSet();

    Scope(CallThreads threads) {
        this.threads = threads;
    }

    private static <T> Set<T> weakSet() {
        return Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    }

    void add(EcgridFuture<?> call) {
        calls.add(call);
    }

    void remove(EcgridFuture<?> call) {
        calls.remove(call);
    }

    EcgridSession add(EcgridSession session) {
        sessions.add(session);
        return session;
    }

    /** First all calls are stopped, then their futures completed: what hangs on one may wait for another. */
    void cancel() {
        List<EcgridFuture<?>> stopped = new ArrayList<>();
        stop(stopped);
        stopped.forEach(EcgridFuture::endStopped);
    }

    /** Stops all calls, and says which. */
    void stop(List<EcgridFuture<?>> stopped) {
        for (EcgridFuture<?> call : copy(calls)) {
            call.stopCall();
            stopped.add(call);
        }
        for (EcgridSession session : copy(sessions)) {
            session.stopByClient(stopped);
        }
    }

    private static <T> List<T> copy(Set<T> set) {
        synchronized (set) {
            return new ArrayList<>(set);
        }
    }
}
