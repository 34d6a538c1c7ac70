package dev.phasor.fuzz;

import com.sun.management.ThreadMXBean;
import dev.phasor.codec.CodecLimits;
import dev.phasor.signal.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Runs a reader under what holds for every input: one exception, a second for a megabyte, and a bounded memory. */
public final class Bounded {

    /** What may be decoded. */
    public static final CodecLimits LIMITS = new CodecLimits(1 << 20);

    private static final long NANOS = 1_000_000_000L;

    /** Arrays that grow to the limit by doubling, buffers, and a block of FLAC; an input is held a few times. */
    private static final long MAX_ALLOCATED = 16 << 20;

    private static final int MAX_ALLOCATED_PER_BYTE = 64;

    private static final int ATTEMPTS = 3;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Reads a whole value. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    private Bounded() {}

    /**
     * @return the value, or nothing where the bytes were refused
     * @throws AssertionError if that took too long or too much memory
     */
    public static <T> Optional<T> read(byte[] bytes, Reader<T> reader) {
        for (int attempt = 1; ; attempt++) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            Optional<T> value = value(bytes, reader);
            long nanos = System.nanoTime() - start;
            allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
            boolean hangs = nanos > NANOS + NANOS * (bytes.length >> 20);
            boolean swells = allocated > MAX_ALLOCATED + (long) MAX_ALLOCATED_PER_BYTE * bytes.length;
            if (!hangs && !swells) {
                return value;
            }
            // Classes are loaded, and the machine is another's, now and then but not thrice.
            if (attempt == ATTEMPTS) {
                throw new AssertionError(bytes.length + " bytes took " + nanos / 1_000_000 + " ms and " + allocated
                        + " bytes of memory");
            }
        }
    }

    private static <T> Optional<T> value(byte[] bytes, Reader<T> reader) {
        try {
            return Optional.of(reader.read(new ByteArrayInputStream(bytes)));
        } catch (InvalidInputException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new AssertionError("from memory no read can fail", e);
        }
    }
}
