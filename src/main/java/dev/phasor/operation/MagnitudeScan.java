package dev.phasor.operation;

import dev.phasor.codec.NpyFrames;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sees every value of a magnitude's file once, in the file's order, and counts those that no magnitude has. */
public final class MagnitudeScan {

    private final NpyFrames array;
    private long seen;
    private long nonFinite;
    private long negative;
    private long zeros;
    private @Nullable String firstNonFinite;
    private @Nullable String firstNegative;

    public MagnitudeScan(NpyFrames array) {
        this.array = array;
    }

    /**
     * @param bytes the next whole values
     * @param values room for as many
     */
    public void take(ByteBuffer bytes, float[] values) {
        int count = bytes.remaining() / array.valueBytes();
        array.decode(bytes, values);
        for (int i = 0; i < count; i++) {
            float value = values[i];
            if (!Float.isFinite(value) && nonFinite++ == 0) {
                firstNonFinite = array.index(seen + i);
            } else if (value < 0 && negative++ == 0) {
                firstNegative = array.index(seen + i);
            } else if (value == 0) {
                zeros++;
            }
        }
        seen += count;
    }

    /** Bins that hold nothing, whose phase means nothing. */
    long zeros() {
        return zeros;
    }

    /** @throws InvalidInputException {@code NON_FINITE_INPUT}, {@code NEGATIVE_MAGNITUDE} */
    public void check() {
        if (nonFinite > 0) {
            throw Finite.nonFinite("magnitude", nonFinite, array.shape().toString(), String.valueOf(firstNonFinite));
        }
        if (negative > 0) {
            throw new InvalidInputException(
                    Code.NEGATIVE_MAGNITUDE,
                    "magnitude must be >= 0, got " + negative + " negative values, the first at " + firstNegative
                            + "; a logarithm (ln, dB, log-mel) must be undone");
        }
    }
}
