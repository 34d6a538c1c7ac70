package dev.phasor.device;

import dev.phasor.reconstruction.AcceleratedProblem;
import dev.phasor.reconstruction.AcceleratedProblem.Band;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.ItemOutcome;
import dev.phasor.signal.Ranges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Some items of a problem from their magnitudes to their samples: one upload, the bands, the whole spectrogram, the
 * figures, one download.
 */
final class Solver {

    private final Computation computation;
    private final AcceleratedProblem problem;
    private final int from;
    private final int items;

    /** @param items from the item {@code from} on */
    Solver(Computation computation, AcceleratedProblem problem, int from, int items) {
        this.computation = computation;
        this.problem = problem;
        this.from = from;
        this.items = items;
    }

    /** The most bytes of the device's memory that this many items take. */
    static long bytes(AcceleratedProblem problem, long items) {
        long whole =
                Stage.bytes(problem.stft().parameters(), items, problem.frames(), problem.length(), problem.hasKnown());
        long most = 0;
        for (Band band : problem.bands()) {
            long starts = band.narrowest() ? 2 * items : items;
            most = Math.max(most, Stage.bytes(band.parameters(), starts, problem.frames(), band.length(), false));
        }
        return whole + most;
    }

    /** Bytes of the largest array that this many items take. */
    static long largest(AcceleratedProblem problem, long items) {
        long most = Stage.largest(
                problem.stft().parameters(), items, problem.frames(), problem.length(), problem.hasKnown());
        for (Band band : problem.bands()) {
            long starts = band.narrowest() ? 2 * items : items;
            most = Math.max(most, Stage.largest(band.parameters(), starts, problem.frames(), band.length(), false));
        }
        return Float.BYTES * most;
    }

    List<ItemOutcome> solve() {
        Stage whole = new Stage(computation, problem.stft(), items, problem.frames(), problem.length());
        DeviceArray magnitude = whole.magnitude();
        DeviceArray phases = whole.phase();
        boolean hasKnown = problem.hasKnown();
        DeviceArray known = hasKnown ? whole.known() : phases;
        Ranges.each(items, item -> {
            double scale = Math.scalb(1.0, -problem.exponent(from + item));
            computation.upload(problem.magnitude(from + item), scale, magnitude, item * whole.plane());
            computation.upload(problem.start(from + item), 1, phases, item * whole.plane());
            if (hasKnown) {
                computation.upload(problem.known(from + item), 1, known, 2 * item * whole.plane());
            }
        });
        for (Band band : problem.bands()) {
            solve(band, whole);
        }
        Rounds rounds = new Rounds(
                whole,
                problem.parameters().iterations(),
                problem.spent(),
                problem.parameters().tolerance(),
                problem.isObserved() ? problem : null,
                from);
        DeviceArray samples = new Refinement(whole, rounds)
                .run(problem.algorithm(), problem.parameters().momentum());
        return outcomes(whole, rounds, samples);
    }

    /** Solves a band from the whole's phases, or from two starts, and puts its phases in the whole's. */
    private void solve(Band band, Stage whole) {
        if (!band.narrowest()) {
            Stage stage = stage(band, whole, items);
            stage.overPlanes(
                    "cut",
                    stage.bins(),
                    items,
                    whole.phase(),
                    whole.bins(),
                    stage.bins(),
                    problem.frames(),
                    stage.phase());
            refine(band, stage);
            put(band, stage, own(), whole);
            stage.release();
        } else if (problem.isObserved()) {
            solveOneByOne(band, whole);
        } else {
            Stage stage = stage(band, whole, 2 * items);
            DeviceArray phases = stage.phase();
            Ranges.each(items, item -> {
                float[][] both = band.starts(from + item);
                computation.upload(both[0], 1, phases, item * stage.plane());
                computation.upload(both[1], 1, phases, (items + item) * stage.plane());
            });
            double[] errors = refine(band, stage);
            int[] best = new int[items];
            Arrays.setAll(best, item -> errors[items + item] < errors[item] ? items + item : item);
            put(band, stage, best, whole);
            stage.release();
        }
    }

    /** The two starts of one item, each of which may end at its own time. */
    private void solveOneByOne(Band band, Stage whole) {
        float[][] starts = band.starts(from);
        double least = Double.POSITIVE_INFINITY;
        for (float[] start : starts) {
            Stage stage = stage(band, whole, 1);
            computation.upload(start, stage.phase());
            double error = refine(band, stage)[0];
            if (error < least) {
                least = error;
                put(band, stage, own(), whole);
            }
            stage.release();
        }
    }

    private int[] own() {
        return IntStream.range(0, items).toArray();
    }

    /** A band's stage with its magnitudes: those of all items, as many times as there are starts. */
    private Stage stage(Band band, Stage whole, int starts) {
        Stage stage = new Stage(computation, band.stft(), starts, problem.frames(), band.length());
        DeviceArray gain = computation.of(band.gain());
        stage.overPlanes(
                "filtered",
                stage.bins(),
                starts,
                whole.magnitude(),
                whole.bins(),
                gain,
                stage.bins(),
                problem.frames(),
                items,
                stage.magnitude());
        computation.finish();
        computation.release(gain);
        return stage;
    }

    /** Turns a stage's first phases into those that iterations find, and returns the error of each start. */
    private double[] refine(Band band, Stage stage) {
        Rounds rounds =
                new Rounds(stage, band.iterations(), 0, problem.parameters().tolerance(), null, 0);
        DeviceArray samples = new Refinement(stage, rounds).run(Algorithm.HYBRID, 0);
        stage.phase();
        stage.pass(Step.ANGLE, samples, false, 0);
        double[] errors = stage.errors();
        computation.release(samples);
        return errors;
    }

    /** @param best which of the stage's starts each item takes */
    private void put(Band band, Stage stage, int[] best, Stage whole) {
        DeviceArray chosen = computation.bytes((long) Integer.BYTES * items);
        computation.upload(best, chosen);
        stage.overPlanes(
                "put",
                band.passed(),
                items,
                stage.phase(),
                stage.bins(),
                band.passed(),
                problem.frames(),
                chosen,
                whole.bins(),
                whole.phase());
        computation.finish();
        computation.release(chosen);
    }

    private List<ItemOutcome> outcomes(Stage stage, Rounds rounds, DeviceArray samples) {
        DeviceArray consistent = stage.newSignal();
        stage.keep();
        stage.iterate(Step.PROJECT, samples, true, 0, consistent);
        double[] errors = stage.errors();
        stage.pass(Step.DISTANCE, consistent, false, 0);
        double[] inconsistencies = stage.errors();
        double[] energies = stage.energies();
        List<ItemOutcome> outcomes = new ArrayList<>();
        for (int item = 0; item < items; item++) {
            float[] values = new float[stage.length()];
            computation.download(samples, (long) item * stage.length(), values);
            outcomes.add(problem.outcome(
                    from + item,
                    values,
                    rounds.iterations(),
                    rounds.converged(),
                    rounds.cancelled(),
                    errors[item],
                    inconsistencies[item],
                    energies[item]));
        }
        return outcomes;
    }
}
