package dev.phasor.device;

import dev.phasor.reconstruction.Curvature;
import dev.phasor.stft.EndRoots;
import java.util.Arrays;

/**
 * L-BFGS on a stage, as {@code QuasiNewton} on the host: the signals, their products and the steps on the device, the
 * few coefficients of each item on the host.
 */
final class Descent {

    /** Work groups of an item that form products. */
    private static final int GROUPS = 128;

    private static final int THREADS = 256;

    private final Stage stage;
    private final Rounds rounds;
    private final Computation computation;
    private final int slots;
    private final int items;
    private final int sumsOfItem;
    private final long program;
    private final Curvature[] curvatures;
    private final DeviceArray gradient;
    private final DeviceArray s;
    private final DeviceArray y;
    private final DeviceArray pairs;
    private final DeviceArray coefficients;
    private final DeviceArray partial;
    private final DeviceArray products;
    private final EndRoots roots;
    private final int ends;
    private final DeviceArray rootValues;

    Descent(Stage stage, Rounds rounds) {
        this.stage = stage;
        this.rounds = rounds;
        computation = stage.computation();
        items = stage.items();
        slots = stage.pairs() + 1;
        sumsOfItem = 4 + 3 * (slots - 1);
        program = computation.programs().pairs(slots);
        curvatures = new Curvature[items];
        Arrays.setAll(curvatures, item -> new Curvature(slots - 1));
        long signals = (long) items * stage.length();
        gradient = computation.zeros(signals);
        s = computation.zeros(slots * signals);
        y = computation.zeros(slots * signals);
        pairs = computation.bytes((long) Integer.BYTES * items * (slots + 1));
        coefficients = computation.floats((long) items * (2 * slots + 1));
        partial = computation.bytes((long) Double.BYTES * items * sumsOfItem * GROUPS);
        products = computation.bytes((long) Double.BYTES * items * sumsOfItem);
        roots = stage.endRoots();
        float[] values = roots.values();
        ends = values.length;
        rootValues = computation.of(values);
    }

    /**
     * Iterates from a signal to the last iteration, and releases the memory of the descent.
     *
     * @param x Modified.
     * @return Griffin-Lim's step from the last signal, or from the signal before it if its error was smaller
     */
    DeviceArray descend(DeviceArray x) {
        DeviceArray projected = stage.newSignal();
        double[] last = new double[items];
        Arrays.fill(last, Double.POSITIVE_INFINITY);
        uploadPairs();
        DeviceArray found = x;
        while (rounds.goesOn(rounds.limit())) {
            stage.iterate(Step.PROJECT, x, false, 0, projected);
            // Unless they are heard of, the last two errors alone matter, and to wait for one takes longer than a pass.
            boolean matters = rounds.measured() || rounds.iterations() + 2 >= rounds.limit();
            double[] errors = matters ? stage.errors() : last;
            rounds.iterated(errors);
            if (!rounds.goesOn(rounds.limit())) {
                turnBack(x, projected, errors, last);
                found = projected;
            } else {
                last = errors;
                weighEnds(x, false);
                weighEnds(projected, false);
                observe(x, projected);
                step(x);
                weighEnds(x, true);
            }
        }
        for (DeviceArray array :
                new DeviceArray[] {gradient, s, y, pairs, coefficients, partial, products, rootValues}) {
            computation.release(array);
        }
        computation.release(found.equals(x) ? projected : x);
        return found;
    }

    private void uploadPairs() {
        int[] all = new int[items * (slots + 1)];
        for (int item = 0; item < items; item++) {
            int[] kept = curvatures[item].kept();
            int at = item * (slots + 1);
            all[at] = curvatures[item].next();
            all[at + 1] = kept.length;
            System.arraycopy(kept, 0, all, at + 2, kept.length);
        }
        computation.upload(all, pairs);
    }

    private void observe(DeviceArray x, DeviceArray projected) {
        computation.launch(
                program,
                "observe",
                new long[] {(long) GROUPS * THREADS, items},
                new long[] {THREADS, 1},
                x,
                projected,
                gradient,
                s,
                y,
                pairs,
                stage.length(),
                partial);
        int count = items * sumsOfItem;
        computation.launch(program, "added", new long[] {count}, new long[] {64}, partial, GROUPS, count, products);
        double[] sums = new double[count];
        computation.download(products, sums);
        for (int item = 0; item < items; item++) {
            int at = item * sumsOfItem;
            curvatures[item].observe(curvatures[item].kept(), Arrays.copyOfRange(sums, at, at + sumsOfItem));
        }
    }

    private void step(DeviceArray x) {
        float[] all = new float[items * (2 * slots + 1)];
        for (int item = 0; item < items; item++) {
            double[] ofStep = new double[slots];
            double[] ofChange = new double[slots];
            int at = item * (2 * slots + 1);
            all[at] = (float) curvatures[item].coefficients(ofStep, ofChange);
            for (int slot = 0; slot < slots; slot++) {
                all[at + 1 + slot] = (float) ofStep[slot];
                all[at + 1 + slots + slot] = (float) ofChange[slot];
            }
        }
        uploadPairs();
        computation.upload(all, coefficients);
        overSignals("stepped", x, gradient, s, y, pairs, coefficients, stage.length());
    }

    /** Where the last step led upwards, the result is that of the signal before it. */
    private void turnBack(DeviceArray x, DeviceArray projected, double[] errors, double[] last) {
        int[] upwards = new int[items];
        Arrays.setAll(upwards, item -> errors[item] > last[item] ? 1 : 0);
        if (Arrays.stream(upwards).sum() > 0) {
            DeviceArray which = computation.bytes((long) Integer.BYTES * items);
            computation.upload(upwards, which);
            weighEnds(x, false);
            weighEnds(projected, false);
            overSignals("before", x, gradient, s, pairs, which, stage.length(), projected);
            weighEnds(projected, true);
            computation.finish();
            computation.release(which);
        }
    }

    /** Multiplies signals by {@link EndRoots}, or divides them. */
    private void weighEnds(DeviceArray signals, boolean divided) {
        if (ends > 0) {
            computation.launch(
                    program,
                    "weigh_ends",
                    new long[] {ends, items},
                    new long[] {THREADS, 1},
                    signals,
                    rootValues,
                    roots.head(),
                    roots.last(),
                    ends,
                    stage.length(),
                    divided ? 1 : 0);
        }
    }

    private void overSignals(String kernel, Object... arguments) {
        computation.launch(program, kernel, new long[] {stage.length(), items}, new long[] {THREADS, 1}, arguments);
    }
}
