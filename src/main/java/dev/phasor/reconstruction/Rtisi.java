package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.signal.Cancellation;
import dev.phasor.stft.FrameTransform;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Real-time iterative spectrogram inversion with look-ahead (Zhu, Beauregard, Wyse, "Real-Time Signal Estimation From
 * Modified Short-Time Fourier Transform Magnitude Spectra", 2007). Griffin-Lim runs on the frames that overlap the
 * oldest undecided frame; earlier frames are fixed. After n_iter rounds the oldest frame is fixed, too. The sum of
 * frames is divided by the sum of their squared windows (Griffin, Lim 1984, eq. 6). Where later frames are still
 * missing, the divisor is at least {@link #LEAST_OVERLAP} of the full sum: at the edge of the last frame both sums
 * vanish.
 *
 * <p>With {@code gaussSeidel}, it follows Gnann and Spiertz ("Improving RTISI Phase Estimation With Energy Order and
 * Phase Unwrapping", 2010): frames are updated from the newest to the oldest, each with the updates before it, and a
 * new frame starts with the phases of {@link RealTimePghi}.
 */
record Rtisi(boolean gaussSeidel) implements PhaseEstimator {

    private static final double LEAST_OVERLAP = 0.1;

    @Override
    public float[] estimate(Problem problem) {
        Buffer buffer = new Buffer(problem, gaussSeidel);
        int lookAhead = buffer.depth - 1;
        for (int frame = 0; frame < Math.min(lookAhead, problem.frames()); frame++) {
            buffer.enter(frame);
        }
        for (int oldest = 0; oldest < problem.frames(); oldest++) {
            if (oldest + lookAhead < problem.frames()) {
                buffer.enter(oldest + lookAhead);
            }
            for (int i = 0; i < problem.parameters().iterations(); i++) {
                buffer.iterate(oldest, Math.min(problem.frames() - 1, oldest + lookAhead));
            }
            buffer.commit(oldest);
        }
        return buffer.phase;
    }

    /** Frames in progress at once: the frames that overlap one frame, at most all frames. */
    private static int depth(StftParameters stft, int frames) {
        int overlapping = (int) ((stft.windowLength() + stft.hopLength() - 1L) / stft.hopLength());
        return Math.min(frames, overlapping);
    }

    /**
     * Samples from frame to frame in the buffer. Frames that do not overlap are stored without the gap between them.
     */
    private static int step(StftParameters stft) {
        return Math.min(stft.hopLength(), stft.fftSize());
    }

    /** Bytes of the buffer. */
    static long bytes(StftParameters stft, int frames) {
        long depth = depth(stft, frames);
        long slots = depth * (Double.BYTES * (long) stft.fftSize() + 2L * Float.BYTES * stft.bins());
        // The signal, overlap and gain; then the estimate, a frame and the least overlap.
        long signals = 3 * (depth * step(stft) + stft.fftSize()) + 3L * stft.fftSize();
        return slots + Double.BYTES * signals + RealTimePghi.bytes(stft);
    }

    /** Transforms of single frames that a frame takes in an iteration. */
    static long transforms(StftParameters stft, int frames) {
        return 2L * depth(stft, frames);
    }

    /** The frames in progress, at index frame modulo depth, and the sum of all frames so far. */
    private static final class Buffer {

        private final Cancellation wanted = Cancellation.current();
        private final boolean gaussSeidel;
        private final int bins;
        private final int size;
        private final int hop;
        private final int depth;
        private final float[] magnitude;
        /**
         * A power of two that brings the largest magnitude into [1, 2): phases do not depend on it, and floats do not
         * overflow.
         */
        private final double scale;

        private final FrameTransform transform;
        private final RealTimePghi.@Nullable Propagation propagation;
        private final double[][] contribution;
        private final float[][] re;
        private final float[][] im;
        private final float[] phase;
        private final float[] frameRe;
        private final float[] frameIm;
        private final double[] x;

        /** The sum of frames and of their squared windows, from the first sample of frame {@link #base} on. */
        private final double[] sum;

        private final double[] overlap;

        /** The factor of the sum: 1 / max(overlap, least). */
        private final double[] gain;

        /** The {@link #overlap} of all frames within one hop, times {@link #LEAST_OVERLAP}. */
        private final double[] least;

        private final double[] estimate;
        private int base;

        Buffer(Problem problem, boolean gaussSeidel) {
            StftParameters stft = problem.stft().parameters();
            this.gaussSeidel = gaussSeidel;
            bins = stft.bins();
            size = stft.fftSize();
            hop = step(stft);
            depth = depth(stft, problem.frames());
            magnitude = problem.magnitude();
            scale = Math.scalb(1.0, -MagnitudeTarget.exponent(magnitude));
            transform = problem.stft().frameTransform();
            propagation = gaussSeidel ? new RealTimePghi.Propagation(problem, false) : null;
            contribution = new double[depth][size];
            re = new float[depth][bins];
            im = new float[depth][bins];
            phase = new float[magnitude.length];
            frameRe = new float[bins];
            frameIm = new float[bins];
            x = new double[size];
            int span = depth * hop + size;
            sum = new double[span];
            overlap = new double[span];
            gain = new double[span];
            least = new double[hop];
            for (int n = 0; n < size; n++) {
                least[n % hop] += LEAST_OVERLAP * transform.window(n) * transform.window(n);
            }
            estimate = new double[size];
        }

        /** Gives a new frame its first phases and adds it to the sum. */
        void enter(int frame) {
            int slot = frame % depth;
            if (propagation != null) {
                propagation.propagate(frame, frame == 0 ? frameRe : angles((frame - 1) % depth), frameRe);
                Angles.cosSin(frameRe, re[slot], im[slot]);
                for (int bin = 0; bin < bins; bin++) {
                    double m = scale * magnitude[frame * bins + bin];
                    re[slot][bin] *= (float) m;
                    im[slot][bin] *= (float) m;
                }
            } else {
                analyze(frame, slot);
            }
            int offset = (frame - base) * hop;
            for (int n = 0; n < size; n++) {
                overlap[offset + n] += transform.window(n) * transform.window(n);
                gain[offset + n] = 1 / Math.max(overlap[offset + n], least[n % hop]);
            }
            Arrays.fill(contribution[slot], 0);
            replace(frame, slot);
        }

        private float[] angles(int slot) {
            float[] angles = new float[bins];
            for (int bin = 0; bin < bins; bin++) {
                angles[bin] = (float) Math.atan2(im[slot][bin], re[slot][bin]);
            }
            return angles;
        }

        void iterate(int oldest, int newest) {
            if (gaussSeidel) {
                for (int frame = newest; frame >= oldest; frame--) {
                    analyze(frame, frame % depth);
                    replace(frame, frame % depth);
                }
                return;
            }
            for (int frame = oldest; frame <= newest; frame++) {
                analyze(frame, frame % depth);
            }
            for (int frame = oldest; frame <= newest; frame++) {
                replace(frame, frame % depth);
            }
        }

        /** Transforms a frame of the current signal, and sets its magnitudes. */
        private void analyze(int frame, int slot) {
            wanted.check();
            int offset = (frame - base) * hop;
            for (int n = 0; n < size; n++) {
                estimate[n] = sum[offset + n] * gain[offset + n];
            }
            transform.forward(estimate, 0, frameRe, frameIm);
            for (int bin = 0; bin < bins; bin++) {
                double length = Math.sqrt((double) frameRe[bin] * frameRe[bin] + (double) frameIm[bin] * frameIm[bin]);
                double m = scale * magnitude[frame * bins + bin];
                double ratio = m / length;
                re[slot][bin] = (float) (length == 0 ? m : ratio * frameRe[bin]);
                im[slot][bin] = length == 0 ? 0 : (float) (ratio * frameIm[bin]);
            }
        }

        /** Replaces the frame's last contribution to the sum by its new one. */
        private void replace(int frame, int slot) {
            wanted.check();
            transform.inverse(re[slot], im[slot], x);
            int offset = (frame - base) * hop;
            for (int n = 0; n < size; n++) {
                sum[offset + n] += x[n] - contribution[slot][n];
                contribution[slot][n] = x[n];
            }
        }

        /** Fixes the oldest frame, and moves on by a hop. */
        void commit(int oldest) {
            System.arraycopy(angles(oldest % depth), 0, phase, oldest * bins, bins);
            shift(sum);
            shift(overlap);
            shift(gain);
            base = oldest + 1;
        }

        private void shift(double[] values) {
            System.arraycopy(values, hop, values, 0, values.length - hop);
            Arrays.fill(values, values.length - hop, values.length, 0);
        }
    }
}
