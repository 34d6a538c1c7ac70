package dev.phasor.stft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.Signals;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.Arrays;

/** The promise: inverse(forward(x)) is x, as exactly as window and hop allow, or is refused. */
final class RoundTrip {

    private RoundTrip() {}

    /**
     * Exact length, and relative RMS error at most 1e-6 where the overlapped squared window is nowhere below 1 % of its
     * largest value, 1e-4 below that where it is accepted: always down to the weakest mean, never below the threshold.
     */
    static void check(StftParameters parameters, float[] x) {
        Stft stft = new Stft(parameters);
        var z = stft.forward(AudioSignal.mono(x, 16000));
        Fade fade = fade(stft, z.shape().frames(), x.length);
        int from = (int) fade.first();
        int to = (int) Math.max(from, x.length - fade.last());
        double depth = depth(parameters, z.shape().frames(), from, to);
        if (depth < Overlap.THRESHOLD || (depth < 1 / Overlap.LARGEST_MEAN_GAIN && refused(stft, z, x.length))) {
            assertThatThrownBy(() -> stft.inverse(z, x.length, 16000))
                    .as("%s, %s samples", parameters, x.length)
                    .isInstanceOf(InvalidInputException.class)
                    .hasFieldOrPropertyWithValue("code", Code.NOLA);
            return;
        }
        float[] y = stft.inverse(z, x.length, 16000).samples(0);
        assertThat(y).hasSize(x.length);
        assertThat(Signals.distance(Arrays.copyOfRange(x, from, to), Arrays.copyOfRange(y, from, to)))
                .as("%s, %s samples, smallest overlap %s", parameters, x.length, depth)
                .isLessThanOrEqualTo((depth >= 0.01 ? 1e-6 : 1e-4) * Signals.norm(x));
        double largest = Signals.norm(x);
        for (int t = 0; t < x.length; t++) {
            if (t < from || t >= to) {
                assertThat(Math.abs(y[t])).as("faded %s", t).isLessThanOrEqualTo((float)
                        (Math.abs(x[t]) + 1e-4 * largest));
            }
        }
    }

    /** None where the inverse is refused. */
    private static Fade fade(Stft stft, int frames, int length) {
        try {
            return stft.checkInvertible(frames, length);
        } catch (InvalidInputException e) {
            return Fade.NONE;
        }
    }

    private static boolean refused(Stft stft, ComplexSpectrogram z, int length) {
        try {
            stft.checkInvertible(z.shape().frames(), length);
            return false;
        } catch (InvalidInputException e) {
            return true;
        }
    }

    /** The smallest overlapped squared window over the samples, relative to the largest over the frames, added up. */
    private static double depth(StftParameters parameters, int frames, int from, int to) {
        int size = parameters.fftSize();
        double[] window = parameters.window().coefficients(parameters.windowLength(), size, parameters.hopLength());
        int start = parameters.pad();
        double[] sums = new double[Math.max(start + to, size + (frames - 1) * parameters.hopLength())];
        for (int m = 0; m < frames; m++) {
            for (int n = 0; n < size; n++) {
                sums[m * parameters.hopLength() + n] += window[n] * window[n];
            }
        }
        double largest = 0;
        for (double sum : sums) {
            largest = Math.max(largest, sum);
        }
        double smallest = largest;
        for (int t = start + from; t < start + to; t++) {
            smallest = Math.min(smallest, sums[t]);
        }
        return largest == 0 ? 0 : smallest / largest;
    }
}
