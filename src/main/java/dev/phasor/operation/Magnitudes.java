package dev.phasor.operation;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;

/** Magnitudes of spectrograms that came with a phase. */
final class Magnitudes {

    private Magnitudes() {}

    /** |z|; squares of floats neither over- nor underflow in double. */
    static MagnitudeSpectrogram of(ComplexSpectrogram z) {
        float[][] magnitudes = z.shape().newPlanes();
        for (int item = 0; item < magnitudes.length; item++) {
            float[] re = z.re(item);
            float[] im = z.im(item);
            float[] magnitude = magnitudes[item];
            Ranges.forEach(re.length, re.length, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    double square = (double) re[i] * re[i] + (double) im[i] * im[i];
                    magnitude[i] = (float) Math.min(Float.MAX_VALUE, Math.sqrt(square));
                }
            });
        }
        return new MagnitudeSpectrogram(z.shape(), magnitudes);
    }

    /** Bins that hold nothing, whose phase means nothing. */
    static long zeros(MagnitudeSpectrogram magnitude) {
        long[] count = new long[1];
        for (int item = 0; item < magnitude.items(); item++) {
            float[] values = magnitude.values(item);
            Ranges.inOrder(values.length, (from, to) -> {
                int zeros = 0;
                for (int i = from; i < to; i++) {
                    zeros += values[i] == 0 ? 1 : 0;
                }
                count[0] += zeros;
            });
        }
        return count[0];
    }
}
