package dev.phasor.operation;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;

/** Audio to its complex spectrogram. */
final class StftOperation implements Operation {

    private final Transform transform;

    StftOperation(Transform transform) {
        this.transform = transform;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        AudioSignal audio = call.inputs().audio(call.parameters());
        ComplexSpectrogram spectrogram = Transform.forward(transform.ofAudio(call.parameters(), report), audio);
        return Answer.of("spectrogram", Transform.array(call, spectrogram), report.finish());
    }
}
