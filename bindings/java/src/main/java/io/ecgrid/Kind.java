package io.ecgrid;

/** What kind of JSON a pointer leads to. */
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
        return values()[number];
    }
}
