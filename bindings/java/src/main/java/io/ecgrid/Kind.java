package io.ecgrid;

/** What kind of JSON a pointer leads to: {@link EcgridResponse#kind(String)} tells. */
public enum Kind {
    /** The pointer leads to nothing. */
    MISSING(0),

    /** {@code null}. */
    NULL(1),

    /** {@code true} or {@code false}. */
    BOOLEAN(2),

    /** A number of any size. */
    NUMBER(3),

    /** A string. */
    STRING(4),

    /** An array. */
    ARRAY(5),

    /** An object. */
    OBJECT(6);

    private static final Kind[] BY_NUMBER = values();

    private final int number;

    Kind(int number) {
        this.number = number;
    }

    /**
     * The number that the native library and all other bindings use for it.
     *
     * @return the number
     */
    public int number() {
        return number;
    }

    static Kind of(int number) {
        // The declaration order is that of the numbers; the test of the constants holds it to that.
        return BY_NUMBER[number];
    }
}
