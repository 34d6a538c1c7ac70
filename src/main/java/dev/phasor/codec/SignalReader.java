package dev.phasor.codec;

import dev.phasor.signal.AudioSignal;

/** Items of a signal, as channels of a sound that is read. */
public final class SignalReader implements AudioReader {

    private final AudioSignal sound;
    private final int first;
    private final int count;
    private int at;

    /** A whole signal. */
    public SignalReader(AudioSignal sound) {
        this(sound, 0, sound.items());
    }

    public SignalReader(AudioSignal sound, int first, int count) {
        this.sound = sound;
        this.first = first;
        this.count = count;
    }

    @Override
    public int sampleRate() {
        return sound.sampleRate();
    }

    @Override
    public int channels() {
        return count;
    }

    @Override
    public long frames() {
        return sound.length();
    }

    @Override
    public int read(float[][] block, int offset, int frames) {
        int read = Math.min(frames, sound.length() - at);
        for (int channel = 0; channel < count; channel++) {
            System.arraycopy(sound.samples(first + channel), at, block[channel], offset, read);
        }
        at += read;
        return read;
    }
}
