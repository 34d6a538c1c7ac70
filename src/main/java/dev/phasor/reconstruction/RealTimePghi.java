package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Real-time phase gradient heap integration (Prusa, Sondergaard, "Real-Time Spectrogram Inversion Using Phase Gradient
 * Heap Integration", 2016). It differs from {@link Pghi} in that a frame's phases come only from the frame before and
 * from the frame itself. The file is long because the stream and the propagation share the derivatives of a frame.
 *
 * @param lookAhead whether the phase's frequency derivative may use the next frame (a centered difference over time);
 *     otherwise it uses the two frames before (a backward difference of second order)
 */
record RealTimePghi(boolean lookAhead) implements PhaseEstimator {

    @Override
    public float[] estimate(Problem problem) {
        return PhaseStream.whole(stream(problem.stft().parameters(), problem.randomPhase()), problem);
    }

    /** Finds phases while magnitudes arrive. */
    PhaseStream stream(StftParameters stft, RandomPhase random) {
        return new Stream(stft, random);
    }

    /** Bytes beside the phases: derivatives, a queue, the peaks of a frame, and the frames around it. */
    static long bytes(StftParameters stft) {
        return 92L * stft.bins() + Double.BYTES * (long) stft.fftSize();
    }

    private final class Stream implements PhaseStream {

        private final Propagation propagation;
        private final int bins;
        private float[] last;
        private float[] next;
        /** The frame that waits for the next one, with look-ahead. */
        private float @Nullable [] waiting;

        Stream(StftParameters stft, RandomPhase random) {
            propagation = new Propagation(stft, random);
            bins = stft.bins();
            last = new float[bins];
            next = new float[bins];
        }

        @Override
        public int lookahead() {
            return lookAhead ? 1 : 0;
        }

        @Override
        public void push(float[] magnitude, Sink sink) {
            float[] now = lookAhead ? waiting : magnitude;
            if (now != null) {
                propagate(now, lookAhead ? magnitude : null, sink);
            }
            if (lookAhead) {
                waiting = magnitude.clone();
            }
        }

        @Override
        public void end(Sink sink) {
            float[] now = waiting;
            if (now != null) {
                propagate(now, null, sink);
                waiting = null;
            }
        }

        private void propagate(float[] now, float @Nullable [] ahead, Sink sink) {
            propagation.propagate(now, ahead, last, next);
            sink.phases(next);
            float[] free = last;
            last = next;
            next = free;
        }
    }

    /** Propagates the phases of one frame to the next. Phases are relative to the start of a frame. */
    static final class Propagation {

        /** Bins between two checks for cancellation: some milliseconds of work. */
        private static final int BETWEEN_CHECKS = 1 << 14;

        private Cancellation wanted = Cancellation.current();
        private int spread;
        private final int bins;
        private final RandomPhase random;
        private final double ratio;
        private final double advance;
        private final double[] timeBefore;
        private final double[] timeNow;
        private final double[] frequency;
        private final long[] peaks;
        private float[] twoBefore;
        private float[] before;
        private long frame;
        /** The largest magnitude so far. Logarithms are of magnitudes of at least 1e-20 of it. */
        private float most;

        private float least;

        Propagation(StftParameters stft, RandomPhase random) {
            this.random = random;
            bins = stft.bins();
            ratio = (double) stft.hopLength() * stft.fftSize() / WindowShape.gamma(stft);
            advance = 2 * Math.PI * stft.hopLength() / stft.fftSize();
            timeBefore = new double[bins];
            timeNow = new double[bins];
            frequency = new double[bins];
            peaks = new long[bins];
            twoBefore = new float[bins];
            before = new float[bins];
        }

        /**
         * Computes the phases of the next frame.
         *
         * @param now its magnitudes. Not modified.
         * @param ahead those of the frame after it: its frequency derivative is a centered difference over time; null
         *     for a backward difference of second order
         * @param last the phases of the frame before it, ignored for the first frame. Not modified.
         * @param next Modified.
         */
        void propagate(float[] now, float @Nullable [] ahead, float[] last, float[] next) {
            wanted = Cancellation.current();
            float largest = 0;
            for (int bin = 0; bin < bins; bin++) {
                largest = Math.max(largest, Math.max(before[bin], now[bin]));
            }
            most = Math.max(most, largest);
            least = Math.max(1e-20f * most, Float.MIN_VALUE);
            float threshold = Math.max(Pghi.TOLERANCE * largest, Float.MIN_VALUE);
            long first = frame * bins;
            for (int bin = 0; bin < bins; bin++) {
                next[bin] = now[bin] > threshold ? Float.NaN : random.at(first + bin);
            }
            if (largest > threshold) {
                integrate(now, ahead, threshold, largest, last, next);
            }
            frame++;
            float[] free = twoBefore;
            twoBefore = before;
            before = free;
            System.arraycopy(now, 0, before, 0, bins);
        }

        private void integrate(
                float[] now, float @Nullable [] ahead, float threshold, float largest, float[] last, float[] next) {
            timeDerivative(before, timeBefore);
            wanted.check();
            timeDerivative(now, timeNow);
            wanted.check();
            frequencyDerivative(now, ahead);
            wanted.check();
            // Positions 0..bins - 1 are bins of the frame before, the others bins of this frame.
            MagnitudeQueue queue = new MagnitudeQueue(2 * bins, threshold, largest);
            if (frame > 0) {
                for (int bin = 0; bin < bins; bin++) {
                    if (before[bin] > threshold) {
                        queue.add(bin, before[bin]);
                    }
                }
                spread(queue, now, last, next);
            }
            startAnew(queue, now, last, next);
        }

        private void spread(MagnitudeQueue queue, float[] now, float[] last, float[] next) {
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

        private void reach(MagnitudeQueue queue, float[] now, int bin, double phase, float[] next) {
            if (Float.isNaN(next[bin])) {
                next[bin] = Pghi.found(phase);
                queue.add(bins + bin, now[bin]);
            }
        }

        /** Starts bins that nothing reached with phase 0, from the largest magnitude on. */
        private void startAnew(MagnitudeQueue queue, float[] now, float[] last, float[] next) {
            // Positive floats have the order of their bits; of equal magnitudes the lower bin comes first.
            int count = 0;
            for (int bin = 0; bin < bins; bin++) {
                if (Float.isNaN(next[bin])) {
                    peaks[count++] = (long) -Float.floatToRawIntBits(now[bin]) << Integer.SIZE | bin;
                }
            }
            wanted.check();
            Ranges.sort(peaks, count);
            wanted.check();
            for (int i = 0; i < count; i++) {
                reach(queue, now, (int) peaks[i], 0, next);
                spread(queue, now, last, next);
            }
        }

        private double log(float magnitude) {
            return Math.log(Math.max(magnitude, least));
        }

        /** The time derivative of {@link PhaseDerivatives}, for a frame. */
        private void timeDerivative(float[] magnitude, double[] derivative) {
            Arrays.setAll(derivative, bin -> advance * bin);
            for (int bin = 1; bin < bins - 1; bin++) {
                derivative[bin] += ratio / 2 * (log(magnitude[bin + 1]) - log(magnitude[bin - 1]));
            }
        }

        /**
         * The frequency derivative of {@link PhaseDerivatives} for a frame, plus pi per bin to refer the phase to its
         * start.
         */
        private void frequencyDerivative(float[] now, float @Nullable [] ahead) {
            for (int bin = 0; bin < bins; bin++) {
                double here = log(now[bin]);
                double difference;
                if (frame == 0) {
                    difference = ahead != null ? log(ahead[bin]) - here : 0;
                } else if (ahead != null) {
                    difference = (log(ahead[bin]) - log(before[bin])) / 2;
                } else if (frame == 1) {
                    difference = here - log(before[bin]);
                } else {
                    difference = (3 * here - 4 * log(before[bin]) + log(twoBefore[bin])) / 2;
                }
                frequency[bin] = Math.PI - difference / ratio;
            }
        }
    }
}
