package dev.phasor.web.operation;

import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.stft.StftParameters;
import dev.phasor.web.operation.Inputs.Kind;
import java.util.Arrays;

/**
 * About how much a request asks for, before it is computed: values of its spectrogram times the passes over them. It chooses a
 * lane, so it need be right by the order of magnitude only.
 */
final class Workload {

    /** One angle and its like beside the transform. */
    private static final int PASSES = 4;

    /** A diagnosis runs six recipes in double on every bin; a training step goes both ways through several resolutions. */
    private static final int MANY_PASSES = 40;

    private Workload() {}

    static long of(Endpoint operation, Call call, TransformSettings settings) {
        try {
            Parameters parameters = call.parameters();
            Kind kind = call.inputs().main(parameters, operation == Endpoint.RECONSTRUCT ? Kind.MAGNITUDE : Kind.AUDIO);
            double values = call.inputs().largest();
            if (kind == Kind.AUDIO) {
                StftParameters transform = settings.forAudio(parameters);
                values *= (double) transform.bins() / transform.hopLength();
            }
            return (long) Math.min(Long.MAX_VALUE, values * passes(operation, parameters, kind));
        } catch (InvalidInputException e) {
            return 0; // the operation refuses it at once, in its own words
        }
    }

    private static double passes(Endpoint operation, Parameters parameters, Kind kind) {
        return switch (operation) {
            case PHASE_DIAGNOSE, RECONSTRUCT_VJP -> MANY_PASSES;
            case RECONSTRUCT -> PASSES * (1 + rounds(parameters, kind));
            default -> PASSES;
        };
    }

    private static double rounds(Parameters parameters, Kind kind) {
        String name = parameters
                .text("algorithm")
                .orElse(kind == Kind.MAGNITUDE ? Algorithm.AUTO.wireName() : ReconstructOperation.ISTFT);
        boolean iterates = Arrays.stream(Algorithm.values())
                .anyMatch(algorithm ->
                        algorithm.iterative() && algorithm.wireName().equals(name));
        return iterates
                ? parameters.integer("n_iter", ReconstructionParameters.DEFAULT_ITERATIONS, 1, Integer.MAX_VALUE)
                : 1;
    }
}
