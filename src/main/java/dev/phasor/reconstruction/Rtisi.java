package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.signal.Cancellation;
import dev.phasor.stft.FrameTransform;
import dev.phasor.stft.Stft;
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
 * new frame starts with the phases of {@link RealTimePghi}. The file is long because both orders of updates work on the
 * same buffer.
 */
record Rtisi(boolean gaussSeidel) implements PhaseEstimator {

    private static final double LEAST_OVERLAP = 0.1;
    private static final float[] NONE = new float[0];

    @Override
    public float[] estimate(Problem problem) {
        int iterations = problem.parameters().iterations();
        float[] begun = problem.begun() == null ? NONE : problem.begun();
        return PhaseStream.whole(
                new Buffer(problem.stft(), gaussSeidel, iterations, problem.randomPhase(), problem.frames(), begun),
                problem);
    }

    /**
     * Finds phases while magnitudes arrive.
     *
     * @param frames at most, for the memory; no phase depends on it
     */
    PhaseStream stream(Stft stft, int iterations, RandomPhase random, int frames) {
        return new Buffer(stft, gaussSeidel, iterations, random, frames, NONE);
    }

    /** Frames in progress at once: the frames that overlap one frame, of those that there are. */
    private static int depth(StftParameters stft, int frames) {
        long overlapping = (stft.windowLength() + stft.hopLength() - 1L) / stft.hopLength();
        return (int) Math.max(1, Math.min(frames, overlapping));
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
        long slots = depth * (Double.BYTES * (long) stft.fftSize() + 3L * Float.BYTES * stft.bins());
        // The signal, overlap and gain; then the estimate, a frame and the least overlap.
        long signals = 3 * (depth * step(stft) + stft.fftSize()) + 3L * stft.fftSize();
        return slots + Double.BYTES * signals + RealTimePghi.bytes(stft);
    }

    /** Transforms of single frames that a frame takes in an iteration. */
    static long transforms(StftParameters stft, int frames) {
        return 2L * depth(stft, frames);
    }

    /** The frames in progress, at index frame modulo depth, and the sum of all frames so far. */
    private static final class Buffer implements PhaseStream {

        private Cancellation wanted = Cancellation.current();
        private final boolean gaussSeidel;
        private final int bins;
        private final int size;
        private final int hop;
        private final int depth;
        private final int iterations;
        private final RunningScale scale = new RunningScale();
        /** Scaled. */
        private final float[][] magnitude;

        private final FrameTransform transform;
        private final RealTimePghi.@Nullable Propagation propagation;
        private final double[][] contribution;
        private final float[][] re;
        private final float[][] im;
        private final float[] frameRe;
        private final float[] frameIm;
        private final double[] x;

        /** The sum of frames and of their squared windows, from the first sample of frame {@link #base} on. */
        private final double[] sum;

        private final double[] overlap;

        /** The factor of the sum: 1 / max(overlap, least); 0 in gaps that no frame sees. */
        private final double[] gain;

        /** The {@link #overlap} of all frames within one hop, times {@link #LEAST_OVERLAP}. */
        private final double[] least;

        private final double[] estimate;
        /** The phases of the first frames, which are fixed from the beginning. */
        private final float[] begun;
        /** The oldest undecided frame. */
        private long base;

        private long entered;

