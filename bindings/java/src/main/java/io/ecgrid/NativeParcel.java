package io.ecgrid;

import com.sun.jna.Pointer;

import java.io.InputStream;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.function.LongFunction;

/** A parcel of the native library's. */
final class NativeParcel implements EcgridParcel {
    private final NativeHandle handle;

    NativeParcel(long parcel) {
        handle = NativeHandle.own(this, NativeHandle.Kind.PARCEL, parcel);
    }

    @Override
    public long id() {
        return use(NativeMethods::ecgrid_parcel_id);
    }

    @Override
    public String fileName() {
        return use(parcel -> Text.read(NativeMethods.ecgrid_parcel_file_name(parcel)));
    }

    @Override
    public long length() {
        return use(NativeMethods::ecgrid_parcel_length);
    }

    @Override
    public byte[] content() {
        return use(parcel -> Text.readBytes(
                NativeMethods.ecgrid_parcel_content(parcel), NativeMethods.ecgrid_parcel_length(parcel)));
    }

    @Override
    public InputStream stream() {
        return new Stream(length());
    }

    @Override
    public void close() {
        try {
            handle.close();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Tells the id; name and content are somebody's business. */
    @Override
    public String toString() {
        try {
            return "EcgridParcel[id=" + id() + "]";
        } catch (IllegalStateException closed) {
            return "EcgridParcel[closed]";
        }
    }

    private <T> T use(LongFunction<T> read) {
        try {
            return handle.use(read);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Reads the content where it is. */
    private final class Stream extends InputStream {
        private final long length;
        private long at;

        Stream(long length) {
            this.length = length;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int most) {
            Objects.checkFromIndexSize(offset, most, buffer.length);
            return use(parcel -> {
                int count = (int) Math.min(most, length - at);
                if (count == 0) {
                    return most == 0 ? 0 : -1;
                }
                new Pointer(NativeMethods.ecgrid_parcel_content(parcel)).read(at, buffer, offset, count);
                at += count;
                return count;
            });
        }

        @Override
        public long skip(long most) {
            long count = Math.max(0, Math.min(most, length - at));
            at += count;
            return count;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, length - at);
        }
    }
}
