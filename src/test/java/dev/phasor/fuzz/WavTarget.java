package dev.phasor.fuzz;

import dev.phasor.codec.WavBytes;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavReader;
import dev.phasor.signal.AudioSignal;
import java.io.IOException;

/** WAV; what was read is written as float32 and read again, sample by sample. */
public final class WavTarget {

    private WavTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        AudioSignal sound =
                Bounded.read(bytes, in -> WavReader.readAll(in, Bounded.LIMITS)).orElse(null);
        if (sound != null && sound.items() <= 1000) {
            Same.sound(sound, WavBytes.read(WavBytes.write(sound, WavEncoding.FLOAT32), Bounded.LIMITS));
        }
    }
}
