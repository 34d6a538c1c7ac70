package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;

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
        Stft stft = transform.ofAudio(call.parameters(), report);
        report.audio(audio.sampleRate(), audio.length());
        return Answer.of("spectrogram", spectrogram(stft, audio, Inputs.layout(call.parameters())), report.finish());
    }

    private static NpyArray spectrogram(Stft stft, AudioSignal audio, SpectrogramLayout layout) {
        SpectrogramShape shape = stft.shape(audio);
        NpyArray array = NpyArray.ofZeros(shape, layout);
        ComplexRows rows = array.toComplexRows(layout);
        Ranges.each(rows.items(), item -> stft.forward(audio.samples(item), rows.re(item), rows.im(item)));
        Finite.result("the spectrogram", array);
        return array;
    }
}
