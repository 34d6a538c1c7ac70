package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.compute.HeapRegions;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.mel.MelInverse;
import dev.phasor.operation.Inputs.Kind;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.LiveReconstructor;
import dev.phasor.reconstruction.ReconstructionCost;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.stft.FrameSynthesis;
import dev.phasor.stft.PushedFrames;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations that can be fed, and what of their parameters a live session has. */
public final class LiveOperations {

    /** The endpoints that can be fed. */
    public static final List<Endpoint> ALL =
            List.of(Endpoint.STFT, Endpoint.ISTFT, Endpoint.RECONSTRUCT, Endpoint.MEL, Endpoint.STRETCH);

    /** Parameters that mean nothing in a session, or need the whole. */
    public static final Set<Parameter<?>> WITHOUT = Set.of(
            Parameter.RESPONSE_FORMAT,
            Parameter.ENCODING,
            Parameter.TIMEOUT,
            Parameter.RESAMPLE_TO,
            Parameter.MOMENTUM,
            Parameter.TOLERANCE,
            Parameter.INIT,
            Parameter.FLOOR,
            Parameter.FLOOR_MODE);

    /** For each new frame: more of them gain nothing that is heard, and keep other sessions waiting. */
    private static final int MOST_ITERATIONS = 256;

    private final TransformSettings settings;
    private final Transform transform;
    private final Kernels kernels;
    private final double mostFrameWork;

    /** @param mostFrameWork the most work of a frame: values passed over, some 10 ns each */
    public LiveOperations(Limits limits, Kernels kernels, double mostFrameWork) {
        this.kernels = kernels;
        this.mostFrameWork = mostFrameWork;
        settings = new TransformSettings(limits);
        transform = new Transform(settings, kernels);
    }

    /** The work of {@link #begin}: windows and tables. */
    public double making(Parameters parameters) {
        return new TransformCost(settings.forAudio(parameters), kernels.transform(), 1).making();
    }

    /**
     * Begins an operation.
     *
     * @param push values of the longest push
     * @param memory in which the operation's memory is reserved
     * @param sink receives the answer
     * @throws InvalidInputException {@code BAD_PARAMETER} for what the operation cannot be fed with, {@code NOLA} if
     *     window and hop cannot be inverted, {@code TOO_LARGE} for too much memory, or work on a frame
     * @throws dev.phasor.compute.BusyException if the memory is not free
     */
    public LiveOperation begin(
            Endpoint endpoint,
            Parameters parameters,
            int push,
            MemoryBudget.Reservation memory,
            LiveOperation.Sink sink) {
        refuseInput(endpoint, parameters);
        StftParameters stft = settings.forAudio(parameters);
        boolean toSound = endpoint != Endpoint.STFT && endpoint != Endpoint.MEL;
        if (toSound && stft.hopLength() > stft.fftSize()) {
            throw badParameter("hop_length", "at most n_fft, " + stft.fftSize(), stft.hopLength());
        }
        TransformCost cost = new TransformCost(stft, kernels.transform(), 1);
        checkWork(endpoint, parameters, cost);
        // Tiles of frames are the largest arrays.
        long bytes = (long) (bytes(endpoint, parameters, cost, push) * HeapRegions.times(cost.tiles(1)));
        memory.add(bytes, "a live " + endpoint.wireName());
        Report report = new Report().put("operation", endpoint.wireName());
        Stft made = transform.ofAudio(parameters, report);
        if (toSound) {
            int frames = stft.frames(4 * stft.fftSize());
            made.checkInvertible(frames, stft.defaultLength(frames));
        }
        return switch (endpoint) {
            case STFT -> LiveFrames.stft(made, report, parameters, kernels.iteration(), sink);
            case MEL -> LiveFrames.mel(made, report, Transform.rate(parameters), setup(parameters, made, report), sink);
            case ISTFT -> LiveSound.istft(made, report, parameters, sink);
            case RECONSTRUCT -> reconstruct(parameters, made, report, sink);
            case STRETCH -> LiveStretch.of(made, report, parameters, kernels, sink);
            default -> throw new IllegalArgumentException(endpoint + " cannot be fed");
        };
    }

    /** What is fed has no other name; of {@code reconstruct} it may be either of two. */
    private static void refuseInput(Endpoint endpoint, Parameters parameters) {
        Kind fed = endpoint == Endpoint.ISTFT ? Kind.SPECTROGRAM : Kind.AUDIO;
        Kind said = parameters.get(Parameter.INPUT, fed);
        if (endpoint != Endpoint.RECONSTRUCT && said != fed) {
            throw badParameter("input", Parameters.wire(fed) + " for what is fed here", Parameters.wire(said));
        }
    }

