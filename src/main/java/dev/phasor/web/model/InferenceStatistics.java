package dev.phasor.web.model;

import dev.phasor.operation.Answer;
import dev.phasor.web.telemetry.ComputeMeters;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Counts inference requests of each model and the time of their stages, since the start. */
public final class InferenceStatistics {

    private static final double NANOS_PER_MILLISECOND = 1e6;

    private final ComputeMeters meters;
    private final Map<Model, Totals> totals = new EnumMap<>(Model.class);

    InferenceStatistics(ComputeMeters meters) {
        this.meters = meters;
        Arrays.stream(Model.values()).forEach(model -> totals.put(model, new Totals()));
    }

    /** How often something happened, and how long it took together. */
    public record Total(long count, long ns) {

        private Total plus(long nanos) {
            return new Total(count + 1, ns + nanos);
        }
    }

    /**
     * The totals of a model.
     *
     * @param lastInference milliseconds since 1970 of the last request, 0 before the first
     * @param inferences items of batches that were answered
     * @param queue waiting for a thread to compute on
     */
    public record OfModel(
            long lastInference,
            long inferences,
            Total success,
            Total fail,
            Total queue,
            Total input,
            Total compute,
            Total output) {}

    private static final class Totals {

        private static final Total NONE = new Total(0, 0);

        private OfModel now = new OfModel(0, 0, NONE, NONE, NONE, NONE, NONE, NONE);

        private synchronized OfModel read() {
            return now;
        }

        private synchronized void failed(long nanos) {
            now = new OfModel(
                    System.currentTimeMillis(),
                    now.inferences,
                    now.success,
                    now.fail.plus(nanos),
                    now.queue,
                    now.input,
                    now.compute,
                    now.output);
        }

        private synchronized void answered(long items, long input, long queue, long compute, long output) {
            now = new OfModel(
                    System.currentTimeMillis(),
                    now.inferences + items,
                    now.success.plus(input + queue + compute + output),
                    now.fail,
                    now.queue.plus(queue),
                    now.input.plus(input),
                    now.compute.plus(compute),
                    now.output.plus(output));
        }
    }

    public OfModel of(Model model) {
        return totals(model).read();
    }

    private Totals totals(Model model) {
        return java.util.Objects.requireNonNull(totals.get(model));
    }

    /** Begins a request; it failed unless it is {@link Timing#written} before it is closed. */
    public Timing begin(Model model) {
        return new Timing(model);
    }

    /** The stages of one request, each from the end of the one before. */
    public final class Timing implements AutoCloseable {

        private final Model model;
        private final long begun = System.nanoTime();
        private long decoded = begun;
        private long computed = begun;
        private boolean written;

        private Timing(Model model) {
            this.model = model;
        }

        /** The request is read. */
        public void decoded() {
            meters.stage(model.wireName(), Stage.DECODE, begun, Map.of());
            decoded = System.nanoTime();
        }

        /** The answer is there. */
        public void computed() {
            computed = System.nanoTime();
        }

        /** The answer is written. */
        public void written(Answer answer) {
            meters.stage(model.wireName(), Stage.ENCODE, computed, answer.report());
            written = true;
            long run = computed - decoded;
            long compute = answer.report().get("milliseconds") instanceof Number milliseconds
                    ? Math.min(run, (long) (NANOS_PER_MILLISECOND * milliseconds.doubleValue()))
                    : run;
            int axis = model.batchAxis();
            int items = answer.arrays().values().stream()
                    .mapToInt(array ->
                            array.shape().rank() <= axis ? 1 : array.shape().size(axis))
                    .findFirst()
                    .orElse(1);
            totals(model).answered(items, decoded - begun, run - compute, compute, System.nanoTime() - computed);
        }

        /** A request of a sequence is answered. */
        public void fed() {
            written = true;
            totals(model).answered(1, decoded - begun, 0, computed - decoded, System.nanoTime() - computed);
        }

        @Override
        public void close() {
            if (!written) {
                totals(model).failed(System.nanoTime() - begun);
            }
        }
    }
}
