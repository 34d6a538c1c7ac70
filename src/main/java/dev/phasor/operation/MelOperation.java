package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.gradient.MelTransform;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;

/**
 * Audio to its mel spectrogram, as a trainer makes it. The transform is in double precision: a logarithm shows what is
 * quiet as well as what is loud.
 */
final class MelOperation implements Operation {

    private final Transform transform;

    MelOperation(Transform transform) {
        this.transform = transform;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        AudioSignal audio = call.inputs().audio(call.parameters());
        Stft stft = transform.ofAudio(call.parameters(), report);
        report.audio(audio.sampleRate(), audio.length());
        MelSetup setup = MelSetup.of(call, stft, audio.sampleRate());
        report.mel(setup, call.parameters());
        MelTransform mel = setup.transform();
        SpectrogramShape shape = new SpectrogramShape(audio.leading(), setup.mels(), mel.frames(audio.length()));
        float[][] mels = shape.newPlanes();
        Ranges.each(mels.length, item -> {
            mel.forward(audio.samples(item), mels[item]);
            mel.apply(mels[item]);
        });
        NpyArray array = NpyArray.of(new RealSpectrogram(shape, mels));
        Finite.result("the mel", array);
        return Answer.of("mel", array, report.finish())
                .madeWith(call.inputs().named(Input.MEAN, Input.STD, Input.FILTERBANK));
    }
}
