package dev.phasor.device;

import dev.phasor.reconstruction.AcceleratedMap.Kind;
import java.util.Map;

/**
 * The least work that is worth a device: infinite where the host is faster at any.
 *
 * @param iterated of reconstructions: items, frames, n_fft and iterations multiplied
 * @param onePass of maps in one pass: values of their spectrograms; all of a kind that is not here are worth it
 */
record LeastWork(double iterated, Map<Kind, Double> onePass) {

    /** All work is. */
    static final LeastWork ANY = new LeastWork(0, Map.of());

    LeastWork {
        onePass = Map.copyOf(onePass);
    }

    double of(Kind kind) {
        return onePass.getOrDefault(kind, 0.0);
    }
}
