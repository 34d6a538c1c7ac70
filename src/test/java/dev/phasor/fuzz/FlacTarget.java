package dev.phasor.fuzz;

import dev.phasor.codec.FlacBytes;
import dev.phasor.codec.FlacReader;
import dev.phasor.codec.FlacWriter;
import dev.phasor.signal.AudioSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * FLAC; what was read of 24 bits or fewer is written in 24 and read again, sample by sample. A mutation seldom keeps
 * the checksums of a frame, so that what stands behind them is fuzzed by {@link dev.phasor.codec.SubframeTarget}.
 */
public final class FlacTarget {

    private FlacTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        FlacReader[] reader = new FlacReader[1];
        AudioSignal sound = Bounded.read(bytes, in -> {
                    reader[0] = FlacReader.open(in);
                    return reader[0].readAll(Bounded.LIMITS);
                })
                .orElse(null);
        if (sound != null && reader[0].bits() <= 24) {
            var out = new ByteArrayOutputStream();
            boolean clipped = FlacWriter.write(sound, 24, out) > 0;
            if (!clipped) {
                Same.sound(sound, FlacBytes.read(out.toByteArray(), Bounded.LIMITS));
            }
        }
    }
}
