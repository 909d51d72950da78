package io.ecgrid;

import java.nio.file.Path;

/**
 * What a session can do with parcels, one at a time and in folders. A parcel is one file on its way from one mailbox to another.
 *
 * <p>To receive one: list what is pending, download it, and confirm it when it is safe on your disk. Some of ECGrid's pages say
 * that a parcel is listed no more once it was downloaded, so note its id before. To send one: upload it. When an upload fails
 * with {@link Outcome#UNKNOWN}, look into ECGrid's outbox ({@code /v2/parcels/outbox-list}) before you send it again: ECGrid
 * takes a second upload for another parcel. {@link #openInbox} and {@link #openOutbox} do all this by themselves, and keep their
 * promise also when the process dies.
 *
 * <p>A {@link Path} is one of the default file system. While a parcel goes to or comes from a file, the timeout is the longest
 * time without a byte, and memory does not grow with the parcel.
 *
 * <p>For fakes: each method that a fake does not have throws {@link UnsupportedOperationException}, and what it starts has ended
 * when {@code …Async} returns.
 */
public interface EcgridParcels {
    /**
     * Lists what is pending in a mailbox: {@code /0/parcelId}, {@code /0/fileName}, {@code /0/bytes}, {@code /0/ecGridIdFrom}
     * and so on, as many as {@code count("")} says.
     *
     * @param mailboxId the mailbox; 0 for the account's own
     * @param options what only this call has
     * @return the answer, the caller's to close
     * @throws EcgridException if the call fails
     */
    default EcgridResponse pending(long mailboxId, CallOption... options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts {@link #pending(long, CallOption...)}.
     *
     * @param mailboxId the mailbox; 0 for the account's own
     * @param options what only this call has
     * @return the call, whose answer is the caller's to close
     */
    default EcgridCall<EcgridResponse> pendingAsync(long mailboxId, CallOption... options) {
        return EcgridCall.of(() -> pending(mailboxId, options));
    }

    /**
     * Downloads a parcel into memory, decoded; as large as {@link EcgridOptions.Builder#maxResponseBytes(long)} says.
     *
     * @param parcelId the parcel
     * @param options what only this call has
     * @return the parcel, the caller's to close
     * @throws EcgridException if the call fails
     */
    default EcgridParcel download(long parcelId, CallOption... options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts {@link #download(long, CallOption...)}.
     *
     * @param parcelId the parcel
     * @param options what only this call has
     * @return the call, whose parcel is the caller's to close
     */
    default EcgridCall<EcgridParcel> downloadAsync(long parcelId, CallOption... options) {
        return EcgridCall.of(() -> download(parcelId, options));
    }

    /**
     * Downloads a parcel to a file that is not there yet. When this method returns, it is there, whole, and on the disk; when
     * it throws, nothing is. Nothing is ever overwritten.
     *
     * @param parcelId the parcel
     * @param file the file to come
     * @param options what only this call has
     * @throws EcgridException if the call fails; with {@link Status#FILE} if something has that name, the disk is full, and so on
     */
    default void download(long parcelId, Path file, CallOption... options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts {@link #download(long, Path, CallOption...)}.
     *
     * @param parcelId the parcel
     * @param file the file to come
     * @param options what only this call has
     * @return the call
     */
    default EcgridCall<Void> downloadAsync(long parcelId, Path file, CallOption... options) {
        return EcgridCall.of(() -> {
            download(parcelId, file, options);
            return null;
        });
    }

    /**
     * Tells ECGrid that a parcel is safe: it is pending no more. Confirming twice is a success and changes nothing.
     *
     * @param parcelId the parcel
     * @param options what only this call has
     * @throws EcgridException if the call fails
     */
    default void confirm(long parcelId, CallOption... options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts {@link #confirm(long, CallOption...)}.
     *
     * @param parcelId the parcel
     * @param options what only this call has
     * @return the call
     */
    default EcgridCall<Void> confirmAsync(long parcelId, CallOption... options) {
        return EcgridCall.of(() -> {
            confirm(parcelId, options);
            return null;
        });
    }

    /**
     * Sends a parcel from memory.
     *
     * @param content any bytes
     * @param fileName what the addressee sees
     * @param route from whom and to whom; null: the envelope of the content says it
     * @param options what only this call has
     * @return the id of the new parcel
     * @throws EcgridException if the call fails
     */
    default long upload(byte[] content, String fileName, EcgridRoute route, CallOption... options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts {@link #upload(byte[], String, EcgridRoute, CallOption...)}.
     *
     * @param content any bytes, copied by this method
     * @param fileName what the addressee sees
     * @param route from whom and to whom; null: the envelope of the content says it
     * @param options what only this call has
     * @return the call, which brings the id of the new parcel
     */
    default EcgridCall<Long> uploadAsync(byte[] content, String fileName, EcgridRoute route, CallOption... options) {
        return EcgridCall.of(() -> upload(content, fileName, route, options));
    }

    /**
     * Sends a file as a parcel. A file that changes meanwhile is {@link Status#FILE}, and ECGrid does not get the whole of it:
     * write it elsewhere, and rename it when it is whole.
     *
     * @param file the file
     * @param fileName what the addressee sees; null for the file's own name
     * @param route from whom and to whom; null: the envelope of the content says it
     * @param options what only this call has
     * @return the id of the new parcel
     * @throws EcgridException if the call fails
     */
    default long upload(Path file, String fileName, EcgridRoute route, CallOption... options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts {@link #upload(Path, String, EcgridRoute, CallOption...)}.
     *
     * @param file the file
     * @param fileName what the addressee sees; null for the file's own name
     * @param route from whom and to whom; null: the envelope of the content says it
     * @param options what only this call has
     * @return the call, which brings the id of the new parcel
     */
    default EcgridCall<Long> uploadAsync(Path file, String fileName, EcgridRoute route, CallOption... options) {
        return EcgridCall.of(() -> upload(file, fileName, route, options));
    }

    /**
     * Opens a folder as the inbox of a mailbox. Makes no request.
     *
     * @param folder the folder, on a local disk; it must be there, and no other inbox or outbox may have it
     * @param mailboxId the mailbox; 0 for the account's own
     * @return the inbox, the caller's to close
     * @throws EcgridException if it cannot be opened; with {@link Status#INVALID_STATE} when another inbox or outbox has it
     */
    default EcgridInbox openInbox(Path folder, long mailboxId) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a folder as an outbox. Makes no request.
     *
     * @param folder the folder, on a local disk; it must be there, and no other inbox or outbox may have it
     * @param route from whom and to whom its files go; null: the envelope of each says it
     * @return the outbox, the caller's to close
     * @throws EcgridException if it cannot be opened; with {@link Status#INVALID_STATE} when another inbox or outbox has it
     */
    default EcgridOutbox openOutbox(Path folder, EcgridRoute route) {
        throw new UnsupportedOperationException();
    }
}
