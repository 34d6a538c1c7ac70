package dev.phasor.operation;

import dev.phasor.signal.SpectrogramShape;
import java.util.Arrays;

/** Counts what is not finite of a spectrogram that comes frame by frame, with the first index in numpy's order. */
final class NonFiniteBins {

    private final SpectrogramShape shape;
    private long count;
    private int first = Integer.MAX_VALUE;

    NonFiniteBins(SpectrogramShape shape) {
        this.shape = shape;
    }

    boolean none() {
        return count == 0;
    }

    /**
     * @param re [item][frame][bin], as is {@code im}
     * @param position of the first of these frames
     */
    void count(float[][] re, float[][] im, int position) {
        for (int item = 0; item < re.length; item++) {
            for (int i = 0; i < re[item].length; i++) {
                if (!(Float.isFinite(re[item][i]) && Float.isFinite(im[item][i]))) {
                    count++;
                    int bin = i % shape.bins();
                    int frame = position + i / shape.bins();
                    first = Math.min(first, (item * shape.bins() + bin) * shape.frames() + frame);
                }
            }
        }
    }

    /** @throws dev.phasor.signal.InvalidInputException {@code NON_FINITE_INPUT} if there are any */
    void refuse() {
        if (count > 0) {
            throw Finite.nonFinite(
                    "spectrogram",
                    count,
                    shape.shape().toString(),
                    Arrays.toString(shape.shape().index(first)));
        }
    }
}
