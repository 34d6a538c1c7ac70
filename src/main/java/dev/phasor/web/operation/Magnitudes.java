package dev.phasor.web.operation;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;

/** Magnitudes of spectrograms that came with a phase. */
final class Magnitudes {

    private Magnitudes() {}

    /** |z|; squares of floats neither over- nor underflow in double. */
    static MagnitudeSpectrogram of(ComplexSpectrogram z) {
        float[][] magnitudes = z.shape().newPlanes();
        for (int item = 0; item < magnitudes.length; item++) {
            float[] re = z.re(item);
            float[] im = z.im(item);
            for (int i = 0; i < re.length; i++) {
                magnitudes[item][i] =
                        (float) Math.min(Float.MAX_VALUE, Math.sqrt((double) re[i] * re[i] + (double) im[i] * im[i]));
            }
        }
        return new MagnitudeSpectrogram(z.shape(), magnitudes);
    }

    /** Bins that hold nothing, whose phase means nothing. */
    static long zeros(MagnitudeSpectrogram magnitude) {
        long count = 0;
        for (int item = 0; item < magnitude.items(); item++) {
            for (float value : magnitude.values(item)) {
                count += value == 0 ? 1 : 0;
            }
        }
        return count;
    }
}
