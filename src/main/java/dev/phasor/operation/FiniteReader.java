package dev.phasor.operation;

import dev.phasor.codec.AudioReader;
import java.io.IOException;

/** A sound that is refused at its end where some of its samples are not finite. */
final class FiniteReader implements AudioReader {

    private final AudioReader sound;
    private final NonFiniteSamples nonFinite;
    private long length;

    FiniteReader(AudioReader sound) {
        this.sound = sound;
        nonFinite = new NonFiniteSamples(sound.channels());
    }

    @Override
    public int sampleRate() {
        return sound.sampleRate();
    }

    @Override
    public int channels() {
        return sound.channels();
    }

    @Override
    public long frames() {
        return sound.frames();
    }

    /** @throws dev.phasor.signal.InvalidInputException {@code NON_FINITE_INPUT} at the end */
    @Override
    public int read(float[][] block, int offset, int frames) throws IOException {
        int count = sound.read(block, offset, frames);
        nonFinite.found(block, offset, count, length);
        length += count;
        if (count < frames) {
            nonFinite.refuse(length);
        }
        return count;
    }
}
