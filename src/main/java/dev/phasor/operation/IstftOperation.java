package dev.phasor.operation;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.stft.Stft;

/** A complex spectrogram to audio, by the least-squares inverse. */
final class IstftOperation implements Operation {

    private final Transform transform;

    IstftOperation(Transform transform) {
        this.transform = transform;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        ComplexSpectrogram spectrogram = call.inputs().spectrogram(call.parameters());
        Stft stft = transform.ofSpectrogram(call.parameters(), spectrogram.shape(), report);
        AudioSignal audio = Transform.inverse(call, stft, spectrogram);
        return Answer.of(audio, report.finish());
    }
}
