package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;

/**
 * One item of a {@link DifferentiableReconstructor}: its iterations on magnitudes scaled below 2, and their adjoint.
 */
final class IteratedItem {

    private final Problem problem;
    private final TiledProjection map;
    private final AcceleratedIterations iterations;
    private final float[] phase;
    private final int exponent;
    private double residual;

    /**
     * @param problem all of whose samples are determined by its frames
     * @param phase to start from, a constant
     */
    IteratedItem(Problem problem, float[] phase, double momentum, double relaxation) {
        this.problem = problem;
        this.phase = phase;
        exponent = MagnitudeTarget.exponent(problem.magnitude());
        float[] scaled = problem.magnitude().clone();
        multiply(scaled, Math.scalb(1.0, -exponent));
        map = new TiledProjection(problem, scaled);
        iterations = new AcceleratedIterations(
                map, momentum, relaxation, problem.parameters().iterations());
    }

    private static void multiply(float[] values, double factor) {
        Ranges.forEach(values.length, values.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                values[i] = (float) (values[i] * factor);
            }
        });
    }

    private float[][] start() {
        return map.start(phase);
    }

    private void begin() {
        Angles.cosSin(phase, map.re()[0], map.im()[0]);
    }

    /** Those of {@link PhaseReconstructor}, to the bit. */
    float[] samples(Progress progress) {
        if (problem.largest() == 0) {
            return new float[problem.length()];
        }
        float[] found = iterations
                .run(start(), (step, signals) -> progress.iterated(problem.item(), step + 1, Decibels.HIGHEST))[0];
        float[] samples = found.clone();
        Plan.rescale(samples, exponent);
        return samples;
    }

    /** Samples that the magnitudes determine. */
    int length() {
        return problem.length();
    }

    /** Of {@link Through#IMPLICIT}, after {@link #pullBack}. */
    double residual() {
        return residual;
    }

    /**
     * The gradient with respect to the magnitudes.
     *
     * @param cotangent with respect to the samples. Modified.
     * @param counts Modified: singular bins and saturated values are added
     * @param gradient Modified: one plane of zeros, to which it is added
     */
    void pullBack(float[] cotangent, Through through, BoundedGradient rule, long[] counts, float[] gradient) {
        BoundedGradient scaled = rule.scaled(-exponent);
        Cotangents result = Cotangents.of(new float[][] {cotangent}, 0);
        float[][] planes = {gradient};
        switch (through) {
            case UNROLLED -> {
                Cotangents first = iterations.pullBack(start(), result, planes, scaled, counts);
                begin();
                map.unproject(map.unstart(first, planes), planes, first.scale());
            }
            case CONSTANT_PHASE -> {
                float[][] last = lastBut(1);
                for (int j = 0; j < last.length; j++) {
                    problem.stft().forward(last[j], map.re()[j], map.im()[j]);
                }
                map.unproject(map.unstart(result, planes), planes, result.scale());
            }
            case IMPLICIT -> implicit(result, planes, scaled, counts);
        }
        counts[1] += BoundedGradient.saturated(gradient);
    }

    /** u before the last step. */
    private float[][] lastBut(int steps) {
        float[][] kept = map.newSignals();
        int before = iterations.steps() - steps;
        iterations.run(start(), (step, signals) -> {
            if (step == before) {
                System.arraycopy(signals[0], 0, kept[0], 0, kept[0].length);
            }
            return step <= before;
        });
        return kept;
    }

    private void implicit(Cotangents result, float[][] gradient, BoundedGradient rule, long[] counts) {
        float[][] fixed = iterations.run(start(), (step, signals) -> true);
        float[][] unused = new float[1][gradient[0].length];
        long[] ignored = new long[2];
        FixedPoint point = new FixedPoint(weight(problem.stft(), problem.length()), cotangent -> {
            Cotangents of = Cotangents.of(new float[][] {cotangent.clone()}, 0);
            Arrays.fill(unused[0], 0);
            Cotangents back = map.pullBack(fixed, of, unused, rule, ignored);
            multiply(back.values()[0], back.scale());
            return back.values()[0];
        });
        float[] w = point.solve(result.values()[0]);
        residual = point.residual();
        Cotangents solved = Cotangents.of(new float[][] {w}, result.exponent());
        map.pullBack(fixed, solved, gradient, rule, counts);
    }

    /** The inverse of the overlapped squared windows on each sample. */
    private static float[] weight(Stft stft, int length) {
        StftParameters parameters = stft.parameters();
        double[] window = parameters
                .window()
                .coefficients(parameters.windowLength(), parameters.fftSize(), parameters.hopLength());
        double[] sum = new double[length];
        int frames = parameters.frames(length);
        for (int frame = 0; frame < frames; frame++) {
            long first = (long) frame * parameters.hopLength() - parameters.pad();
            int from = (int) Math.max(0, -first);
            int to = (int) Math.min(window.length, length - first);
            for (int n = from; n < to; n++) {
                sum[(int) (first + n)] += window[n] * window[n];
            }
        }
        float[] weight = new float[length];
        for (int t = 0; t < length; t++) {
            weight[t] = sum[t] == 0 ? 0 : (float) (1 / sum[t]);
        }
        return weight;
    }
}
