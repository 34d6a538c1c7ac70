package dev.phasor.reconstruction;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Accelerator} computes: the items of a request that are not silent, of one shape and one set of
 * parameters. First phases are estimated on the host when they are asked for, since PGHI's heap and RTISI go one value
 * after the other.
 */
public final class AcceleratedProblem {

    private final Plan plan;
    private final List<Problem> items;
    private final Progress progress;

    /** @param items at least one */
    AcceleratedProblem(Plan plan, List<Problem> items, Progress progress) {
        this.plan = plan;
        this.items = List.copyOf(items);
        this.progress = progress;
    }

    private Problem first() {
        return items.get(0);
    }

    /** The algorithm that runs; never {@code AUTO}. */
    public Algorithm algorithm() {
        return plan.algorithm();
    }

    public Stft stft() {
        return first().stft();
    }

    public int items() {
        return items.size();
    }

    public int frames() {
        return first().frames();
    }

    /** Samples to find of each item. */
    public int length() {
        return first().length();
    }

    public ReconstructionParameters parameters() {
        return first().parameters();
    }

    public Progress progress() {
        return progress;
    }

    /** The item's number in the request, which {@link Progress} hears. */
    public int number(int item) {
        return items.get(item).item();
    }

    /** Whether iterations are measured, and may end before n_iter. */
    public boolean isObserved() {
        return parameters().tolerance() > 0 || progress != Progress.NONE;
    }

    /** The magnitudes as given, [frame][bin]. Not to be modified. */
    public float[] magnitude(int item) {
        return items.get(item).magnitude();
    }

    /** The iterations are to run on magnitudes times 2^-exponent, an exact operation. */
    public int exponent(int item) {
        return MagnitudeTarget.exponent(magnitude(item));
    }

    /** Whether some bins keep a known phase. */
    public boolean hasKnown() {
        GivenPhase given = parameters().given();
        return given != null && given.known() != null;
    }

    /**
     * The direction e^(i phase) of the bins whose phase is known, re and im side by side, [frame][bin]; NaN for the
     * others.
     */
    public float[] known(int item) {
        GivenPhase given = Objects.requireNonNull(parameters().given());
        ComplexSpectrogram direction = given.direction();
        RealSpectrogram mask = Objects.requireNonNull(given.known());
        int number = number(item);
        float[] known = mask.values(number);
        float[] x = direction.re(number);
        float[] y = direction.im(number);
        float[] pairs = new float[Math.multiplyExact(2, known.length)];
        Ranges.forEach(known.length, 16L * known.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                double angle = Math.atan2(y[i], x[i]);
                pairs[2 * i] = known[i] == 0 ? Float.NaN : (float) Math.cos(angle);
                pairs[2 * i + 1] = known[i] == 0 ? Float.NaN : (float) Math.sin(angle);
            }
        });
        return pairs;
    }

    /** The first phase of the whole spectrogram, [frame][bin], in radians. */
    public float[] start(int item) {
        PhaseEstimator estimator = Objects.requireNonNull(plan.estimator());
        PhaseEstimator first = estimator instanceof CoarseToFine bands ? bands.start() : estimator;
        return first.estimate(items.get(item));
    }

    /** The iterations that the bands count as, which the whole spectrogram is spared. */
    public int spent() {
        return Objects.requireNonNull(plan.estimator()).iterations(first());
    }

    /** The iteration up to which {@link Admm} runs in {@link Hybrid}, after a start that spent some. */
    public static int admm(int iterations, int spent) {
        return Hybrid.admm(iterations, spent);
    }

    /** The bands that are solved before the whole, the narrowest first; none unless the algorithm has bands. */
    public List<Band> bands() {
        List<Band> bands = new ArrayList<>();
        if (plan.estimator() instanceof CoarseToFine estimator) {
            int count = CoarseToFine.bands(stft().parameters(), parameters().iterations(), first().frames());
            for (int factor = 1 << count; factor > 1; factor /= 2) {
                boolean narrowest = factor == 1 << count;
                int iterations = CoarseToFine.bandIterations(spent(), count, factor);
                bands.add(new Band(estimator, factor, iterations, narrowest));
            }
        }
        return bands;
    }

    /** The lowest 1/factor of the frequencies as a problem of their own: {@link LowBand}. */
    public final class Band {

        private final CoarseToFine estimator;
        private final int factor;
        private final int iterations;
        private final boolean narrowest;

        Band(CoarseToFine estimator, int factor, int iterations, boolean narrowest) {
            this.estimator = estimator;
            this.factor = factor;
            this.iterations = iterations;
            this.narrowest = narrowest;
        }

        public int iterations() {
            return iterations;
        }

        /** Whether it is solved from two starts, of which the better result is kept. */
        public boolean narrowest() {
            return narrowest;
        }

        public StftParameters parameters() {
            return LowBand.parameters(AcceleratedProblem.this.stft().parameters(), factor);
        }

        public Stft stft() {
            return first().kernels().stft(parameters());
        }

        public int length() {
            return parameters().defaultLength(frames());
        }

        /** Bins from below whose phases are handed on. */
        public int passed() {
            return LowBand.passed(parameters());
        }

        /** The factors on the whole spectrogram's first magnitudes, one a bin. */
        public float[] gain() {
            return LowBand.gain(parameters());
        }

        /** The first start and its rival, both [frame][bin] of the band. Of the narrowest band only. */
        public float[][] starts(int item) {
            LowBand band = new LowBand(items.get(item), factor, iterations);
            return new float[][] {
                estimator.start().estimate(band.problem()), CoarseToFine.RIVAL.estimate(band.problem())
            };
        }
    }

    /** The outcome of an item whose samples stand as they were iterated on: scaled back in place, saturating. */
    public ItemOutcome outcome(
            int item,
            float[] samples,
            int iterations,
            boolean converged,
            boolean cancelled,
            double squaredError,
            double inconsistency,
            double energy) {
        Plan.rescale(samples, exponent(item));
        return new ItemOutcome(
                samples,
                iterations,
                converged,
                cancelled,
                Decibels.ofEnergies(squaredError, energy),
                Decibels.ofEnergies(inconsistency, energy));
    }

    /** Tells {@link Progress} of an iteration; false to end the work. */
    public boolean iterated(int item, int iteration, double squaredError, double energy) {
        return progress.iterated(number(item), iteration, Decibels.ofEnergies(squaredError, energy));
    }

    /** Why the host alone runs this algorithm; null where an accelerator may. */
    static @Nullable String onHostOnly(Algorithm algorithm) {
        return algorithm.isLive() || !algorithm.iterative()
                ? "algorithm " + algorithm.wireName() + " does not iterate over the whole spectrogram"
                : null;
    }
}
