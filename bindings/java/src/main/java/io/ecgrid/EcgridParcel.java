package io.ecgrid;

import java.io.InputStream;

/**
 * A parcel that was downloaded into memory. Immutable, for any number of threads.
 *
 * <p>It belongs to whoever got it: close it, and its memory is wiped. One that is not closed is freed some time after it has
 * become unreachable. After {@link #close()}, methods throw {@link IllegalStateException}.
 *
 * <p>An interface, so that tests can have another. Methods are added to it in later versions.
 */
public interface EcgridParcel extends AutoCloseable {
    /**
     * The id that was asked for.
     *
     * @return the id
     */
    long id();

    /**
     * The file name as ECGrid says it. It is the sender's word, and may be {@code ../../etc/passwd}: do not make a path of it.
     *
     * @return the name; {@code ""} when there is none
     */
    String fileName();

    /**
     * How long the content is.
     *
     * @return the number of bytes
     */
    long length();

    /**
     * The content: any bytes.
     *
     * @return a copy, the caller's
     */
    byte[] content();

    /**
     * The content, which is not copied as a whole. Each stream begins at the first byte.
     *
     * @return a stream for one thread; it keeps the parcel from being collected, but when that is closed it throws
     *     {@link IllegalStateException}. It need not be closed
     */
    InputStream stream();

    /**
     * Wipes and frees the parcel. Closing twice is fine, and so is closing while another thread is using it: that one ends
     * well.
     */
    @Override
    void close();
}
