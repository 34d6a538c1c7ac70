package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.FrameLoop.Step;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs, counts and reports the iterations on one item, and decides when they end. */
final class Session {

    private final Problem problem;
    private final Target target;
    private final FrameLoop loop;
    private final Progress progress;
    private final double tolerance;
    private final double[] errors;
    private float @Nullable [] phase;
    private int iterations;
    private double lastConvergence = Double.POSITIVE_INFINITY;
    private final int spent;
    private final Keeping keeping;
    private boolean settled;
    private boolean resumed;
    private boolean cancelled;

    /**
     * @param phase the phase to {@link #start} from, [frame][bin]; null where a signal is there
     * @param spent the iterations already used for this phase
     */
    Session(Problem problem, Target target, FrameLoop loop, Progress progress, float @Nullable [] phase, int spent) {
        this.problem = problem;
        this.target = target;
        this.loop = loop;
        this.progress = progress;
        this.phase = phase;
        this.iterations = spent;
        this.spent = spent;
        this.keeping = progress.keeping(problem.item());
        this.tolerance = problem.parameters().tolerance();
        this.errors = new double[loop.tiles()];
    }

    Problem problem() {
        return problem;
    }

    IterationKernel kernel() {
        return problem.kernels().iteration();
    }

    Target target() {
        return target;
    }

    FrameLoop loop() {
        return loop;
    }

    /** The most iterations, n_iter. */
    int limit() {
        return problem.parameters().iterations();
    }

    int iterations() {
        return iterations;
    }

    boolean converged() {
        return settled;
    }

    boolean cancelled() {
        return cancelled;
    }

    /** The iterations that the start used. */
    int spent() {
        return spent;
    }

    /** Whether the start used no iterations. */
    boolean isFirst() {
        return spent == 0;
    }

    /**
     * Goes on from a state that was kept at this stage.
     *
     * @param state Modified: the arrays in the order in which they were kept.
     * @return whether there is one
     */
    boolean resume(String stage, float[]... state) {
        Keeping.Mark mark = keeping.mark();
        if (resumed || mark == null || !mark.stage().equals(stage)) {
            return false;
        }
        keeping.restore(state);
        resumed = true;
        phase = null;
        iterations = mark.iterations();
        lastConvergence = mark.convergence();
        return true;
    }

    /** Whether a state was kept at this stage, and no iteration has run since. */
    boolean isKeptAt(String stage) {
        Keeping.Mark mark = keeping.mark();
        return !resumed && mark != null && mark.stage().equals(stage);
    }

    /** Whether the state is worth a write now; see {@link #keep}. */
    boolean isKeptNow() {
        return keeping.isDue() && !cancelled;
    }

    /** Keeps the state between two iterations, if it is time to. */
    void keep(String stage, float[]... state) {
        if (isKeptNow()) {
            keeping.keep(new Keeping.Mark(stage, iterations, lastConvergence), state);
        }
    }

    /** Whether another iteration runs, up to the {@code until}-th. */
    boolean goesOn(int until) {
        return iterations < until && !settled && !cancelled;
    }

    /** Begins a new stage, which the convergence of the stage before does not end. */
    void newStage() {
        settled = false;
        lastConvergence = Double.POSITIVE_INFINITY;
    }

    /** The arrays of two planes, a signal and what stands beside them, as {@link #keep} takes them. */
    static float[][] state(float[][] re, float[][] im, float[] signal, float[]... beside) {
        return Stream.of(re, im, new float[][] {signal}, beside)
                .flatMap(Arrays::stream)
                .toArray(float[][]::new);
    }

    float[] newSignal() {
        return new float[loop.length()];
    }

    float[][] newPlane() {
        return new float[loop.tiles()][loop.tileSize()];
    }

    /**
     * Computes the start signal from the magnitudes and the first phase. It can be called only once: it releases the
     * phase, which takes a plane.
     *
     * @param out Modified.
     */
    void start(float[] out) {
        start((tile, re, im) -> {}, out);
    }

    /**
     * Runs {@link #start(float[])}, and stores the spectrogram whose inverse is the start signal.
     *
     * @param keptRe Modified, by tile, as is {@code keptIm}
     */
    void start(float[][] keptRe, float[][] keptIm, float[] out) {
        start(
                (tile, re, im) -> {
                    System.arraycopy(re, 0, keptRe[tile], 0, re.length);
                    System.arraycopy(im, 0, keptIm[tile], 0, im.length);
                },
                out);
    }

    private void start(Step kept, float[] out) {
        float[] first = Objects.requireNonNull(phase);
        phase = null;
        loop.synthesize(
                (tile, re, im) -> {
                    target.place(tile, first, re, im);
                    kept.apply(tile, re, im);
                },
                out);
    }

    /**
     * One iteration: out = inverse(step(forward(samples))).
     *
     * @param out Modified.
     */
    void iterate(float[] samples, Step step, float[] out) {
        if (tolerance > 0 || progress != Progress.NONE) {
            iterateMeasured(samples, step, out);
        } else {
            loop.resynthesize(samples, step, out);
            iterations++;
        }
    }

    /** Runs {@link #iterate}, and returns the squared error of the samples' magnitudes. */
    double iterateMeasured(float[] samples, Step step, float[] out) {
        loop.resynthesize(
                samples,
                (tile, re, im) -> {
                    errors[tile] = target.squaredError(tile, re, im);
                    step.apply(tile, re, im);
                },
                out);
        iterations++;
        double error = Arrays.stream(errors).sum();
        observe(error);
        return error;
    }

    /** {@link #iterateMeasured} with the target's projection as the step. */
    double iterateProjecting(float[] samples, float[] out) {
        loop.resynthesize(samples, (tile, re, im) -> errors[tile] = target.projectMeasured(tile, re, im), out);
        iterations++;
        double error = Arrays.stream(errors).sum();
        observe(error);
        return error;
    }

    /**
     * Counts work on parts of the spectrogram.
     *
     * @param done whole iterations so far
     * @param error the squared error of the magnitudes now
     */
    void worked(int done, double error) {
        int before = iterations;
        iterations = done;
        if (done > before) {
            lastConvergence = Math.sqrt(error / target.energy());
            cancelled = !progress.iterated(problem.item(), iterations, Decibels.ofEnergies(error, target.energy()));
        }
    }

    private void observe(double error) {
        double convergence = Math.sqrt(error / target.energy());
        settled = Math.abs(lastConvergence - convergence) < tolerance * convergence;
        lastConvergence = convergence;
        double db = Decibels.ofEnergies(error, target.energy());
        cancelled = !progress.iterated(problem.item(), iterations, db);
    }
}
