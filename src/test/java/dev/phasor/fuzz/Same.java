package dev.phasor.fuzz;

import dev.phasor.codec.NpyArray;
import dev.phasor.signal.AudioSignal;
import java.util.Arrays;

/** Values that must not differ by a bit; a NaN is a NaN. */
final class Same {

    private Same() {}

    static void sound(AudioSignal expected, AudioSignal actual) {
        boolean same = expected.shape().equals(actual.shape()) && expected.sampleRate() == actual.sampleRate();
        for (int item = 0; same && item < expected.items(); item++) {
            same = Arrays.equals(expected.samples(item), actual.samples(item));
        }
        require(same);
    }

    static void array(NpyArray expected, NpyArray actual) {
        require(expected.shape().equals(actual.shape())
                && expected.isComplex() == actual.isComplex()
                && Arrays.equals(expected.real(), actual.real())
                && (!expected.isComplex() || Arrays.equals(expected.imaginary(), actual.imaginary())));
    }

    private static void require(boolean same) {
        if (!same) {
            throw new AssertionError("what was written must be read again as it was");
        }
    }
}
