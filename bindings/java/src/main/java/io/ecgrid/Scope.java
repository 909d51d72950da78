package io.ecgrid;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * What a cancel of a client or a session has to reach besides its native handle: calls that run through clones, and
 * sessions that were made through clones. Held weakly, so that what is dropped is collected. Any thread.
 */
final class Scope {
    private final Set<EcgridFuture<?>> calls = weakSet();
    private final Set<EcgridSession> sessions = weakSet();

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

    void cancel() {
        copy(calls).forEach(EcgridFuture::endCall);
        copy(sessions).forEach(EcgridSession::cancelByClient);
    }

    private static <T> List<T> copy(Set<T> set) {
        synchronized (set) {
            return new ArrayList<>(set);
        }
    }
}
