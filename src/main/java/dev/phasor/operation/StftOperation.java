package dev.phasor.operation;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;

/** Audio to its complex spectrogram. */
final class StftOperation implements Operation {

    private final TransformSettings settings;

    StftOperation(TransformSettings settings) {
        this.settings = settings;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        AudioSignal audio = call.inputs().audio(call.parameters());
        StftParameters transform = settings.forAudio(call.parameters());
        ComplexSpectrogram spectrogram = Transform.forward(new Stft(transform), audio);
        report.transform(transform);
        return Answer.of("spectrogram", Transform.array(call, spectrogram), report.finish());
    }
}
