package dev.phasor.codec;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Limits of what one request's bytes may decode to. Readers check them before they allocate.
 *
 * @param maxBytes the most bytes of decoded values (float32: 4 per real value, 8 per complex value) of all arrays of a
 *     file together; capped at {@link #LARGEST}
 * @param memory receives the bytes of every array before its allocation, and may refuse by throwing. A file's own
 *     length does not bound its content: a constant in FLAC or zeros in a ZIP may expand thousandfold
 * @param ahead tells how many bytes of an array may be allocated now before its values have come; a longer one grows
 *     with them
 */
public record CodecLimits(long maxBytes, LongConsumer memory, LongSupplier ahead) {

    /** Bytes of the longest float32 array in Java. */
    public static final long LARGEST = 4L * (Integer.MAX_VALUE - 8);

    public CodecLimits {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes must be >= 0, got " + maxBytes);
        }
        maxBytes = Math.min(maxBytes, LARGEST);
    }

    /** Limits of arrays that grow as their values come. */
    public CodecLimits(long maxBytes, LongConsumer memory) {
        this(maxBytes, memory, () -> 0);
    }

    /** Limits without memory accounting. */
    public CodecLimits(long maxBytes) {
        this(maxBytes, bytes -> {});
    }

    /** Reports an array of {@code bytes} bytes before its allocation. */
    void take(long bytes) {
        memory.accept(bytes);
    }

    /**
     * @param used bytes of earlier arrays of the file
     * @throws InvalidInputException {@code TOO_LARGE} if {@code used + bytes} exceeds the limit
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
