package dev.phasor.reconstruction;

import java.util.List;

/**
 * How the time of an item is spread over its iterations: in stages, one after the other, whose iterations take
 * differently long.
 *
 * @param stages in the order in which they run
 */
public record Workload(List<Stage> stages) {

    /**
     * Iterations of about the same time.
     *
     * @param iterations counted as n_iter counts them
     * @param weight the time of one, of an iteration over the whole spectrogram
     */
    public record Stage(double iterations, double weight) {}

    public Workload {
        stages = List.copyOf(stages);
    }

    /** Iterations that all take the same time. */
    public static Workload even(int iterations) {
        return new Workload(List.of(new Stage(iterations, 1)));
    }

    /** The most iterations, n_iter. */
    public int iterations() {
        return (int) Math.round(stages.stream().mapToDouble(Stage::iterations).sum());
    }

    /**
     * The part of the time after which so many iterations have run.
     *
     * @return in 0..1
     */
    public double part(double iterations) {
        double all = 0;
        double done = 0;
        double left = iterations;
        for (Stage stage : stages) {
            all += stage.weight() * stage.iterations();
            done += stage.weight() * Math.max(0, Math.min(left, stage.iterations()));
            left -= stage.iterations();
        }
        return all == 0 ? 0 : done / all;
    }
}