    /** Others wait while a frame is computed. */
    private void checkWork(Endpoint endpoint, Parameters parameters, TransformCost cost) {
        double work = endpoint == Endpoint.STRETCH
                ? LiveStretch.hopWork(parameters, cost)
                : endpoint == Endpoint.RECONSTRUCT ? frameWork(parameters, cost) : 0;
        if (work > mostFrameWork) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    "a frame would pass over " + Math.round(work) + " values, n_iter times those of all frames that"
                            + " reach a sample" + (endpoint == Endpoint.STRETCH ? ", for each that a hop becomes" : "")
                            + ", and may pass over " + Math.round(mostFrameWork)
                            + " (phasor.live.frame-work): ask for a smaller n_fft, n_iter or lookahead, or a larger"
                            + (endpoint == Endpoint.STRETCH ? " rate or" : "") + " hop_length");
        }
    }

    private static double frameWork(Parameters parameters, TransformCost cost) {
        Algorithm algorithm = algorithm(parameters);
        ReconstructionParameters wanted = settings(parameters, algorithm, cost.parameters());
        double magnitudes =
                kind(parameters) == Kind.MEL ? 2.0 * cost.parameters().bins() * MelInverse.MOST_SWEEPS : 0;
        return magnitudes + ReconstructionCost.frameWork(algorithm, wanted, cost, Integer.MAX_VALUE);
    }

    private static Kind kind(Parameters parameters) {
        return parameters.get(Parameter.INPUT, parameters.has(Parameter.MEL) ? Kind.MEL : Kind.MAGNITUDE);
    }

    private LiveOperation reconstruct(Parameters parameters, Stft stft, Report report, LiveOperation.Sink sink) {
        Kind kind = kind(parameters);
        if (kind != Kind.MAGNITUDE && kind != Kind.MEL) {
            throw badParameter("input", "magnitude or mel in a live session", Parameters.wire(kind));
        }
        MelSetup setup = kind == Kind.MEL ? setup(parameters, stft, report) : null;
        refuseMel(parameters, setup);
        Algorithm algorithm = algorithm(parameters);
        ReconstructOperation.refuseUnused(parameters, algorithm.wireName());
        ReconstructionParameters settings = settings(parameters, algorithm, stft.parameters());
        report.put("algorithm", algorithm.wireName())
                .put("iterations", algorithm.iterative() ? settings.iterations() : 0)
                .put("seed", settings.seed());
        return LiveSound.reconstruct(
                stft,
                report,
                parameters,
                setup,
                samples -> LiveReconstructor.of(algorithm, kernels, stft, settings, 0, Integer.MAX_VALUE, samples),
                sink);
    }

    private static void refuseMel(Parameters parameters, @Nullable MelSetup setup) {
        for (Parameter<?> parameter : Endpoint.melParameters()) {
            if (setup == null && parameter != Parameter.POWER && parameters.isSent(parameter)) {
                throw badParameter(parameter.wireName(), "left out with input=magnitude", "it");
            }
        }
        if (setup != null && setup.transform().dropsLastFrame() && !parameters.has(Parameter.LENGTH)) {
            throw badParameter("length", "given with drop_last_frame in a live session", "none");
        }
    }

    private static Algorithm algorithm(Parameters parameters) {
        Algorithm algorithm = parameters.isSent(Parameter.ALGORITHM)
                        && !parameters.get(Parameter.ALGORITHM).equals(Algorithm.AUTO.wireName())
                ? Algorithm.parse(parameters.get(Parameter.ALGORITHM))
                : Algorithm.LIVE;
        if (!algorithm.isLive()) {
            throw badParameter(
                    "algorithm",
                    "one that goes frame by frame in a live session: live, rtpghi, rtpghi_lookahead, rtisi_la,"
                            + " gsrtisi_la",
                    algorithm.wireName());
        }
        return algorithm;
    }

    private static ReconstructionParameters settings(Parameters parameters, Algorithm algorithm, StftParameters stft) {
        int iterations = parameters.get(Parameter.N_ITER, ReconstructionParameters.LIVE_ITERATIONS);
        checkIterations(iterations);
        return ReconstructionParameters.of(stft)
                .withIterations(algorithm.iterative() ? iterations : 1)
                .withLookahead(parameters.get(Parameter.LOOKAHEAD))
                .withSeed(parameters.get(Parameter.SEED))
                .withLength(parameters.find(Parameter.LENGTH).orElse(null));
    }

    static void checkIterations(int iterations) {
        if (iterations > MOST_ITERATIONS) {
            throw badParameter("n_iter", "at most " + MOST_ITERATIONS + " in a live session", iterations);
        }
    }

    private static MelSetup setup(Parameters parameters, Stft stft, Report report) {
        if (parameters.has(Parameter.LOG_RANGE)) {
            throw badParameter(
                    "log_range",
                    "left out in a live session, and with it its preset: it counts from the largest value of the whole",
                    parameters.get(Parameter.LOG_RANGE, 0.0));
        }
        int rate = parameters.get(Parameter.SAMPLE_RATE, AudioSignal.UNKNOWN_RATE);
        Call call = new Call(new Inputs(), parameters, new MemoryBudget(0).open());
        MelSetup setup = MelSetup.of(call, stft, rate);
        report.mel(setup, parameters);
        return setup;
    }

    private static long bytes(Endpoint endpoint, Parameters parameters, TransformCost cost, int push) {
        StftParameters stft = cost.parameters();
        long shared = cost.tables() + 2 * cost.overlap() + 4L * Float.BYTES * push;
        long mels = 4L * Float.BYTES * parameters.get(Parameter.N_MELS) + 200L * stft.bins();
        return shared
                + switch (endpoint) {
                    case STFT, MEL -> PushedFrames.bytes(cost, push) + 4 * cost.plane(1) + mels;
                    case ISTFT -> FrameSynthesis.bytes(cost) + 6 * cost.plane(1);
                    case STRETCH -> LiveStretch.bytes(parameters, cost);
                    default ->
                        LiveReconstructor.bytes(
                                        algorithm(parameters),
                                        settings(parameters, algorithm(parameters), stft),
                                        cost,
                                        Integer.MAX_VALUE)
                                + 4 * cost.plane(1)
                                + mels;
                };
    }
}
