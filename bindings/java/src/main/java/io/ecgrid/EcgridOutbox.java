package io.ecgrid;

import java.time.Duration;

/**
 * A folder whose files are sent as parcels, each once, and then moved to {@code sent/}, {@code refused/} or {@code unclear/}
 * in it. Made by {@link EcgridSession#openOutbox}.
 *
 * <p>To drop a file in, write it under another name, which begins with a dot or ends in {@code .tmp} or {@code .part}, or in
 * another folder of the same disk, and rename it when it is whole. Leave the hidden folder {@code .ecgrid} alone, which has the
 * outbox's notes. {@code docs/parcels.md} has what is promised.
 *
 * <p>For blocking, interrupts, threads, fakes and {@link #close()} holds what {@link EcgridClient} says. An outbox outlives its
 * session; of two rounds at once the second waits for the first.
 */
public interface EcgridOutbox extends AutoCloseable {
    /**
     * How long ECGrid may take to show an upload in its outbox list; ten minutes at first. A file that may have been sent is
     * sent again no sooner.
     *
     * @param time the time; what is not a whole millisecond is rounded up
     * @throws EcgridException with {@link Status#INVALID_ARGUMENT} if it is negative
     */
    void setSettleTime(Duration time);

    /**
     * One round: every file that lies in the folder now is sent. Whatever comes of it, call it again: what may have been sent
     * is not sent again before that is known.
     *
     * <p>An error with one file does not stop the others, unless it says nothing about the file. A timeout holds for each
     * request, not for the round; while a file goes, it is the longest time without a byte.
     *
     * @param options what only this round has
     * @return how many files are known to be sent
     * @throws EcgridRoundException if the round failed; {@link EcgridRoundException#count()} files are known to be sent all the
     *     same
     * @throws EcgridException if it did not begin
     */
    long send(CallOption... options);

    /**
     * Starts {@link #send(CallOption...)}. Cancelling the call ends that round, and no other; what it has begun, the next one
     * finishes.
     *
     * @param options what only this round has
     * @return the call
     */
    default EcgridCall<Long> sendAsync(CallOption... options) {
        return EcgridCall.of(() -> send(options));
    }

    /**
     * Ends the rounds that are running now, also those that wait for another or for their thread: each fails with
     * {@link Status#CANCELLED}. What they have begun, the next one finishes. A round that begins at this very moment may go on;
     * {@link EcgridCall#cancel()} misses none.
     */
    void cancel();

    /** As {@link #cancel()}, and for good: every later round fails with {@link Status#CANCELLED} too, and no round is missed. */
    void stop();

    /**
     * Closes the outbox, when the rounds that are running have ended; only then may the folder be opened again. Does not wait
     * for them.
     */
    @Override
    void close();
}
