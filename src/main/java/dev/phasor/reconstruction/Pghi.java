package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.StftParameters;

/**
 * Phase gradient heap integration (Prusa, Balazs, Sondergaard 2017, algorithm 1). The phase spreads from the largest
 * magnitude to its neighbors by the trapezoidal rule over {@link PhaseDerivatives}. It always continues from the
 * largest magnitude reached so far, along the ridges, where the derivatives are reliable. Bins below {@link #TOLERANCE}
 * times the largest magnitude get random phases.
 *
 * <p>The time grows linearly with the bins: the heap is a {@link MagnitudeQueue}, and a long spectrogram is integrated
 * in blocks of frames that stay in the cache. Each block begins from the last frame of the block before.
 */
final class Pghi implements PhaseEstimator {

    /** Relative to the largest magnitude: -120 dB. */
    static final float TOLERANCE = 1e-6f;

    /** Bins of a block. Its data, 20 bytes per bin, stay in the cache. Measured: shorter blocks cost some 0.1 dB. */
    private static final int BLOCK_BINS = 1 << 16;

    /** The cost of a logarithm, in elements of ordinary work. */
    private static final long LOGARITHM = 8;

    /** Bins between two checks for cancellation: some milliseconds of work. */
    private static final int BETWEEN_CHECKS = 1 << 14;

    private final int blockBins;

    Pghi() {
        this(BLOCK_BINS);
    }

    Pghi(int blockBins) {
        this.blockBins = blockBins;
    }

    /** Bytes of a block: logarithms and two queues. */
    static long bytes(StftParameters stft, int frames) {
        long all = (long) frames * stft.bins();
        long bins = Math.min(all, Math.max(BLOCK_BINS, stft.bins()) + 2L * stft.bins());
        return 3L * Float.BYTES * bins + Double.BYTES * (long) stft.fftSize();
    }

    @Override
    public float[] estimate(Problem problem) {
        float[] phase = new float[problem.magnitude().length];
        float largest = problem.largest();
        int step = Math.max(1, blockBins / problem.bins());
        double gamma = WindowShape.gamma(problem.stft().parameters());
        int begun = begin(phase, problem);
        for (int from = begun; from < problem.frames(); from += step) {
            new Block(problem, largest, gamma, phase, from, Math.min(problem.frames(), from + step)).integrate();
        }
        turnToFrameStart(phase, problem.bins());
        return phase;
    }

    /** Takes over the phases of the frames that are begun, and returns their number. */
    private static int begin(float[] phase, Problem problem) {
        float[] begun = problem.begun();
        if (begun == null) {
            return 0;
        }
        System.arraycopy(begun, 0, phase, 0, begun.length);
        turnToFrameStart(phase, problem.bins());
        return begun.length / problem.bins();
    }

    /** A phase that was reached, wrapped. It is a number whatever led to it: else it would be reached without end. */
    static float found(double phase) {
        float wrapped = (float) Angles.wrap(phase);
        return Float.isNaN(wrapped) ? 0 : wrapped;
    }

    /** Turns the phases by pi per bin, from the window's middle, where the derivatives hold, to its start. */
    private static void turnToFrameStart(float[] phase, int bins) {
        Ranges.forEach(phase.length, phase.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                if ((i % bins) % 2 == 1) {
                    phase[i] += (float) (phase[i] > 0 ? -Math.PI : Math.PI);
                }
            }
        });
    }

    /**
     * A block of frames, with the frame before and the frame after it. Positions count from the first bin of these
     * frames.
     */
    private static final class Block {

        private final float[] magnitude;
        private final float[] phase;
        private final int bins;
        private final int offset;
        private final int from;
        private final int to;
        private final float threshold;
        private final float largest;
        private final PhaseDerivatives derivatives;
        private final MagnitudeQueue reached;
        private final RandomPhase random;
        private int spread;

        Block(Problem problem, float largest, double gamma, float[] phase, int firstFrame, int endFrame) {
            this.phase = phase;
            magnitude = problem.magnitude();
            bins = problem.bins();
            int before = Math.min(1, firstFrame);
            int end = Math.min(problem.frames(), endFrame + 1);
            offset = (firstFrame - before) * bins;
            from = before * bins;
            to = endFrame * bins - offset;
            this.largest = largest;
            threshold = Math.max(TOLERANCE * largest, Float.MIN_VALUE);
            float[] log = logarithms(end * bins - offset, largest);
            derivatives = new PhaseDerivatives(log, problem.stft().parameters(), gamma);
            reached = new MagnitudeQueue(to, threshold, largest);
            random = problem.randomPhase();
        }

        private float[] logarithms(int count, float largest) {
            float[] log = new float[count];
            float least = Math.max(1e-20f * largest, Float.MIN_VALUE);
            // A scale of a power of two makes the logarithms, rounded to floats, independent of the level.
            double scale = Math.scalb(1.0, -Math.getExponent(largest));
            Ranges.forEach(count, LOGARITHM * count, 1, (begin, end) -> {
                for (int i = begin; i < end; i++) {
                    log[i] = (float) Math.log(Math.max(magnitude[offset + i], least) * scale);
                }
            });
            return log;
        }

        void integrate() {
            for (int i = from; i < to; i++) {
                phase[offset + i] = magnitude[offset + i] > threshold ? Float.NaN : random.at(offset + i);
            }
            for (int i = 0; i < from; i++) {
                if (magnitude[offset + i] > threshold) {
                    reached.add(i, magnitude[offset + i]);
                }
            }
            if (from == 0) {
                begin(largestAt());
            }
            spread();
            MagnitudeQueue seeds = new MagnitudeQueue(to, threshold, largest);
            for (int i = from; i < to; i++) {
                if (unreached(i)) {
                    seeds.add(i, magnitude[offset + i]);
                }
            }
            for (int seed = seeds.poll(); seed >= 0; seed = seeds.poll()) {
                begin(seed);
                spread();
            }
        }

        private int largestAt() {
            int position = from;
            for (int i = from; i < to; i++) {
                if (magnitude[offset + i] > magnitude[offset + position]) {
                    position = i;
                }
            }
            return position;
        }

        private void begin(int seed) {
            if (unreached(seed)) {
                phase[offset + seed] = 0;
                reached.add(seed, magnitude[offset + seed]);
            }
        }

        private void spread() {
            for (int at = reached.poll(); at >= 0; at = reached.poll()) {
                if (++spread % BETWEEN_CHECKS == 0) {
                    Cancellation.current().check();
                }
                int frame = at / bins;
                int bin = at - frame * bins;
                double inTime = derivatives.time(at, bin) / 2;
                double inFrequency = derivatives.frequency(at, frame) / 2;
                if (at + bins < to && unreached(at + bins)) {
                    reach(at, at + bins, inTime + derivatives.time(at + bins, bin) / 2);
                }
                if (at >= bins && unreached(at - bins)) {
                    reach(at, at - bins, -inTime - derivatives.time(at - bins, bin) / 2);
                }
                if (bin + 1 < bins && unreached(at + 1)) {
                    reach(at, at + 1, inFrequency + derivatives.frequency(at + 1, frame) / 2);
                }
                if (bin > 0 && unreached(at - 1)) {
                    reach(at, at - 1, -inFrequency - derivatives.frequency(at - 1, frame) / 2);
                }
            }
        }

        private boolean unreached(int position) {
            return Float.isNaN(phase[offset + position]);
        }

        private void reach(int at, int next, double step) {
            phase[offset + next] = found(phase[offset + at] + step);
            reached.add(next, magnitude[offset + next]);
        }
    }
}
