package io.ecgrid;

import java.lang.ref.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A token of the native library's. */
final class NativeToken implements EcgridToken {
    private final NativeHandle handle;

    NativeToken(long token) {
        handle = NativeHandle.own(this, NativeHandle.Kind.TOKEN, token);
    }

    @Override
    public String value() {
        try {
            return handle.use(token -> Text.read(NativeMethods.ecgrid_token_value(token)));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public String headerName() {
        try {
            return handle.use(token -> Text.read(NativeMethods.ecgrid_token_header_name(token)));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public String headerValue() {
        try {
            return handle.use(token -> Text.read(NativeMethods.ecgrid_token_header_value(token)));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Tells a session that it was refused. */
    int refusedBy(long session, Frame frame) {
        try {
            return handle.use(token -> NativeMethods.ecgrid_session_refused(session, token, frame.error()));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public long userId() {
        try {
            return handle.use(NativeMethods::ecgrid_token_user_id);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Optional<Instant> expiresAt() {
        try {
            long at = handle.use(NativeMethods::ecgrid_token_expires_at);
            return at < 0 ? Optional.empty() : Optional.of(instant(at));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Optional<Duration> expiresIn() {
        try {
            long left = handle.use(NativeMethods::ecgrid_token_expires_in);
            return left < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(left));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private static Instant instant(long at) {
        return at > Instant.MAX.getEpochSecond() ? Instant.MAX : Instant.ofEpochSecond(at);
    }

    @Override
    public void close() {
        try {
            handle.close();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public String toString() {
        try {
            return "EcgridToken[userId=" + userId() + "]";
        } catch (IllegalStateException closed) {
            return "EcgridToken[closed]";
        }
    }
}