        Buffer(Stft transforms, boolean gaussSeidel, int iterations, RandomPhase random, int frames, float[] begun) {
            this.begun = begun;
            StftParameters stft = transforms.parameters();
            this.gaussSeidel = gaussSeidel;
            this.iterations = iterations;
            bins = stft.bins();
            size = stft.fftSize();
            hop = step(stft);
            depth = depth(stft, frames);
            magnitude = new float[depth][bins];
            transform = transforms.frameTransform();
            propagation = gaussSeidel ? new RealTimePghi.Propagation(stft, random) : null;
            contribution = new double[depth][size];
            re = new float[depth][bins];
            im = new float[depth][bins];
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

        @Override
        public int lookahead() {
            return depth - 1;
        }

        @Override
        public void push(float[] frame, Sink sink) {
            wanted = Cancellation.current();
            rescale(scale.follow(frame));
            enter(frame);
            if (entered == base + depth) {
                decide(sink);
            }
        }

        @Override
        public void end(Sink sink) {
            wanted = Cancellation.current();
            while (base < entered) {
                decide(sink);
            }
        }

        private void decide(Sink sink) {
            long oldest = Math.max(base, begun.length / bins);
            for (int i = 0; i < iterations && oldest < entered; i++) {
                iterate(oldest, entered - 1);
            }
            sink.phases(angles(slot(base)));
            shift(sum);
            shift(overlap);
            shift(gain);
            base++;
        }

        private int slot(long frame) {
            return (int) (frame % depth);
        }

        /** Scales all that is held by a power of two. */
        private void rescale(double factor) {
            if (factor == 1) {
                return;
            }
            for (int n = 0; n < sum.length; n++) {
                sum[n] *= factor;
            }
            for (int slot = 0; slot < depth; slot++) {
                for (int n = 0; n < size; n++) {
                    contribution[slot][n] *= factor;
                }
                for (int bin = 0; bin < bins; bin++) {
                    magnitude[slot][bin] *= (float) factor;
                    re[slot][bin] *= (float) factor;
                    im[slot][bin] *= (float) factor;
                }
            }
        }

        /** Gives the next frame its first phases, and adds it to the sum. */
        private void enter(float[] pushed) {
            long frame = entered++;
            int slot = slot(frame);
            double factor = scale.factor();
            for (int bin = 0; bin < bins; bin++) {
                magnitude[slot][bin] = (float) (factor * pushed[bin]);
            }
            if (propagation != null) {
                propagation.propagate(pushed, null, frame == 0 ? frameRe : angles(slot(frame - 1)), frameRe);
            }
            boolean fixed = frame < begun.length / bins;
            if (fixed) {
                System.arraycopy(begun, (int) frame * bins, frameRe, 0, bins);
            }
            if (fixed || propagation != null) {
                place(slot, frameRe);
            } else {
                analyze(frame, slot);
            }
            int offset = (int) (frame - base) * hop;
            for (int n = 0; n < size; n++) {
                overlap[offset + n] += transform.window(n) * transform.window(n);
                double frames = Math.max(overlap[offset + n], least[n % hop]);
                gain[offset + n] = frames > 0 ? 1 / frames : 0;
            }
            Arrays.fill(contribution[slot], 0);
            replace(frame, slot);
        }

        /** Sets a frame to M e^(i phase). */
        private void place(int slot, float[] phase) {
            Angles.cosSin(phase, re[slot], im[slot]);
            for (int bin = 0; bin < bins; bin++) {
                re[slot][bin] *= magnitude[slot][bin];
                im[slot][bin] *= magnitude[slot][bin];
            }
        }

        private float[] angles(int slot) {
            float[] angles = new float[bins];
            for (int bin = 0; bin < bins; bin++) {
                angles[bin] = (float) Math.atan2(im[slot][bin], re[slot][bin]);
            }
            return angles;
        }

        private void iterate(long oldest, long newest) {
            if (gaussSeidel) {
                for (long frame = newest; frame >= oldest; frame--) {
                    analyze(frame, slot(frame));
                    replace(frame, slot(frame));
                }
                return;
            }
            for (long frame = oldest; frame <= newest; frame++) {
                analyze(frame, slot(frame));
            }
            for (long frame = oldest; frame <= newest; frame++) {
                replace(frame, slot(frame));
            }
        }

        /** Transforms a frame of the current signal, and sets its magnitudes. */
        private void analyze(long frame, int slot) {
            wanted.check();
            int offset = (int) (frame - base) * hop;
            for (int n = 0; n < size; n++) {
                estimate[n] = sum[offset + n] * gain[offset + n];
            }
            transform.forward(estimate, 0, frameRe, frameIm);
            for (int bin = 0; bin < bins; bin++) {
                double length = Math.sqrt((double) frameRe[bin] * frameRe[bin] + (double) frameIm[bin] * frameIm[bin]);
                double m = magnitude[slot][bin];
                double ratio = m / length;
                re[slot][bin] = (float) (length == 0 ? m : ratio * frameRe[bin]);
                im[slot][bin] = length == 0 ? 0 : (float) (ratio * frameIm[bin]);
            }
        }

        /** Replaces the frame's last contribution to the sum by its new one. */
        private void replace(long frame, int slot) {
            wanted.check();
            transform.inverse(re[slot], im[slot], x);
            int offset = (int) (frame - base) * hop;
            for (int n = 0; n < size; n++) {
                sum[offset + n] += x[n] - contribution[slot][n];
                contribution[slot][n] = x[n];
            }
        }

        private void shift(double[] values) {
            System.arraycopy(values, hop, values, 0, values.length - hop);
            Arrays.fill(values, values.length - hop, values.length, 0);
        }
    }
}
