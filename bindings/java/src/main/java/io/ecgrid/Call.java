package io.ecgrid;

import java.util.function.LongFunction;

/**
 * One call that can fail, ready to be made once through a handle: what a blocking method makes at once, and a
 * {@link RunningCall} on its thread through a clone.
 *
 * @param <T> what it brings
 */
final class Call<T> {
    /** The C function. */
    interface Function {
        int call(long handle, Frame frame);
    }

    private final Function function;
    private final LongFunction<T> result;
    private final Content content;
    private final Text[] texts;

    /** {@code result} makes an object of the handle that the function wrote, and owns that from then on. */
    Call(Function function, LongFunction<T> result, Text... texts) {
        this(function, result, null, texts);
    }

    /** With a content, or null, which the function uses and the call is to free. */
    Call(Function function, LongFunction<T> result, Content content, Text... texts) {
        this.function = function;
        this.result = result;
        this.content = content;
        this.texts = texts;
    }

    /** A call that brings nothing. */
    static Call<Void> ofNothing(Function function, Text... texts) {
        return new Call<>(function, none -> null, texts);
    }

    T through(long handle) {
        try {
            for (Text text : texts) {
                text.check();
            }
            try (Frame frame = new Frame(texts)) {
                frame.check(function.call(handle, frame));
                return result.apply(frame.takeResult());
            }
        } finally {
            wipe();
        }
    }

    /** Also for a call that is never made. */
    void wipe() {
        for (Text text : texts) {
            text.wipe();
        }
        if (content != null) {
            content.close();
        }
    }
}
