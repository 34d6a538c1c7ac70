package dev.phasor.web.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.phase.Phase;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.web.operation.Inputs.Kind;

/** Sound from audio or from a complex spectrogram, with the magnitude of another where one is given. */
final class ReconstructOperation implements Operation {

    private final Transform transform;
    private final Phase phase;

    ReconstructOperation(Transform transform, Phase phase) {
        this.transform = transform;
        this.phase = phase;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        Parameters parameters = call.parameters();
        return switch (call.inputs().main(parameters, Kind.MAGNITUDE)) {
            case AUDIO -> {
                AudioSignal audio = call.inputs().audio(parameters);
                Stft stft = new Stft(transform.settings().forAudio(parameters));
                int length = parameters.integer("length", audio.length(), 1, Integer.MAX_VALUE);
                ComplexSpectrogram spectrogram = Transform.forward(call, stft, audio);
                yield inverse(call, stft, spectrogram, length, audio.sampleRate(), report);
            }
            case SPECTROGRAM -> {
                ComplexSpectrogram spectrogram = call.inputs().spectrogram(parameters);
                StftParameters settings = transform.settings().forSpectrogram(parameters, spectrogram.shape());
                int length = Transform.length(parameters, settings, spectrogram.shape());
                yield inverse(call, new Stft(settings), spectrogram, length, Transform.rate(parameters), report);
            }
            case MAGNITUDE -> throw badParameter("the input", "audio or a complex spectrogram", "a magnitude");
        };
    }

    private Answer inverse(Call call, Stft stft, ComplexSpectrogram given, int length, int rate, Report report) {
        ComplexSpectrogram spectrogram = given;
        if (call.inputs().has("magnitude")) {
            MagnitudeSpectrogram magnitude = call.inputs().magnitude(call.parameters());
            call.memory().add(2L * Float.BYTES * given.items() * given.shape().planeSize(), "the recombination");
            spectrogram = phase.project(given, magnitude);
        }
        AudioSignal audio = Transform.inverse(call, stft, spectrogram, length, rate);
        report.transform(stft.parameters())
                .put("algorithm", "istft")
                .put("iterations", 0)
                .put("converged", true)
                .put("singular_bins", phase.singularBins(given, PhaseVjpOperation.floor(call.parameters())))
                .put("backend", phase.kernel().name());
        return Answer.of(audio, report.finish());
    }
}
