package dev.phasor.job;

import java.io.IOException;

/** Computes a job's answer. Called by one thread for each job that runs. */
@FunctionalInterface
public interface Work {

    /**
     * Answers a request that was kept. What it refuses is an answer too.
     *
     * @param answer written to its end, or not at all
     * @throws dev.phasor.compute.BusyException for what may succeed later
     * @throws AttemptEndedException as {@link Attempt#gone} threw it
     * @throws IOException if a file cannot be read or written
     */
    void run(Attempt attempt, KeptAnswer answer) throws IOException;
}
