package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.mel.Preemphasis;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.MelAccuracy;
import dev.phasor.reconstruction.MelReconstruction;
import dev.phasor.reconstruction.MelReconstructor;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sound from a mel spectrogram: what {@link ReconstructOperation} does where a mel came in. */
final class ReconstructMelOperation {

    /** The algorithm of non-negative least squares, with {@code auto} for the phase. */
    static final String TWO_STEPS = "nnls";

    private final Transform transform;

    ReconstructMelOperation(Transform transform) {
        this.transform = transform;
    }

    /**
     * Refuses what only a mel uses.
     *
     * @throws InvalidInputException {@code BAD_PARAMETER} where no mel came
     */
    static void refuse(Call call) {
        refuse(call, "the input mel, which came under another name (input=mel, or a part mel)");
        if (call.parameters().get(Parameter.ALGORITHM).equals(TWO_STEPS)) {
            throw badParameter("algorithm", "another than nnls, which is of mels", TWO_STEPS);
        }
    }

    /**
     * Refuses the parameters and inputs that make a mel.
     *
     * @param user what would use them
     * @throws InvalidInputException {@code BAD_PARAMETER}
     */
    static void refuse(Call call, String user) {
        for (Parameter<?> parameter : Endpoint.melParameters()) {
            if (parameter != Parameter.POWER && call.parameters().isSent(parameter)) {
                throw badParameter(parameter.wireName(), "left out without " + user, "it");
            }
        }
        for (Input input : List.of(Input.MEAN, Input.STD, Input.FILTERBANK)) {
            if (call.inputs().has(input)) {
                throw badParameter("the input " + input.wireName(), "left out without " + user, "it");
            }
        }
    }

    Answer run(Call call, Report report) {
        Parameters parameters = call.parameters();
        refuseUnused(call);
        Stft stft = transform.ofAudio(parameters, report);
        MelSetup setup = MelSetup.of(call, stft, Transform.rate(parameters));
        report.mel(setup, parameters);
        RealSpectrogram values = call.inputs().mels(parameters);
        float[][] mels = undone(values, setup, report);
        Algorithm algorithm = algorithm(parameters);
        MelReconstruction result = new MelReconstructor(
                        setup.filters(), setup.value().power(), algorithm, transform.kernels())
                .reconstruct(
                        values.shape().leading(), mels, settings(parameters, setup, values.shape()), call.progress());
        AudioSignal audio = result.audio();
        List<MelAccuracy> accuracy = IntStream.range(0, mels.length)
                .mapToObj(item -> MelAccuracy.of(audio.samples(item), stft, setup.filters(), setup.value(), mels[item]))
                .toList();
        for (int item = 0; item < mels.length; item++) {
            Preemphasis.undo(audio.samples(item), setup.preemphasis());
        }
        report.put("algorithm", result.algorithm())
                .put("iterations", result.iterations())
                .put("seed", parameters.get(Parameter.SEED));
        put(report, accuracy, values);
        report.fade(stft.checkInvertible(values.shape().frames(), audio.length()));
        MelPlausibility.convergence(result.iterations(), accuracy, report);
        MelPlausibility.peak(audio.peak(), report);
        Finite.result("the audio", audio);
        return Answer.of(audio, report);
    }

    static void put(Report report, List<MelAccuracy> accuracy, RealSpectrogram values) {
        report.put(
                        "mel_convergence_db",
                        KnownPhase.perItem(
                                accuracy.stream()
                                        .map(MelAccuracy::melConvergenceDb)
                                        .toList(),
                                values.shape().leading()))
                .put(
                        "log_mel_l1",
                        KnownPhase.perItem(
                                accuracy.stream().map(MelAccuracy::logMelL1).toList(),
                                values.shape().leading()));
    }

    /** Mels without their logarithm, in their own memory. */
    static float[][] undone(RealSpectrogram values, MelSetup setup, Report report) {
        SpectrogramShape shape = values.shape();
        if (shape.bins() != setup.mels()) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "mel must have " + setup.mels() + " mels, [..., mels, frames], got " + shape
                            + (shape.frames() == setup.mels() ? ": transposed; send mel.T" : "")
                            + (shape.bins() == setup.filters().bins() ? ": a magnitude; send input=magnitude" : ""));
        }
        float[][] mels = new float[values.items()][];
        for (int item = 0; item < mels.length; item++) {
            mels[item] = values.values(item);
            setup.undo(mels[item], item == 0 ? report : new Report());
        }
        return mels;
    }

    /** Null for the joint descent. */
    private static @Nullable Algorithm algorithm(Parameters parameters) {
        String name = parameters.get(Parameter.ALGORITHM);
        if (name.equals(KnownPhase.ISTFT)) {
            throw badParameter("algorithm", "one that finds a phase where a mel comes", name);
        }
        if (name.equals(TWO_STEPS)) {
            return Algorithm.AUTO;
        }
        Algorithm algorithm = Algorithm.parse(name);
        return algorithm == Algorithm.AUTO ? null : algorithm;
    }

    private static void refuseUnused(Call call) {
        for (Input input : List.of(Input.PHASE, Input.MASK)) {
            if (call.inputs().has(input)) {
                throw badParameter("the input " + input.wireName(), "left out with the input mel", "it");
            }
        }
        if (call.parameters().get(Parameter.INIT) == Initialization.GIVEN) {
            throw badParameter("init", "another than given with the input mel", "given");
        }
        String algorithm = call.parameters().get(Parameter.ALGORITHM);
        String phases = algorithm.equals(TWO_STEPS) ? Parameters.wire(Algorithm.AUTO) : algorithm;
        ReconstructOperation.refuseUnused(call.parameters(), phases);
    }

    private static ReconstructionParameters settings(Parameters parameters, MelSetup setup, SpectrogramShape shape) {
        return ReconstructionParameters.of(setup.transform().stft().parameters())
                .withIterations(ReconstructOperation.iterations(parameters))
                .withLookahead(parameters.get(Parameter.LOOKAHEAD))
                .withMomentum(parameters.get(Parameter.MOMENTUM))
                .withTolerance(parameters.get(Parameter.TOLERANCE))
                .withInit(parameters.get(Parameter.INIT))
                .withSeed(parameters.get(Parameter.SEED))
                .withLength(parameters.find(Parameter.LENGTH).orElseGet(() -> setup.defaultLength(shape.frames())))
                .withSampleRate(Transform.rate(parameters));
    }
}
