package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.gradient.MelGradient;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;

/** The pullback of a cotangent on what {@link MelOperation} makes of audio to the audio. */
final class MelVjpOperation implements Operation {

    private final Transform transform;

    MelVjpOperation(Transform transform) {
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
        RealSpectrogram cotangent = call.inputs().real(Input.COTANGENT);
        int frames = setup.transform().frames(audio.length());
        SpectrogramShape mel = new SpectrogramShape(audio.leading(), setup.mels(), frames);
        Transform.checkShape("cotangent", cotangent.shape(), mel, "mel");
        MelGradient gradient = setup.transform().vjp(audio, cotangent);
        report.put("saturated", gradient.saturated());
        return Answer.of("gradient", NpyArray.of(gradient.audio()), report.finish());
    }
}
