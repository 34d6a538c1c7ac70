package dev.phasor.reconstruction;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.FrameLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an algorithm: the estimator of a first phase, and an optional refinement. Algorithms that go frame by
 * frame have neither: the whole is pushed through a {@link LiveReconstructor}.
 *
 * @param algorithm the algorithm that runs; never {@code AUTO}
 */
record Plan(
        Algorithm algorithm,
        @Nullable PhaseEstimator estimator,
        @Nullable Refinement refinement) {

    /** What {@link Keeping} has before the first iteration: the phase. */
    private static final String STARTED = "started";

    /** The cost of an angle, in elements of ordinary work. */
    private static final long ANGLE = 16;

    static Plan of(Algorithm algorithm, ReconstructionParameters parameters) {
        double momentum = parameters.momentum();
        return switch (algorithm) {
            case AUTO, COARSE_TO_FINE -> coarseToFine(parameters);
            case HYBRID -> refining(algorithm, parameters, new Hybrid());
            case GRIFFINLIM -> refining(algorithm, parameters, new GriffinLim(0));
            case FAST_GRIFFINLIM -> refining(algorithm, parameters, new GriffinLim(momentum));
            case AGLA -> refining(algorithm, parameters, new AcceleratedGriffinLim(momentum));
            case ADMM -> refining(algorithm, parameters, new Admm());
            case RAAR -> refining(algorithm, parameters, new Raar());
            case DIFFERENCE_MAP -> refining(algorithm, parameters, new DifferenceMap());
            case SPSI -> new Plan(algorithm, new Spsi(), null);
            case PGHI -> new Plan(algorithm, new Pghi(), null);
            case RTPGHI, RTPGHI_LOOKAHEAD, RTISI_LA, GSRTISI_LA, LIVE -> new Plan(algorithm, null, null);
        };
    }

    /** The plan of a device, which has no {@link Repair}. */
    Plan withoutRepair() {
        return refinement instanceof Repair ? new Plan(algorithm, estimator, new Hybrid()) : this;
    }

    private static Plan refining(Algorithm algorithm, ReconstructionParameters parameters, Refinement refinement) {
        return new Plan(algorithm, start(parameters), refinement);
    }

    /** A given phase covers the whole spectrogram, so {@link Hybrid} starts from it without bands. */
    private static Plan coarseToFine(ReconstructionParameters parameters) {
        if (parameters.given() != null) {
            return refining(Algorithm.HYBRID, parameters, new Hybrid());
        }
        return new Plan(Algorithm.COARSE_TO_FINE, new CoarseToFine(start(parameters), new Hybrid()), new Repair());
    }

    /** From the given phase down, into the valley that it lies in. */
    static Plan descending(ReconstructionParameters parameters) {
        return refining(Algorithm.HYBRID, parameters, new Descent());
    }

    static PhaseEstimator start(ReconstructionParameters parameters) {
        return switch (parameters.init()) {
            case PGHI -> new Pghi();
            case RANDOM -> Plan::randomPhase;
            case ZERO -> problem -> new float[problem.magnitude().length];
            case SPSI -> new Spsi();
            case GIVEN -> Plan::givenPhase;
        };
    }

    private static float[] randomPhase(Problem problem) {
        RandomPhase random = problem.randomPhase();
        float[] phase = new float[problem.magnitude().length];
        Ranges.forEach(phase.length, phase.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                phase[i] = random.at(i);
            }
        });
        return phase;
    }

    private static float[] givenPhase(Problem problem) {
        ComplexSpectrogram direction =
                Objects.requireNonNull(problem.parameters().given()).direction();
        float[] re = direction.re(problem.item());
        float[] im = direction.im(problem.item());
        float[] phase = new float[re.length];
        Ranges.forEach(phase.length, ANGLE * phase.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                phase[i] = (float) Math.atan2(im[i], re[i]);
            }
        });
        return phase;
    }

    /**
     * Runs the algorithm on magnitudes scaled below 2 by a power of two: nothing over- or underflows, and no bit
     * changes.
     */
    ItemOutcome run(Problem problem, Progress progress) {
        if (problem.largest() == 0) {
            float[] silence = new float[problem.length()];
            progress.started(problem.item(), problem.parameters().iterations());
            return new ItemOutcome(silence, 0, true, false, Decibels.LOWEST, Decibels.LOWEST);
        }
        FrameLoop loop = problem.loop();
        if (algorithm.isLive()) {
            return live(problem, loop);
        }
        MagnitudeTarget target = MagnitudeTarget.of(problem, loop);
        Session session = session(problem, target, loop, progress);
        float[] samples = samples(session);
        Accuracy accuracy = Accuracy.of(loop, target, samples);
        rescale(samples, MagnitudeTarget.exponent(problem.magnitude()));
        return new ItemOutcome(
                samples,
                iterations(session),
                session.converged(),
                session.cancelled(),
                accuracy.spectralConvergenceDb(),
                accuracy.inconsistencyDb());
    }

    private ItemOutcome live(Problem problem, FrameLoop loop) {
        float[] samples = LiveReconstructor.whole(algorithm, problem);
        float[] scaled = samples.clone();
        rescale(scaled, -MagnitudeTarget.exponent(problem.magnitude()));
        Accuracy accuracy = Accuracy.of(loop, MagnitudeTarget.of(problem, loop), scaled);
        return new ItemOutcome(
                samples,
                algorithm.iterative() ? problem.parameters().iterations() : 0,
                false,
                false,
                accuracy.spectralConvergenceDb(),
                accuracy.inconsistencyDb());
    }

    /**
     * What the iterations find, without its figures.
     *
     * @param samples in the scale of the magnitudes
     */
    record Solution(float[] samples, int iterations, boolean converged, boolean cancelled) {}

    /** {@link #run} of an algorithm that goes over the whole, on magnitudes that are not all 0, without figures. */
    Solution solve(Problem problem, Progress progress) {
        FrameLoop loop = problem.loop();
        Session session = session(problem, MagnitudeTarget.of(problem, loop), loop, progress);
        float[] samples = samples(session);
        rescale(samples, MagnitudeTarget.exponent(problem.magnitude()));
        return new Solution(samples, iterations(session), session.converged(), session.cancelled());
    }

    /** How the time of a problem is spread over its iterations. */
    Workload workload(Problem problem) {
        int iterations = algorithm.iterative() ? problem.parameters().iterations() : 0;
        Problem unrepaired = unrepaired(problem);
        int all = problem.parameters().iterations();
        int before = unrepaired.parameters().iterations();
        List<Workload.Stage> stages = new ArrayList<>();
        if (estimator != null && iterations > 0) {
            stages.addAll(estimator.stages(unrepaired));
            iterations -= estimator.iterations(unrepaired);
        }
        stages.add(new Workload.Stage(iterations - (all - before), 1));
        stages.addAll(Repair.stages(problem.stft().parameters(), before, all, problem.frames()));
        return new Workload(stages);
    }

    private int iterations(Session session) {
        return refinement == null && algorithm.iterative() ? session.limit() : session.iterations();
    }

    /** The samples that the magnitudes' plan finds, scaled as {@link MagnitudeTarget}. */
    float[] scaled(Problem problem, Progress progress) {
        if (algorithm.isLive()) {
            float[] samples = LiveReconstructor.whole(algorithm, problem);
            rescale(samples, -MagnitudeTarget.exponent(problem.magnitude()));
            return samples;
        }
        FrameLoop loop = problem.loop();
        return samples(session(problem, MagnitudeTarget.of(problem, loop), loop, progress));
    }

    private Session session(Problem problem, MagnitudeTarget target, FrameLoop loop, Progress progress) {
        PhaseEstimator first = Objects.requireNonNull(estimator);
        Problem unrepaired = unrepaired(problem);
        int spent = first.iterations(unrepaired);
        if (progress == Progress.NONE) {
            return new Session(problem, target, loop, progress, phase(first, unrepaired, progress), spent);
        }
        StartObserver start = new StartObserver(progress);
        float[] phase = phase(first, unrepaired, start);
        return new Session(problem, target, loop, progress, phase, start.iterations(spent));
    }

    /** The problem with the iterations before a {@link Repair}. */
    private Problem unrepaired(Problem problem) {
        return refinement instanceof Repair ? problem.withIterations(Repair.begin(problem)) : problem;
    }

    /** The phase to start from; nothing where a refinement's own state was kept, which needs none. */
    private static float[] phase(PhaseEstimator first, Problem problem, Progress progress) {
        Keeping keeping = progress.keeping(problem.item());
        Keeping.Mark mark = keeping.mark();
        if (mark != null && !mark.stage().equals(STARTED) && !mark.stage().equals(CoarseToFine.BAND)) {
            return new float[0];
        }
        if (mark != null && mark.stage().equals(STARTED)) {
            float[] phase = new float[problem.magnitude().length];
            keeping.restore(phase);
            return phase;
        }
        float[] phase = first.estimate(problem, progress);
        if (keeping.isDue() && progress.started(problem.item(), first.iterations(problem))) {
            keeping.keep(new Keeping.Mark(STARTED, first.iterations(problem), Double.POSITIVE_INFINITY), phase);
        }
        return phase;
    }

    private float[] samples(Session session) {
        if (refinement != null) {
            return refinement.run(session);
        }
        float[] samples = session.newSignal();
        session.start(samples);
        return samples;
    }

    /**
     * Multiplies by 2^exponent, saturating: a signal may exceed its spectrogram's largest magnitude, but not by much.
     */
    static void rescale(float[] samples, int exponent) {
        double scale = Math.scalb(1.0, exponent);
        Ranges.forEach(samples.length, samples.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                double value = samples[i] * scale;
                samples[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
            }
        });
    }
}
