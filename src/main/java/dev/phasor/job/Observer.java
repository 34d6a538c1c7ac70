package dev.phasor.job;

/** Hears of jobs that have ended in this process. */
@FunctionalInterface
public interface Observer {

    void ended(Job job, State state);
}
