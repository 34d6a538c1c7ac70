package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.mel.Preemphasis;
import dev.phasor.reconstruction.Evaluation;
import dev.phasor.reconstruction.MelAccuracy;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How near audio comes to reference audio, or to the magnitudes or the mel it was made from. */
final class EvaluateOperation implements Operation {

    private final Transform transform;

    EvaluateOperation(Transform transform) {
        this.transform = transform;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        Parameters parameters = call.parameters();
        Inputs inputs = call.inputs();
        AudioSignal audio = inputs.audio(parameters);
        List<Input> compared = Stream.of(Input.REFERENCE, Input.MAGNITUDE, Input.MEL)
                .filter(inputs::has)
                .toList();
        if (compared.size() != 1) {
            throw badParameter(
                    "the input reference, magnitude or mel",
                    "given, one of them",
                    compared.isEmpty() ? "none" : compared.size() + " of them");
        }
        if (inputs.has(Input.MEL)) {
            return mel(call, audio, report);
        }
        ReconstructMelOperation.refuse(call);
        report.audio(audio.sampleRate(), audio.length());
        if (inputs.has(Input.MAGNITUDE)) {
            MagnitudeSpectrogram magnitude = inputs.magnitude(parameters);
            Stft stft = transform.ofSpectrogram(parameters, magnitude.shape(), report);
            Plausibility.amplitudes(magnitude, stft.parameters(), report);
            put(
                    report,
                    Evaluation.of(audio, magnitude, stft, transform.kernels().iteration()),
                    audio.leading());
        } else {
            parameters.refuseWithout("the input magnitude or mel", Parameter.POWER);
            Stft stft = transform.ofAudio(parameters, report);
            AudioSignal reference = inputs.audio(Input.REFERENCE, parameters);
            Plausibility.planes(audio.shape(), report);
            put(
                    report,
                    Evaluation.of(audio, reference, stft, transform.kernels().iteration()),
                    audio.leading());
        }
        return new Answer(Map.of(), null, report.finish());
    }

    private Answer mel(Call call, AudioSignal audio, Report report) {
        Stft stft = transform.ofAudio(call.parameters(), report);
        report.audio(audio.sampleRate(), audio.length());
        MelSetup setup = MelSetup.of(call, stft, audio.sampleRate());
        report.mel(setup, call.parameters());
        RealSpectrogram values = call.inputs().mels(call.parameters());
        int frames = setup.transform().frames(audio.length());
        if (values.shape().frames() != frames || !values.shape().leading().equals(audio.leading())) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "mel must have the leading axes " + audio.leading() + " and " + frames
                            + " frames, as the audio, got " + values.shape());
        }
        float[][] mels = ReconstructMelOperation.undone(values, setup, report);
        List<MelAccuracy> accuracy = IntStream.range(0, mels.length)
                .mapToObj(item -> MelAccuracy.of(
                        Preemphasis.apply(audio.samples(item), setup.preemphasis()),
                        stft,
                        setup.filters(),
                        setup.value(),
                        mels[item]))
                .toList();
        ReconstructMelOperation.put(report, accuracy, values);
        return new Answer(Map.of(), null, report.finish());
    }

    private static void put(Report report, Evaluation evaluation, Shape leading) {
        figure(report, "spectral_convergence_db", evaluation.spectralConvergenceDb(), leading);
        figure(report, "inconsistency_db", evaluation.inconsistencyDb(), leading);
        figure(report, "log_spectral_distance_db", evaluation.logSpectralDistanceDb(), leading);
        figure(report, "snr_db", evaluation.signalToNoiseDb(), leading);
        figure(report, "si_sdr_db", evaluation.scaleInvariantSdrDb(), leading);
    }

    private static void figure(Report report, String name, List<Double> figures, Shape leading) {
        if (!figures.isEmpty()) {
            report.put(name, KnownPhase.perItem(figures, leading));
        }
    }
}
