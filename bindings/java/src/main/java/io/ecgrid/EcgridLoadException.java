package io.ecgrid;

/**
 * The native library could not be loaded, or does not fit this version of the binding. The message says what to do.
 *
 * <p>Thrown by whatever uses the library first. The next use tries again.
 */
public final class EcgridLoadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EcgridLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
