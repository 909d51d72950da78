package io.ecgrid;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a call failed, whether it may have been done, and what to do, in one line without secrets.
 *
 * <p>{@link #status()} says what happened, {@link #outcome()} whether to send it again, {@link #getMessage()} tells a
 * person. It is unchecked: it passes through lambdas, streams and {@link EcgridCall} as it is, and most callers can do
 * nothing about it where it occurs. Every method that makes a request may throw it.
 *
 * <p>Misuse of this library has the language's own exceptions: {@link IllegalStateException} for what was closed,
 * {@link NullPointerException} for {@code null}. {@link EcgridLoadException} tells that there is no native library.
 *
 * <p>A round of an {@link EcgridInbox} or {@link EcgridOutbox} fails with an {@link EcgridRoundException}, which says how many
 * files went through all the same.
 *
 * <p>Immutable.
 */
public class EcgridException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The native library's {@code ecgrid_status}. */
    private final int statusNumber;

    /** The native library's {@code ECGRID_OUTCOME_*}. */
    private final int outcomeNumber;

    /** The status of the HTTP answer, or 0. */
    private final int httpStatus;

    /** ECGrid's {@code errorCode}, or {@code ""}. */
    private final String code;

    /** Milliseconds to wait before the next try, or -1. */
    private final long retryAfterMillis;

    /** What the server gave to find the request by, or {@code ""}. */
    private final String traceId;

    /**
     * A failure without an HTTP answer, for tests: a fake throws it.
     *
     * @param status what happened
     * @param outcome may it be sent again?
     * @param message one line for a person
     * @throws IllegalArgumentException if the status is {@link Status#OK}
     */
    public EcgridException(Status status, Outcome outcome, String message) {
        this(status, outcome, message, 0, "", null, "");
    }

    /**
     * Any failure, for tests: a fake throws it.
     *
     * @param status what happened
     * @param outcome may it be sent again?
     * @param message one line for a person
     * @param httpStatus the status of the HTTP answer, or 0
     * @param code ECGrid's {@code errorCode}, or {@code ""}
     * @param retryAfter how long to wait before the next try; null if that was not said
     * @param traceId what the server gave to find the request by, or {@code ""}
     * @throws IllegalArgumentException if the status is {@link Status#OK}
     */
    public EcgridException(
            Status status, Outcome outcome, String message, int httpStatus, String code, Duration retryAfter,
            String traceId) {
        this(message, failure(status).number(), outcome.number(), httpStatus, Objects.requireNonNull(code, "code"),
                retryAfter == null ? -1 : retryAfter.toMillis(), Objects.requireNonNull(traceId, "traceId"));
    }

    private static Status failure(Status status) {
        if (status == Status.OK) {
            throw new IllegalArgumentException("no failure has the status OK");
        }
        return status;
    }

    private EcgridException(
            String message, int statusNumber, int outcomeNumber, int httpStatus, String code, long retryAfterMillis,
            String traceId) {
        super(message);
        this.statusNumber = statusNumber;
        this.outcomeNumber = outcomeNumber;
        this.httpStatus = httpStatus;
        this.code = code;
        this.retryAfterMillis = retryAfterMillis;
        this.traceId = traceId;
    }

    /** The same failure, of a round. */
    EcgridException(EcgridException failure) {
        this(failure.getMessage(), failure.statusNumber, failure.outcomeNumber, failure.httpStatus, failure.code,
                failure.retryAfterMillis, failure.traceId);
    }

    /** Copies a native error and frees it. */
    static EcgridException take(int status, long error) {
        if (error == 0) {
            // Memory ran out while the library was making the error.
            String name = Text.read(NativeMethods.ecgrid_status_name(status));
            return new EcgridException(name, status, Outcome.UNKNOWN.number(), 0, "", -1, "");
        }
        try {
            return new EcgridException(
                    Text.read(NativeMethods.ecgrid_error_message(error)),
                    NativeMethods.ecgrid_error_status(error),
                    NativeMethods.ecgrid_error_outcome(error),
                    NativeMethods.ecgrid_error_http_status(error),
                    Text.read(NativeMethods.ecgrid_error_code(error)),
                    NativeMethods.ecgrid_error_retry_after_ms(error),
                    Text.read(NativeMethods.ecgrid_error_trace_id(error)));
        } finally {
            NativeMethods.ecgrid_error_free(error);
        }
    }

    /** A refusal of what cannot be handed to the library at all, in the library's own manner. */
    static EcgridException invalidArgument(String message) {
        return new EcgridException(
                message, Status.INVALID_ARGUMENT.number(), Outcome.NOT_SENT.number(), 0, "", -1, "");
    }

    /** A call that never began. */
    static EcgridException cancelled() {
        return new EcgridException(
                "cancelled before the call began: nothing was sent", Status.CANCELLED.number(), Outcome.NOT_SENT.number(),
                0, "", -1, "");
    }

    /** What there is no native memory for, so that nothing was sent. */
    static EcgridException noMemory(String what) {
        return new EcgridException(
                "there is no memory for " + what, Status.OUT_OF_MEMORY.number(), Outcome.NOT_SENT.number(), 0, "", -1, "");
    }

    /** An answer that there was no memory to read. The call was done, so it is not to be sent again. */
    static EcgridException noMemoryToRead(int httpStatus) {
        return new EcgridException(
                "there was no memory to read the answer (HTTP " + httpStatus
                        + "): the call was done, but not all of the answer can be read",
                Status.OUT_OF_MEMORY.number(), Outcome.UNKNOWN.number(), httpStatus, "", -1, "");
    }

    /**
     * What happened.
     *
     * @return the status, never {@link Status#OK}
     */
    public final Status status() {
        return Status.of(statusNumber);
    }

    /**
     * The status as a number: what {@link Status#UNRECOGNIZED} stands for.
     *
     * @return the number of the native library's {@code ecgrid_status}
     */
    public final int statusNumber() {
        return statusNumber;
    }

    /**
     * May it be sent again?
     *
     * @return the outcome of all tries together
     */
    public final Outcome outcome() {
        return Outcome.of(outcomeNumber);
    }

    /**
     * The outcome as a number, also one that this version of the binding does not know.
     *
     * @return the number of the native library
     */
    public final int outcomeNumber() {
        return outcomeNumber;
    }

    /**
     * The status of the HTTP answer.
     *
     * @return 100 to 599, or 0 when there was no answer
     */
    public final int httpStatus() {
        return httpStatus;
    }

    /**
     * ECGrid's {@code errorCode}, such as {@code InvalidSession}.
     *
     * @return the code, or {@code ""} if the server sent none
     */
    public final String code() {
        return code;
    }

    /**
     * How long to wait before the next try: what the server asks for ({@code Retry-After}).
     *
     * <p>On a session that is over ({@link Status#UNAUTHENTICATED}), it is there when the session will log in again by
     * itself: the first call after that time causes it.
     *
     * @return the time from when the exception was thrown, to the millisecond; empty when it was not said
     */
    public final Optional<Duration> retryAfter() {
        return retryAfterMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(retryAfterMillis));
    }

    /**
     * What the server gave to find the request by: quote it when you ask ECGrid's support.
     *
     * @return the id, or {@code ""} if the server gave none
     */
    public final String traceId() {
        return traceId;
    }
}
