package dev.phasor.quality;

import dev.phasor.Recordings;
import dev.phasor.signal.AudioSignal;
import java.nio.file.Path;

/**
 * The first 3 s of a recording, its channels averaged.
 *
 * @param name the file's, without its ending
 */
public record Clip(String name, float[] samples, int sampleRate) {

    private static final int SECONDS = 3;

    public static Clip of(Path wav) {
        AudioSignal audio = Recordings.read(wav);
        float[] mix = new float[Math.min(audio.length(), SECONDS * audio.sampleRate())];
        for (int channel = 0; channel < audio.items(); channel++) {
            for (int t = 0; t < mix.length; t++) {
                mix[t] += audio.samples(channel)[t] / audio.items();
            }
        }
        return new Clip(wav.getFileName().toString().replace(".wav", ""), mix, audio.sampleRate());
    }

    /** With so many zeros before and after. */
    public AudioSignal between(int zeros) {
        float[] padded = new float[samples.length + 2 * zeros];
        System.arraycopy(samples, 0, padded, zeros, samples.length);
        return AudioSignal.mono(padded, sampleRate);
    }
}
