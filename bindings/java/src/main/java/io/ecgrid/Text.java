package io.ecgrid;

import com.sun.jna.Pointer;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * Text on its way to or from the native library: UTF-8, whatever the platform's own encoding is.
 *
 * <p>Half a surrogate pair becomes the three bytes that are no UTF-8, and so an error of the library; the JDK's
 * encoders would turn it into a question mark, and the password into another one.
 */
final class Text {
    /** What it is, for a message. */
    private final String what;

    private final boolean counted;
    private final byte[] utf8;

    private Text(String what, boolean counted, byte[] utf8) {
        this.what = what;
        this.counted = counted;
        this.utf8 = utf8;
    }

    static Text of(String what, CharSequence text) {
        return new Text(what, false, encode(Objects.requireNonNull(text, what)));
    }

    static Text of(String what, char[] text) {
        return new Text(what, false, encode(CharBuffer.wrap(Objects.requireNonNull(text, what))));
    }

    /** A text that goes with its length, and so may hold anything. */
    static Text counted(String what, String text) {
        return new Text(what, true, encode(Objects.requireNonNull(text, what)));
    }

    /** A copy of what remains of {@code utf8}, as the caller may change it while a call waits for its thread. */
    static Text counted(String what, ByteBuffer utf8) {
        byte[] copy = new byte[Objects.requireNonNull(utf8, what).remaining()];
        utf8.duplicate().get(copy);
        return new Text(what, true, copy);
    }

    /**
     * A path with the bytes that the system has. Its text would have what the platform's encoding makes of them, which without
     * a locale is nothing beyond ASCII; its URI has all.
     */
    static Text path(String what, Path path) {
        // One of another file system, such as an archive, is refused here.
        File file = Objects.requireNonNull(path, what).toFile();
        if (File.separatorChar == '\\') {
            return of(what, file.getPath());
        }
        String uri = path.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) == '%') {
                bytes.write(Integer.parseInt(uri.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(uri.charAt(i));
            }
        }
        return new Text(what, false, bytes.toByteArray());
    }

    /** A text that has to be there, as an array. */
    static char[] chars(String what, String text) {
        return Objects.requireNonNull(text, what).toCharArray();
    }

    byte[] bytes() {
        return utf8;
    }

    /** Refuses what the C library would take for shorter than it is. */
    void check() {
        if (!counted && hasNul()) {
            throw EcgridException.invalidArgument(
                    what + " has a NUL character in it, which cannot be passed on to the native library");
        }
    }

    boolean hasNul() {
        for (byte each : utf8) {
            if (each == 0) {
                return true;
            }
        }
        return false;
    }

    void wipe() {
        Arrays.fill(utf8, (byte) 0);
    }

    /** A copy of the text at an address, up to its NUL. */
    static String read(long address) {
        return address == 0 ? "" : utf16(readBytes(address, new Pointer(address).indexOf(0, (byte) 0)));
    }

    static String utf16(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    static byte[] readBytes(long address, long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError(length + " bytes are more than a Java array can hold");
        }
        return new Pointer(address).getByteArray(0, (int) length);
    }

    private static byte[] encode(CharSequence text) {
        // Counted first: the text may be a secret, which a buffer that grows would leave behind in pieces.
        byte[] utf8 = new byte[length(text)];
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit < 0x80) {
                utf8[at++] = (byte) unit;
            } else if (unit < 0x800) {
                utf8[at++] = (byte) (0xC0 | unit >> 6);
                utf8[at++] = (byte) (0x80 | unit & 0x3F);
            } else if (isPair(text, i)) {
                int point = Character.toCodePoint(unit, text.charAt(++i));
                utf8[at++] = (byte) (0xF0 | point >> 18);
                utf8[at++] = (byte) (0x80 | point >> 12 & 0x3F);
                utf8[at++] = (byte) (0x80 | point >> 6 & 0x3F);
                utf8[at++] = (byte) (0x80 | point & 0x3F);
            } else {
                utf8[at++] = (byte) (0xE0 | unit >> 12);
                utf8[at++] = (byte) (0x80 | unit >> 6 & 0x3F);
                utf8[at++] = (byte) (0x80 | unit & 0x3F);
            }
        }
        return utf8;
    }

    private static int length(CharSequence text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (isPair(text, i)) {
                i++;
                length = Math.addExact(length, 4);
            } else {
                length = Math.addExact(length, unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3);
            }
        }
        return length;
    }

    private static boolean isPair(CharSequence text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
    }
}
