package io.ecgrid;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * What the native library tells, on its way to a function of the program's. There are two native functions for all
 * configurations, which live as long as Java does; a configuration has a number, and its function is kept here until the
 * library has released that.
 */
final class Log {
    /** The numbers of the native library's levels are the places in here. */
    static final Level[] LEVELS = {Level.OFF, Level.ERROR, Level.WARNING, Level.INFO, Level.DEBUG};

    static final String LOGGER = "io.ecgrid";
    private static final String VARIABLE = "ECGRID_LOG";

    private static final Map<Long, BiConsumer<Level, String>> FUNCTIONS = new ConcurrentHashMap<>();
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Told TOLD = Log::told;
    private static final Released RELEASED = FUNCTIONS::remove;

    static {
        // Threads of the library's own may tell too. They are no reason for Java to stay.
        for (Callback callback : new Callback[] {TOLD, RELEASED}) {
            Native.setCallbackThreadInitializer(callback, new CallbackThreadInitializer(true, true, "ecgrid"));
        }
    }

    private Log() {}

    private interface Told extends Callback {
        void call(long number, int level, long line);
    }

    private interface Released extends Callback {
        void call(long number);
    }

    /** As the program's logging says now, unless the variables of the native library ask for a file. */
    static void toSystemLogger(long config) {
        String variable = System.getenv(VARIABLE);
        if (variable != null && !variable.isEmpty()) {
            return;
        }
        System.Logger logger = System.getLogger(LOGGER);
        for (int number = LEVELS.length - 1; number > 0; number--) {
            if (logger.isLoggable(LEVELS[number])) {
                to(config, LEVELS[number], logger::log);
                return;
            }
        }
    }

    static void to(long config, Level level, BiConsumer<Level, String> function) {
        long number = NUMBERS.incrementAndGet();
        FUNCTIONS.put(number, function);
        try {
            Call.ofNothing((handle, frame) -> NativeMethods.ecgrid_config_set_log(
                    handle, numberOf(level), address(TOLD), number, address(RELEASED), frame.error())).through(config);
        } catch (Throwable failure) {
            FUNCTIONS.remove(number);
            throw failure;
        }
    }

    /** How many functions may still be called. */
    static int kept() {
        return FUNCTIONS.size();
    }

    /** That of the library's levels that tells as much, TRACE and ALL being its last. */
    static int numberOf(Level level) {
        int number = LEVELS.length - 1;
        while (LEVELS[number].getSeverity() < level.getSeverity()) {
            number--;
        }
        return number;
    }

    private static void told(long number, int level, long line) {
        try {
            FUNCTIONS.get(number).accept(LEVELS[Math.min(level, LEVELS.length - 1)], Text.read(line));
        } catch (Throwable caught) {
            // There is nobody to throw it to.
        }
    }

    private static long address(Callback callback) {
        return Pointer.nativeValue(CallbackReference.getFunctionPointer(callback));
    }
}
