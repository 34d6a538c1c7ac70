package dev.phasor.compute;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends a process that is out of memory, as {@code -XX:+ExitOnOutOfMemoryError} does. The error may have ended any
 * thread, even the one that serves all connections, and a supervisor can restart the process. A jar cannot set the
 * flag, so this class also covers processes started without it: after a failed request and after an uncaught error.
 */
public final class OutOfMemory {

    /** The exit code of {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int EXIT = 3;

    private static final int DEEPEST_CAUSE = 32;

    /** The JVM's messages that concern the whole process. An array larger than any heap concerns one request only. */
    private static final Set<String> OF_THE_PROCESS =
            Set.of("Java heap space", "GC overhead limit exceeded", "Metaspace", "Compressed class space");

    private OutOfMemory() {}

    /** Covers every thread that ends with an uncaught error. */
    public static void watchThreads() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            endIfBehind(failure);
            failure.printStackTrace();
        });
    }

    /** Ends the process if {@code failure} or a cause of it is such an error. */
    public static void endIfBehind(@Nullable Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof OutOfMemoryError && OF_THE_PROCESS.contains(String.valueOf(cause.getMessage()))) {
                end();
            }
            cause = cause.getCause();
        }
    }

    private static void end() {
        try {
            System.err.println("Terminating due to java.lang.OutOfMemoryError");
        } finally {
            Runtime.getRuntime().halt(EXIT);
        }
    }
}
