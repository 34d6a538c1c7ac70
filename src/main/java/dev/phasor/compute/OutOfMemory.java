package dev.phasor.compute;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends a process that is out of memory, as {@code -XX:+ExitOnOutOfMemoryError} does. A thread that it took answers
 * nobody any more, be it the one that reads every connection, and whoever started the process starts it anew. The flag
 * cannot stand in a jar, so a process that was started without it ends here: where a request fails, and where a thread
 * does.
 */
public final class OutOfMemory {

    /** The flag's own. */
    private static final int EXIT = 3;

    private static final int DEEPEST_CAUSE = 32;

    /** What the JVM says of the process as a whole; an array beyond what any heap holds is one request's fault. */
    private static final Set<String> OF_THE_PROCESS =
            Set.of("Java heap space", "GC overhead limit exceeded", "Metaspace", "Compressed class space");

    private OutOfMemory() {}

    /** For every thread that ends by what it throws. */
    public static void watchThreads() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            endIfBehind(failure);
            failure.printStackTrace();
        });
    }

    /** Does nothing for any other failure. */
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
