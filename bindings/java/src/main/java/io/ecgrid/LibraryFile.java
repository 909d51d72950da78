package io.ecgrid;

import com.sun.jna.Platform;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a native library is made for, by its header: of one for another processor the system says that there is none. */
final class LibraryFile {
    private LibraryFile() {}

    /** Why this file cannot be loaded here, as the rest of a sentence that begins with its name; null if it might be. */
    static String misfit(File file) {
        String made;
        try (RandomAccessFile opened = new RandomAccessFile(file, "r")) {
            made = madeFor(opened);
        } catch (IOException unreadable) {
            return null;
        }
        if (made.isEmpty()) {
            return "is no native library";
        }
        // Where several processors share a name, as the kinds of arm do, the system has to say what is wrong.
        String here = (Platform.isWindows() ? "Windows" : Platform.isMac() ? "macOS" : "Unix") + " on " + Platform.ARCH;
        if (made.equals(here) || made.endsWith(" on arm") && here.startsWith(made)) {
            return null;
        }
        return "is a library for " + made + ", and this Java is for " + here;
    }

    /** Such as {@code Unix on x86-64}, or {@code ""} for what is no library. */
    private static String madeFor(RandomAccessFile file) throws IOException {
        int magic = number(file, 0, Integer.BYTES, ByteOrder.BIG_ENDIAN);
        if (magic == 0x7F454C46) {
            boolean isLittle = number(file, 5, 1, ByteOrder.BIG_ENDIAN) == 1;
            boolean is64 = number(file, 4, 1, ByteOrder.BIG_ENDIAN) == 2;
            int machine = number(file, 18, Short.BYTES, isLittle ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            return "Unix on " + ofElf(machine, is64, isLittle);
        }
        if (magic >>> 16 == 0x4D5A) {
            int header = number(file, 0x3C, Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
            int signature = number(file, header, Integer.BYTES, ByteOrder.BIG_ENDIAN);
            return signature == 0x50450000
                    ? "Windows on " + ofPe(number(file, header + 4L, Short.BYTES, ByteOrder.LITTLE_ENDIAN)) : "";
        }
        if (magic == 0xCFFAEDFE) {
            int processor = number(file, 4, Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
            return "macOS on " + (processor == 0x01000007 ? "x86-64" : processor == 0x0100000C ? "aarch64" : "another processor");
        }
        // One of several processors at once.
        return magic == 0xCAFEBABE && Platform.isMac() ? "macOS on " + Platform.ARCH : "";
    }

    private static String ofElf(int machine, boolean is64, boolean isLittle) {
        switch (machine) {
            case 3: return "x86";
            case 21: return isLittle ? "ppc64le" : "ppc64";
            case 22: return is64 ? "s390x" : "s390";
            case 40: return "arm";
            case 62: return "x86-64";
            case 183: return "aarch64";
            case 243: return is64 ? "riscv64" : "riscv32";
            case 258: return "loongarch64";
            default: return "another processor (number " + machine + " in ELF)";
        }
    }

    private static String ofPe(int machine) {
        switch (machine) {
            case 0x14C: return "x86";
            case 0x8664: return "x86-64";
            case 0xAA64: return "aarch64";
            default: return "another processor (number " + machine + " in PE)";
        }
    }

    /** Unsigned if it is shorter than an int; 0 behind the end of the file. */
    private static int number(RandomAccessFile file, long at, int bytes, ByteOrder order) throws IOException {
        byte[] read = new byte[bytes];
        if (at < 0 || at + bytes > file.length()) {
            return 0;
        }
        file.seek(at);
        file.readFully(read);
        ByteBuffer buffer = ByteBuffer.wrap(read).order(order);
        return bytes == 1 ? read[0] & 0xFF : bytes == Short.BYTES ? buffer.getShort() & 0xFFFF : buffer.getInt();
    }
}
