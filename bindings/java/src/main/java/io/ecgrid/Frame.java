package io.ecgrid;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The native memory of one call: the places for its result, its error and a length, and its texts with a NUL each.
 * One allocation, wiped and freed by {@link #close()}. Belongs to one thread.
 */
final class Frame implements AutoCloseable {
    private static final int RESULT = 0;
    private static final int ERROR = 8;
    private static final int LENGTH = 16;
    private static final int TEXTS = 24;

    private final long address;
    private final long size;
    private final long[] texts;
    private final Pointer memory;

    Frame(Text... texts) {
        long end = TEXTS;
        this.texts = new long[texts.length];
        for (int i = 0; i < texts.length; i++) {
            this.texts[i] = end;
            end += texts[i].bytes().length + 1L;
        }
        size = end;
        address = Native.malloc(size);
        if (address == 0) {
            throw EcgridException.noMemory("the " + size + " bytes of a call");
        }
        memory = new Pointer(address);
        memory.setLong(RESULT, 0);
        memory.setLong(ERROR, 0);
        memory.setLong(LENGTH, 0);
        for (int i = 0; i < texts.length; i++) {
            byte[] bytes = texts[i].bytes();
            memory.write(this.texts[i], bytes, 0, bytes.length);
            memory.setByte(this.texts[i] + bytes.length, (byte) 0);
        }
    }

    /** The address of a text. */
    long text(int index) {
        return address + texts[index];
    }

    /** The out-pointer for the result. */
    long result() {
        return address + RESULT;
    }

    /** The out-pointer for the error. */
    long error() {
        return address + ERROR;
    }

    /** The out-pointer for a length. */
    long length() {
        return address + LENGTH;
    }

    /** The length that the call has written. */
    long writtenLength() {
        return memory.getLong(LENGTH);
    }

    /** What the call has written: a handle that is the caller's to free, or a number. */
    long takeResult() {
        return memory.getLong(RESULT);
    }

    /** Throws what a call's status says. */
    void check(int status) {
        if (status != Status.OK.number()) {
            throw EcgridException.take(status, memory.getLong(ERROR));
        }
    }

    /** As {@link #check}, of a round: its result is a count, also when it failed. */
    void checkRound(int status) {
        if (status != Status.OK.number()) {
            throw new EcgridRoundException(
                    EcgridException.take(status, memory.getLong(ERROR)), memory.getLong(RESULT));
        }
    }

    @Override
    public void close() {
        memory.setMemory(0, size, (byte) 0);
        Native.free(address);
    }
}
