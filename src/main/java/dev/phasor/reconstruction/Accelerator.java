package dev.phasor.reconstruction;

import java.util.List;
import java.util.Optional;

/**
 * A machine beside the host's cores that computes whole items in a memory of its own. What it does not take, and what
 * it fails at, the host computes. Thread-safe.
 */
public interface Accelerator {

    /** No machine: the host computes everything, and reports say nothing of it. */
    Accelerator NONE = new Accelerator() {
        @Override
        public boolean exists() {
            return false;
        }

        @Override
        public String name() {
            return "none";
        }

        @Override
        public List<AcceleratorDevice> devices() {
            return List.of();
        }

        @Override
        public Optional<String> refusal(AcceleratedProblem problem) {
            return Optional.of("there is no device");
        }

        @Override
        public List<ItemOutcome> solve(AcceleratedProblem problem) {
            throw new IllegalStateException("there is no device");
        }
    };

    /** Whether there is a machine that may compute. */
    boolean exists();

    /** The machine's name, as its driver tells it. */
    String name();

    /** The devices that were found, those that are not used included. */
    List<AcceleratorDevice> devices();

    /** Why the host is to compute this map; empty if the machine takes it. */
    default Optional<String> refusal(AcceleratedMap map) {
        return Optional.of("the device computes reconstructions alone");
    }

    /**
     * Computes all items of a map that is not refused.
     *
     * @throws AcceleratorFailure if the machine fails; outputs may then hold anything
     */
    default void compute(AcceleratedMap map) {
        throw new IllegalStateException("this device computes no " + map.kind());
    }

    /** Why the host is to compute this problem; empty if the machine takes it. */
    Optional<String> refusal(AcceleratedProblem problem);

    /**
     * Reconstructs all items.
     *
     * @return one outcome an item, in order
     * @throws AcceleratorFailure if the machine fails; nothing of the problem is then computed
     */
    List<ItemOutcome> solve(AcceleratedProblem problem);
}
