package io.ecgrid;

import java.lang.ref.Reference;

/**
 * One answer of the API. Immutable, for any number of threads.
 *
 * <p>It belongs to whoever got it: close it, and its memory is wiped. One that is not closed is freed some time after it
 * has become unreachable. After {@link #close()}, methods throw {@link IllegalStateException}.
 *
 * <p>{@link #getString(String)}, {@link #getLong(String, long)}, {@link #count(String)} and {@link #kind(String)} take a JSON pointer (RFC 6901) into the answer's
 * {@code data}, such as {@code /version} or {@code /list/0/id}; {@code ""} is {@code data} itself. Names match exactly
 * first, then without ASCII case.
 *
 * <p>ECGrid has lists in three shapes: a bare array, totals beside {@code data}, totals inside it. One rule reaches into
 * all of them: {@code /0/parcelId} is the first row's, and {@code /totalRecords} the total, where there is one; {@code ""}
 * counts the rows:
 *
 * <pre>{@code
 * for (long row = 0; row < inbox.count(""); row++) {
 *     process(inbox.getLong("/" + row + "/parcelId", 0), inbox.getString("/" + row + "/fileName"));
 * }
 * }</pre>
 *
 * <p>What there is no native memory for is never taken for what is not there: an {@link EcgridException} with
 * {@link Status#OUT_OF_MEMORY} says so. The call itself was done.
 */
public final class EcgridResponse implements AutoCloseable {
    private final NativeHandle handle;

    EcgridResponse(long response) {
        handle = NativeHandle.own(this, NativeHandle.Kind.RESPONSE, response);
    }

    /**
     * An answer as ECGrid might send it, for tests: a fake returns it.
     *
     * @param json the whole body, such as {@code {"success": true, "data": {"parcelId": 7}}}
     * @return the answer, with HTTP status 200 and no headers, the caller's to close
     * @throws EcgridException with {@link Status#REJECTED} if it says {@code "success": false}, and with
     *     {@link Status#BAD_RESPONSE} if it is no JSON, as a call that is answered so
     * @throws EcgridLoadException if there is no native library
     */
    public static EcgridResponse of(String json) {
        NativeLoader.load();
        Text text = Text.counted("the JSON", json);
        long length = text.bytes().length;
        return new Call<>((none, frame) -> NativeMethods.ecgrid_response_from_json(
                frame.text(0), length, frame.result(), frame.error()), EcgridResponse::new, text).through(0);
    }

    /**
     * The HTTP status of the answer.
     *
     * @return 200 to 299
     */
    public int httpStatus() {
        try {
            return handle.use(NativeMethods::ecgrid_response_http_status);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * The whole answer as received.
     *
     * @return the JSON text
     * @throws EcgridException if there was no memory to read it
     */
    public String body() {
        return Text.utf16(bodyUtf8());
    }

    /**
     * The whole answer as received, in UTF-8.
     *
     * @return a copy of the JSON text, the caller's
     * @throws EcgridException if there was no memory to read it
     */
    public byte[] bodyUtf8() {
        return sized(NativeMethods::ecgrid_response_body);
    }

    /**
     * The JSON text of {@code data}, exactly as received: for a JSON library of your choice.
     *
     * @return the JSON text, {@code null} in JSON if the answer has none
     * @throws EcgridException if there was no memory to read it
     */
    public String data() {
        return Text.utf16(dataUtf8());
    }

    /**
     * As {@link #data()}, in UTF-8, which JSON libraries read without a detour.
     *
     * @return a copy of the JSON text, the caller's
     * @throws EcgridException if there was no memory to read it
     */
    public byte[] dataUtf8() {
        return sized(NativeMethods::ecgrid_response_data);
    }

    /**
     * A string, number or boolean of {@code data} as text.
     *
     * @param pointer where it is: a JSON pointer
     * @return the text; {@code ""} when the pointer leads to none of these, or is malformed
     * @throws EcgridException if there was no memory to read it
     */
    public String getString(String pointer) {
        return ask("the pointer", pointer, "", (response, text) ->
                Text.read(NativeMethods.ecgrid_response_string(response, text)));
    }

    /**
     * A whole number of {@code data}, also one in a string.
     *
     * @param pointer where it is: a JSON pointer
     * @param fallback what to return when the pointer leads to no whole number of 64 bits, or is malformed
     * @return the number
     * @throws EcgridException if there was no memory to read it
     */
    public long getLong(String pointer, long fallback) {
        return ask("the pointer", pointer, fallback, (response, text) ->
                NativeMethods.ecgrid_response_int(response, text, fallback));
    }

    /**
     * How many elements an array has, or members an object.
     *
     * @param pointer where it is: a JSON pointer; {@code ""} counts the rows of a list in each of its three shapes
     * @return the number; -1 when the pointer leads to neither, or is malformed
     * @throws EcgridException if there was no memory to read it
     */
    public long count(String pointer) {
        return ask("the pointer", pointer, -1L, NativeMethods::ecgrid_response_count);
    }

    /**
     * What kind of value a pointer leads to: it tells an empty string from {@code null} and from nothing.
     *
     * @param pointer where it is: a JSON pointer
     * @return the kind; {@link Kind#MISSING} also when the pointer is malformed
     * @throws EcgridException if there was no memory to read it
     */
    public Kind kind(String pointer) {
        return ask("the pointer", pointer, Kind.MISSING, (response, text) ->
                Kind.of(NativeMethods.ecgrid_response_kind(response, text)));
    }

    /**
     * A header of the answer, such as {@code ETag}. Of several of one name it is the first.
     *
     * @param name its name, in any case
     * @return the value; {@code ""} when the answer has no such header
     */
    public String header(String name) {
        return ask("the name", name, "", (response, text) ->
                Text.read(NativeMethods.ecgrid_response_header(response, text)));
    }

    /**
     * Wipes and frees the answer. Closing twice is fine, and so is closing while another thread is using it: that one
     * ends well.
     */
    @Override
    public void close() {
        try {
            handle.close();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Tells the status; the answer itself may hold secrets. */
    @Override
    public String toString() {
        try {
            return "EcgridResponse[httpStatus=" + httpStatus() + "]";
        } catch (IllegalStateException closed) {
            return "EcgridResponse[closed]";
        }
    }

    private interface Question<T> {
        T of(long response, long text);
    }

    /** Asks with a text; {@code none} is the answer when there is nothing. */
    private <T> T ask(String what, String asked, T none, Question<T> question) {
        Text text = Text.of(what, asked);
        try {
            return handle.use(response -> {
                if (text.hasNul()) {
                    return none;
                }
                try (Frame frame = new Frame(text)) {
                    T answer = question.of(response, frame.text(0));
                    return answer.equals(none) ? sure(response, answer) : answer;
                }
            });
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private interface Sized {
        long of(long response, long length);
    }

    private byte[] sized(Sized accessor) {
        try {
            return handle.use(response -> {
                try (Frame frame = new Frame()) {
                    byte[] text = Text.readBytes(accessor.of(response, frame.length()), frame.writtenLength());
                    return text.length == 0 ? sure(response, text) : text;
                }
            });
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** What stands for no value, unless it is memory that was missing. */
    private static <T> T sure(long response, T none) {
        if (NativeMethods.ecgrid_response_status(response) == Status.OK.number()) {
            return none;
        }
        throw EcgridException.noMemoryToRead(NativeMethods.ecgrid_response_http_status(response));
    }
}
