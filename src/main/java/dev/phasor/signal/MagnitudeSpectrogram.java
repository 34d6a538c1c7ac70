package dev.phasor.signal;

import dev.phasor.signal.InvalidInputException.Code;
import java.util.Arrays;

/** |STFT|: finite and non-negative, linear in amplitude (power 1). */
public final class MagnitudeSpectrogram extends RealSpectrogram {

    /** @throws InvalidInputException {@code NEGATIVE_MAGNITUDE} with the count and the first index */
    public MagnitudeSpectrogram(SpectrogramShape shape, float[][] values) {
        super(shape, values);
        long count = 0;
        String first = "";
        for (int item = 0; item < values.length; item++) {
            float[] plane = values[item];
            for (int i = 0; i < plane.length; i++) {
                if (plane[i] < 0 && count++ == 0) {
                    first = plane[i] + " at " + Arrays.toString(shape.index(item, i));
                }
            }
        }
        if (count > 0) {
            throw new InvalidInputException(
                    Code.NEGATIVE_MAGNITUDE,
                    "magnitude must be >= 0, got " + count + " negative values, the first " + first);
        }
    }
}
