package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.reconstruction.AcceleratedMap.Forward;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;

/** Audio to its complex spectrogram. */
final class StftOperation implements Operation {

    /** What of a bin is answered. */
    public enum Output {
        COMPLEX,
        MAGNITUDE,
        POWER,
        DB;

        /** librosa's {@code amin} of amplitudes, 100 dB below 1. */
        private static final double LEAST = 1e-5;

        /** @param magnitudes Modified: what they become in place. */
        void apply(float[] magnitudes) {
            if (this == POWER || this == DB) {
                Ranges.forEach(magnitudes.length, 8L * magnitudes.length, 1, (from, to) -> {
                    for (int i = from; i < to; i++) {
                        double value = magnitudes[i];
                        double of = this == POWER ? value * value : 20 * Math.log10(Math.max(LEAST, value));
                        magnitudes[i] = (float) Math.min(Float.MAX_VALUE, of);
                    }
                });
            }
        }
    }

    private final Transform transform;

    StftOperation(Transform transform) {
        this.transform = transform;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        AudioSignal audio = call.inputs().audio(call.parameters());
        Stft stft = transform.ofAudio(call.parameters(), report);
        Plausibility.scale(audio.peak(), report);
        report.audio(audio.sampleRate(), audio.length());
        Output output = call.parameters().get(Parameter.OUTPUT);
        // The planes of one item are not copied in this layout, and real values have no other.
        SpectrogramLayout layout =
                output == Output.COMPLEX ? Inputs.layout(call.parameters()) : SpectrogramLayout.COMPLEX;
        NpyArray spectrogram = spectrogram(stft, audio, layout, report);
        if (output == Output.COMPLEX) {
            return Answer.of("spectrogram", spectrogram, report.layout(layout).finish());
        }
        ComplexRows rows = spectrogram.toComplexRows(layout);
        MagnitudeSpectrogram magnitude = rows.elements().magnitude();
        for (int item = 0; item < magnitude.items(); item++) {
            output.apply(magnitude.values(item));
        }
        return Answer.of(Parameters.wire(output), NpyArray.ofElements(magnitude, rows.order()), report.finish());
    }

    private NpyArray spectrogram(Stft stft, AudioSignal audio, SpectrogramLayout layout, Report report) {
        SpectrogramShape shape = stft.shape(audio);
        NpyArray array = NpyArray.ofZeros(shape, layout);
        ComplexRows rows = array.toComplexRows(layout);
        report.compute(new Forward(stft, audio, rows), transform.kernels().accelerator(), stft);
        if (!Finite.isSafe(audio, stft.parameters())) {
            Finite.result("the spectrogram", array);
        }
        return array;
    }
}
