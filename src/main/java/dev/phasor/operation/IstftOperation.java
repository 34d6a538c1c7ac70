package dev.phasor.operation;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;

/** A complex spectrogram to audio, by the least-squares inverse. */
final class IstftOperation implements Operation {

    private final TransformSettings settings;

    IstftOperation(TransformSettings settings) {
        this.settings = settings;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        ComplexSpectrogram spectrogram = call.inputs().spectrogram(call.parameters());
        StftParameters transform = settings.forSpectrogram(call.parameters(), spectrogram.shape());
        AudioSignal audio = Transform.inverse(call, new Stft(transform), spectrogram);
        report.transform(transform);
        return Answer.of(audio, report.finish());
    }
}
