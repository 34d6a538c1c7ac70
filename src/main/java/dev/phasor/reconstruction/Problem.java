package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.Stft;
import org.jspecify.annotations.Nullable;

/**
 * One item to reconstruct.
 *
 * @param kernels the kernels that compute
 * @param stft the transform
 * @param magnitude [frame][bin]; not to be modified
 * @param item the item's index in the request
 * @param length samples to deliver
 * @param parameters the parameters of the whole request
 * @param begun the phases of the first frames, [frame][bin], where sound before them has decided on them; else null
 */
record Problem(
        Kernels kernels,
        Stft stft,
        float[] magnitude,
        int item,
        int length,
        ReconstructionParameters parameters,
        float @Nullable [] begun) {

    Problem(Kernels kernels, Stft stft, float[] magnitude, int item, int length, ReconstructionParameters parameters) {
        this(kernels, stft, magnitude, item, length, parameters, null);
    }

    int bins() {
        return stft.parameters().bins();
    }

    int frames() {
        return magnitude.length / bins();
    }

    FrameLoop loop() {
        return stft.frameLoop(frames(), length);
    }

    Problem withIterations(int iterations) {
        return new Problem(kernels, stft, magnitude, item, length, parameters.withIterations(iterations), begun);
    }

    RandomPhase randomPhase() {
        return new RandomPhase(parameters.seed(), item);
    }

    float largest() {
        return largest(magnitude);
    }

    /** The largest of non-negative values; 0 for none. */
    static float largest(float[] values) {
        float[] largest = new float[1];
        Ranges.inOrder(values.length, (from, to) -> {
            float most = 0;
            for (int i = from; i < to; i++) {
                // Math.max takes ten times as long: it handles NaN and -0, which do not occur here.
                most = values[i] > most ? values[i] : most;
            }
            largest[0] = Math.max(largest[0], most);
        });
        return largest[0];
    }
}
