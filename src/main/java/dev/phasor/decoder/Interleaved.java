package dev.phasor.decoder;

import dev.phasor.signal.AudioSignal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Samples as a raw stream of float32, little-endian, all channels of a moment together. */
final class Interleaved {

    private static final int FRAMES = 4096;

    private Interleaved() {}

    /**
     * Writes some items of a signal.
     *
     * @param silence samples of zero behind them
     */
    static void write(AudioSignal sound, int first, int channels, int silence, OutputStream out) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(FRAMES * channels * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int frame = 0; frame < sound.length(); ) {
            int end = Math.min(sound.length(), frame + FRAMES);
            block.clear();
            for (; frame < end; frame++) {
                for (int channel = 0; channel < channels; channel++) {
                    block.putFloat(sound.samples(first + channel)[frame]);
                }
            }
            out.write(block.array(), 0, block.position());
        }
        byte[] zeros = new byte[channels * Float.BYTES];
        for (int i = 0; i < silence; i++) {
            out.write(zeros);
        }
    }
}
