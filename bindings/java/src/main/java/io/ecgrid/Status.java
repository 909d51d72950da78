package io.ecgrid;

/** Why a call failed. */
public enum Status {
    /** It worked. No {@link EcgridException} has this status. */
    OK(0),

    /**
     * Empty where that is not allowed, a NUL character or half a surrogate pair in a text, a control character in a
     * header value, a number out of range, a bad method, path or body of a call.
     */
    INVALID_ARGUMENT(1),

    /**
     * A setting or variable that cannot work: a malformed URL or proxy, {@code http://} to another machine, a proxy on
     * another machine for a base URL on this one, a CA file or trust store that cannot be read.
     */
    INVALID_CONFIGURATION(2),

    /** HTTP 401: wrong password, expired or revoked token, unknown key; a session that is over. */
    UNAUTHENTICATED(3),

    /** HTTP 403. */
    FORBIDDEN(4),

    /** HTTP 404. */
    NOT_FOUND(5),

    /** Any other 4xx, or {@code success: false} in a 2xx. */
    REJECTED(6),

    /** HTTP 429; see {@link EcgridException#retryAfter()}. */
    RATE_LIMITED(7),

    /** HTTP 5xx. The outcome says whether it may have been done. */
    SERVER_ERROR(8),

    /**
     * A name was not resolved, or a connection or the proxy refused; or this machine refused what a connection needs, such
     * as one more open file.
     */
    UNREACHABLE(9),

    /** A certificate or the TLS handshake failed; or the server wants a certificate of its client. */
    TLS(10),

    /** The deadline passed. */
    TIMEOUT(11),

    /** The connection was closed or reset after it was made. */
    CONNECTION_LOST(12),

    /** An answer that is not what ECGrid documents: not JSON, no token, a redirect, over the size limit. */
    BAD_RESPONSE(13),

    /** Ended by {@link EcgridClient#cancel()}, {@link EcgridSession#cancel()}, {@link EcgridCall#cancel()}, or a stop. */
    CANCELLED(14),

    /** A session that was logged out; the refresh of a session that has an API key. */
    INVALID_STATE(15),

    /** A bug in the native library, caught. The process and later calls are not affected. */
    INTERNAL(16),

    /**
     * There is no memory for what was asked for: a request, an answer, or a value in one. Native memory, that is: what the
     * Java heap has no room for is an {@link OutOfMemoryError}.
     */
    OUT_OF_MEMORY(17),
    /** A file or folder: it cannot be read or written, the disk is full, the name is taken. */
    FILE(18),

    /**
     * A number that this version of the binding does not know, of a newer native library: treat it like
     * {@link #INTERNAL}. {@link EcgridException#statusNumber()} has it.
     */
    UNRECOGNIZED(-1);

    private static final Status[] BY_NUMBER = values();

    private final int number;

    Status(int number) {
        this.number = number;
    }

    /**
     * The number that the native library and all other bindings use for it.
     *
     * @return the number; -1 for {@link #UNRECOGNIZED}
     */
    public int number() {
        return number;
    }

    static Status of(int number) {
        // The declaration order is that of the numbers; the test of the constants holds it to that.
        return number >= 0 && number < UNRECOGNIZED.ordinal() ? BY_NUMBER[number] : UNRECOGNIZED;
    }
}
