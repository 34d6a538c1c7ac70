package dev.phasor.reconstruction;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the state of one item's iterations outside the process, so that a later process goes on from it with the same
 * bits. It is called by one thread at a time.
 */
public interface Keeping {

    /** Keeps nothing. */
    Keeping NONE = new Keeping() {
        @Override
        public boolean isDue() {
            return false;
        }

        @Override
        public void keep(Mark mark, float[]... arrays) {}

        @Override
        public @Nullable Mark mark() {
            return null;
        }

        @Override
        public void restore(float[]... arrays) {}
    };

    /**
     * Where the iterations stood.
     *
     * @param stage the part of the algorithm that kept it
     * @param iterations the iterations that have run
     * @param convergence the last relative error, for {@code tolerance}
     */
    record Mark(String stage, int iterations, double convergence) {}

    /** Whether the state is worth a write now. */
    boolean isDue();

    /**
     * Replaces the state that was kept.
     *
     * @param arrays not modified
     */
    void keep(Mark mark, float[]... arrays);

    /** The mark of the state that is kept; null where there is none. */
    @Nullable
    Mark mark();

    /**
     * Reads the arrays of the state that is kept.
     *
     * @param arrays Modified: as many and as long as those that were kept.
     */
    void restore(float[]... arrays);
}
