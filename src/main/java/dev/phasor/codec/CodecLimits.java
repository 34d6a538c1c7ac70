package dev.phasor.codec;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.function.LongConsumer;

/**
 * What one request may make of its bytes. Readers check it before they take the memory.
 *
 * @param maxBytes the most bytes of decoded values (float32: 4 a real value, 8 a complex one), over all arrays of a
 *     file; more than {@link #LARGEST} means {@link #LARGEST}
 * @param memory is told the bytes of every array before it is made, and may refuse by an exception: a file may hold
 *     thousands of times its own size (a constant in FLAC, zeros in a ZIP), so that its length says nothing
 */
public record CodecLimits(long maxBytes, LongConsumer memory) {

    /** As many float32 values as a Java array can hold. */
    public static final long LARGEST = 4L * (Integer.MAX_VALUE - 8);

    public CodecLimits {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes must be >= 0, got " + maxBytes);
        }
        maxBytes = Math.min(maxBytes, LARGEST);
    }

    /** Limits without an account of memory. */
    public CodecLimits(long maxBytes) {
        this(maxBytes, bytes -> {});
    }

    /** Before an array of so many bytes is made. */
    void take(long bytes) {
        memory.accept(bytes);
    }

    /**
     * @param used what earlier arrays of the file have taken
     * @throws InvalidInputException {@code TOO_LARGE} if {@code used + bytes} is more than allowed
     */
    void check(String what, long used, long bytes) {
        if (bytes > maxBytes - used) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    what + ": decoded values must be at most " + maxBytes + " bytes, got " + bytes
                            + (used == 0 ? "" : " after " + used));
        }
    }
}
