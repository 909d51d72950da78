package io.ecgrid;

/**
 * A folder that gets the parcels of a mailbox, each as a file: whole, once, and under a safe name that begins with the
 * parcel's id, such as {@code 9007199254740993-order.edi}. Made by {@link EcgridSession#openInbox}.
 *
 * <p>That holds whatever happens at whatever moment: the process is killed, the disk is full, the network fails. Take the files
 * away whenever you like, but do not change them where they are, and leave the hidden folder {@code .ecgrid} alone, which has
 * the inbox's notes. {@code docs/parcels.md} has the one exception, a power cut.
 *
 * <p>For blocking, interrupts, threads, fakes and {@link #close()} holds what {@link EcgridClient} says. An inbox outlives its
 * session; of two rounds at once the second waits for the first.
 */
public interface EcgridInbox extends AutoCloseable {
    /**
     * One round: everything that is pending now appears as files, and is confirmed. Whatever comes of it, call it again: what
     * is there is not received twice.
     *
     * <p>An error with one parcel does not stop the others. A timeout holds for each request, not for the round; while a parcel
     * comes, it is the longest time without a byte.
     *
     * @param options what only this round has
     * @return how many files have appeared
     * @throws EcgridRoundException if the round failed; {@link EcgridRoundException#count()} files have appeared all the same
     * @throws EcgridException if it did not begin
     */
    long receive(CallOption... options);

    /**
     * Starts {@link #receive(CallOption...)}. Cancelling the call ends that round, and no other; what it has begun, the next
     * one finishes.
     *
     * @param options what only this round has
     * @return the call
     */
    default EcgridCall<Long> receiveAsync(CallOption... options) {
        return EcgridCall.of(() -> receive(options));
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
     * Closes the inbox, when the rounds that are running have ended; only then may the folder be opened again. Does not wait
     * for them.
     */
    @Override
    void close();
}
