package dev.phasor.operation;

/** Something the service computes. Stateless and safe for many threads; runs in the compute pool. */
public interface Operation {

    /**
     * @throws dev.phasor.signal.InvalidInputException for what the client has to change
     * @throws dev.phasor.compute.BusyException for what the client may try again
     */
    Answer run(Call call);
}
