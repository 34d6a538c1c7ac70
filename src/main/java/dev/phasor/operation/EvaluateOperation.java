package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.reconstruction.Evaluation;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import java.util.List;
import java.util.Map;

/** How near audio comes to reference audio, or to the magnitudes it was made from. */
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
        if (inputs.has(Input.REFERENCE) == inputs.has(Input.MAGNITUDE)) {
            throw badParameter(
                    "the input reference or magnitude",
                    "given, one of the two",
                    inputs.has(Input.MAGNITUDE) ? "both" : "none");
        }
        if (inputs.has(Input.MAGNITUDE)) {
            MagnitudeSpectrogram magnitude = inputs.magnitude(parameters);
            Stft stft = transform.ofSpectrogram(parameters, magnitude.shape(), report);
            put(
                    report,
                    Evaluation.of(audio, magnitude, stft, transform.kernels().iteration()),
                    audio.leading());
        } else {
            Stft stft = transform.ofAudio(parameters, report);
            AudioSignal reference = inputs.audio(Input.REFERENCE, parameters);
            put(
                    report,
                    Evaluation.of(audio, reference, stft, transform.kernels().iteration()),
                    audio.leading());
        }
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
