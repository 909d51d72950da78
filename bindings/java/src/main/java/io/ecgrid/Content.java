package io.ecgrid;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

import java.util.Objects;
import java.util.function.LongToIntFunction;

/**
 * The bytes that a call sends, in native memory: copied once, when the call is made ready, as the program may change its array
 * while the call waits for its thread. Wiped and freed when the call is over, or some time after it was dropped.
 */
final class Content implements AutoCloseable {
    /** Before the bytes: how many they are, since whoever frees them has but their address. */
    private static final int HEAD = Long.BYTES;

    private final NativeHandle handle;
    private final long length;

    Content(byte[] bytes) {
        length = Objects.requireNonNull(bytes, "the content").length;
        long address = Native.malloc(HEAD + length);
        if (address == 0) {
            throw EcgridException.noMemory("the " + length + " bytes of a content");
        }
        Pointer memory = new Pointer(address);
        memory.setLong(0, length);
        memory.write(HEAD, bytes, 0, bytes.length);
        handle = NativeHandle.own(this, NativeHandle.Kind.CONTENT, address);
    }

    long length() {
        return length;
    }

    /** Calls with the address of the first byte. */
    int use(LongToIntFunction call) {
        return handle.use(address -> call.applyAsInt(address + HEAD));
    }

    @Override
    public void close() {
        handle.close();
    }

    static void free(long address) {
        Pointer memory = new Pointer(address);
        memory.setMemory(0, HEAD + memory.getLong(0), (byte) 0);
        Native.free(address);
    }
}
