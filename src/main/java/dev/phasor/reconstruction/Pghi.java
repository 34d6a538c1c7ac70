package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;

/**
 * Phase gradient heap integration (Prusa, Balazs, Sondergaard 2017, algorithm 1): from the largest magnitude on, the phase
 * spreads to the neighbours by the trapezoidal rule over {@link PhaseDerivatives}, always from the largest magnitude reached so
 * far, so that it goes along the ridges, where the derivatives are reliable. Bins below {@link #TOLERANCE} times the largest get
 * random phases.
 *
 * <p>Time and memory grow linearly with the bins: the heap is a {@link MagnitudeQueue}.
 */
final class Pghi implements PhaseEstimator {

    /** Relative to the largest magnitude, -120 dB. */
    static final float TOLERANCE = 1e-6f;

    @Override
    public float[] estimate(Problem problem) {
        return new Integration(problem).run();
    }

    /** Bins between two looks at whether the work is still wanted: some milliseconds' worth. */
    private static final int BETWEEN_CHECKS = 1 << 14;

    private static final class Integration {

        private final float[] magnitude;
        private final int bins;
        private final int frames;
        private final float threshold;
        private final PhaseDerivatives derivatives;
        private final MagnitudeQueue reached;
        private final MagnitudeQueue seeds;
        private final RandomPhase random;
        private final float[] phase;
        private int spread;

        Integration(Problem problem) {
            magnitude = problem.magnitude();
            bins = problem.bins();
            frames = problem.frames();
            float largest = problem.largest();
            threshold = Math.max(TOLERANCE * largest, Float.MIN_VALUE);
            derivatives =
                    new PhaseDerivatives(logarithms(largest), problem.stft().parameters());
            reached = new MagnitudeQueue(magnitude.length, threshold, largest);
            seeds = new MagnitudeQueue(magnitude.length, threshold, largest);
            random = problem.randomPhase();
            phase = new float[magnitude.length];
        }

        private float[] logarithms(float largest) {
            float[] log = new float[magnitude.length];
            float least = Math.max(1e-20f * largest, Float.MIN_VALUE);
            // By a power of two, so that the logarithms, rounded to floats, do not depend on the scale.
            double scale = Math.scalb(1.0, -Math.getExponent(largest));
            for (int i = 0; i < log.length; i++) {
                log[i] = (float) Math.log(Math.max(magnitude[i], least) * scale);
            }
            return log;
        }

        float[] run() {
            for (int i = 0; i < phase.length; i++) {
                if (magnitude[i] > threshold) {
                    phase[i] = Float.NaN;
                    seeds.add(i, magnitude[i]);
                } else {
                    phase[i] = random.at(i);
                }
            }
            for (int seed = seeds.poll(); seed >= 0; seed = seeds.poll()) {
                if (Float.isNaN(phase[seed])) {
                    phase[seed] = 0;
                    reached.add(seed, magnitude[seed]);
                    spread();
                }
            }
            turnToFrameStart();
            return phase;
        }

        private void spread() {
            for (int from = reached.poll(); from >= 0; from = reached.poll()) {
                if (++spread % BETWEEN_CHECKS == 0) {
                    Cancellation.current().check();
                }
                int frame = from / bins;
                int bin = from - frame * bins;
                double inTime = derivatives.time(from, bin) / 2;
                double inFrequency = derivatives.frequency(from, frame) / 2;
                if (frame + 1 < frames && unreached(from + bins)) {
                    reach(from, from + bins, inTime + derivatives.time(from + bins, bin) / 2);
                }
                if (frame > 0 && unreached(from - bins)) {
                    reach(from, from - bins, -inTime - derivatives.time(from - bins, bin) / 2);
                }
                if (bin + 1 < bins && unreached(from + 1)) {
                    reach(from, from + 1, inFrequency + derivatives.frequency(from + 1, frame) / 2);
                }
                if (bin > 0 && unreached(from - 1)) {
                    reach(from, from - 1, -inFrequency - derivatives.frequency(from - 1, frame) / 2);
                }
            }
        }

        private boolean unreached(int position) {
            return Float.isNaN(phase[position]);
        }

        private void reach(int from, int to, double step) {
            phase[to] = (float) Angles.wrap(phase[from] + step);
            reached.add(to, magnitude[to]);
        }

        /** From the middle of the window, where the derivatives hold, to its start: by pi per bin. */
        private void turnToFrameStart() {
            for (int i = 0; i < phase.length; i++) {
                if ((i % bins) % 2 == 1) {
                    phase[i] += (float) (phase[i] > 0 ? -Math.PI : Math.PI);
                }
            }
        }
    }
}
