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

    /**
     * First all calls are stopped, then their futures completed: what hangs on one may wait for another. Those that wait
     * for a thread are stopped before the others, of which one could free it.
     *
     * @param cancelHandle ends the calls that block a caller
     */
    void cancel(Runnable cancelHandle) {
        List<EcgridFuture<?>> futures = new ArrayList<>();
        List<EcgridSession> opened = new ArrayList<>();
        collect(futures, opened);
        futures.stream().filter(EcgridFuture::isWaiting).forEach(EcgridFuture::stopCall);
        cancelHandle.run();
        opened.forEach(EcgridSession::cancelByClient);
        futures.forEach(EcgridFuture::stopCall);
        futures.forEach(EcgridFuture::endStopped);
    }

    private void collect(List<EcgridFuture<?>> futures, List<EcgridSession> opened) {
        futures.addAll(copy(calls));
        for (EcgridSession session : copy(sessions)) {
            opened.add(session);
            session.scope().collect(futures, opened);
        }
    }

    private static <T> List<T> copy(Set<T> set) {
        synchronized (set) {
            return new ArrayList<>(set);
        }
    }
}
