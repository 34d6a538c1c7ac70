package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.signal.Cancellation;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;

/**
 * Real-time phase gradient heap integration (Prusa, Sondergaard, "Real-Time Spectrogram Inversion Using Phase Gradient
 * Heap Integration", 2016). It differs from {@link Pghi} in that a frame's phases come only from the frame before and
 * from the frame itself.
 *
 * @param lookAhead whether the phase's frequency derivative may use the next frame (a centered difference over time);
 *     otherwise it uses the two frames before (a backward difference of second order)
 */
record RealTimePghi(boolean lookAhead) implements PhaseEstimator {

    @Override
    public float[] estimate(Problem problem) {
        float[] phase = new float[problem.magnitude().length];
        Propagation propagation = new Propagation(problem, lookAhead);
        int bins = problem.bins();
        float[] last = new float[bins];
        float[] next = new float[bins];
        for (int frame = 0; frame < problem.frames(); frame++) {
            Cancellation.current().check();
            propagation.propagate(frame, last, next);
            System.arraycopy(next, 0, phase, frame * bins, bins);
            System.arraycopy(next, 0, last, 0, bins);
        }
        return phase;
    }

    /** Bytes beside the phases: derivatives, a queue and the peaks of a frame. */
    static long bytes(StftParameters stft) {
        return 64L * stft.bins() + Double.BYTES * (long) stft.fftSize();
    }

    /** Propagates the phases of one frame to the next. Phases are relative to the start of a frame. */
    static final class Propagation {

        /** Bins between two checks for cancellation: some milliseconds of work. */
        private static final int BETWEEN_CHECKS = 1 << 14;

        private final Cancellation wanted = Cancellation.current();
        private int spread;
        private final float[] magnitude;
        private final int bins;
        private final int frames;
        private final boolean lookAhead;
        private final RandomPhase random;
        private final float least;
        private final double ratio;
        private final double advance;
        private final double[] timeBefore;
        private final double[] timeNow;
        private final double[] frequency;
        private final long[] peaks;

        Propagation(Problem problem, boolean lookAhead) {
            this.lookAhead = lookAhead;
            magnitude = problem.magnitude();
            bins = problem.bins();
            frames = problem.frames();
            random = problem.randomPhase();
            least = Math.max(1e-20f * problem.largest(), Float.MIN_VALUE);
            StftParameters stft = problem.stft().parameters();
            ratio = (double) stft.hopLength() * stft.fftSize() / WindowShape.gamma(stft);
            advance = 2 * Math.PI * stft.hopLength() / stft.fftSize();
            timeBefore = new double[bins];
            timeNow = new double[bins];
            frequency = new double[bins];
            peaks = new long[bins];
        }

        /**
         * Computes the phases of a frame.
         *
         * @param last the phases of frame - 1, ignored for the first frame. Not modified.
         * @param next Modified.
         */
        void propagate(int frame, float[] last, float[] next) {
            int now = frame * bins;
            int before = Math.max(0, frame - 1) * bins;
            float largest = largest(before, now);
            float threshold = Math.max(Pghi.TOLERANCE * largest, Float.MIN_VALUE);
            for (int bin = 0; bin < bins; bin++) {
                next[bin] = magnitude[now + bin] > threshold ? Float.NaN : random.at(now + bin);
            }
            if (largest <= threshold) {
                return;
            }
            timeDerivative(before, timeBefore);
            wanted.check();
            timeDerivative(now, timeNow);
            wanted.check();
            frequencyDerivative(frame);
            wanted.check();
            // Positions 0..bins - 1 are bins of the frame before, the others bins of this frame.
            MagnitudeQueue queue = new MagnitudeQueue(2 * bins, threshold, largest);
            if (frame > 0) {
                for (int bin = 0; bin < bins; bin++) {
                    if (magnitude[before + bin] > threshold) {
                        queue.add(bin, magnitude[before + bin]);
                    }
                }
                spread(queue, now, last, next);
            }
            startAnew(queue, now, last, next);
        }

        private void spread(MagnitudeQueue queue, int now, float[] last, float[] next) {
            for (int from = queue.poll(); from >= 0; from = queue.poll()) {
                if (++spread % BETWEEN_CHECKS == 0) {
                    wanted.check();
                }
                if (from < bins) {
                    reach(queue, now, from, last[from] + (timeBefore[from] + timeNow[from]) / 2, next);
                    continue;
                }
                int bin = from - bins;
                if (bin + 1 < bins) {
                    reach(queue, now, bin + 1, next[bin] + (frequency[bin] + frequency[bin + 1]) / 2, next);
                }
                if (bin > 0) {
                    reach(queue, now, bin - 1, next[bin] - (frequency[bin] + frequency[bin - 1]) / 2, next);
                }
            }
        }

        private void reach(MagnitudeQueue queue, int now, int bin, double phase, float[] next) {
            if (Float.isNaN(next[bin])) {
                next[bin] = (float) Angles.wrap(phase);
                queue.add(bins + bin, magnitude[now + bin]);
            }
        }

        /** Starts bins that nothing reached with phase 0, from the largest magnitude on. */
        private void startAnew(MagnitudeQueue queue, int now, float[] last, float[] next) {
            // Positive floats have the order of their bits; of equal magnitudes the lower bin comes first.
            int count = 0;
            for (int bin = 0; bin < bins; bin++) {
                if (Float.isNaN(next[bin])) {
                    peaks[count++] = (long) -Float.floatToRawIntBits(magnitude[now + bin]) << Integer.SIZE | bin;
                }
            }
            wanted.check();
            Arrays.parallelSort(peaks, 0, count);
            wanted.check();
            for (int i = 0; i < count; i++) {
                reach(queue, now, (int) peaks[i], 0, next);
                spread(queue, now, last, next);
            }
        }

        private float largest(int before, int now) {
            float largest = 0;
            for (int bin = 0; bin < bins; bin++) {
                largest = Math.max(largest, Math.max(magnitude[before + bin], magnitude[now + bin]));
            }
            return largest;
        }

        private double log(int position) {
            return Math.log(Math.max(magnitude[position], least));
        }

        /** The time derivative of {@link PhaseDerivatives}, for a frame. */
        private void timeDerivative(int offset, double[] derivative) {
            Arrays.setAll(derivative, bin -> advance * bin);
            for (int bin = 1; bin < bins - 1; bin++) {
                derivative[bin] += ratio / 2 * (log(offset + bin + 1) - log(offset + bin - 1));
            }
        }

        /**
         * The frequency derivative of {@link PhaseDerivatives} for a frame, plus pi per bin to refer the phase to its
         * start.
         */
        private void frequencyDerivative(int frame) {
            int now = frame * bins;
            int ahead = lookAhead && frame + 1 < frames ? bins : 0;
            for (int bin = 0; bin < bins; bin++) {
                int i = now + bin;
                double difference;
                if (frame == 0) {
                    difference = ahead > 0 ? log(i + ahead) - log(i) : 0;
                } else if (ahead > 0) {
                    difference = (log(i + ahead) - log(i - bins)) / 2;
                } else if (frame == 1) {
                    difference = log(i) - log(i - bins);
                } else {
                    difference = (3 * log(i) - 4 * log(i - bins) + log(i - 2 * bins)) / 2;
                }
                frequency[bin] = Math.PI - difference / ratio;
            }
        }
    }
}
