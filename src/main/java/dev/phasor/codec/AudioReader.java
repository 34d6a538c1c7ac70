package dev.phasor.codec;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.util.Arrays;

/** A sound file read as a stream, block by block. Used by one thread at a time. */
public interface AudioReader {

    /** The file was written before its length was known (a pipe): it goes on until the stream ends. */
    long UNKNOWN_FRAMES = -1;

    /** In Hz, at least 1. */
    int sampleRate();

    /** At least 1. */
    int channels();

    /** Samples per channel of the whole file as its header says, or {@link #UNKNOWN_FRAMES}. */
    long frames();

    /**
     * Reads the next frames, fewer than asked for only at the end.
     *
     * @param block [channel][sample]. Modified, from {@code offset} on.
     * @return the number of frames read, 0 at the end
     * @throws InvalidInputException where the bytes are not what the format or their header says
     */
    int read(float[][] block, int offset, int frames) throws IOException;

    /**
     * All frames of a file of which none was read yet, shape {@code [samples]} if it has one channel, else
     * {@code [channels, samples]}. Memory grows with what arrives, not with what the header declares.
     *
     * @throws InvalidInputException {@code TOO_LARGE} beyond the limits, and as {@link #read}
     */
    default AudioSignal readAll(CodecLimits limits) throws IOException {
        int channels = channels();
        long frameBytes = 4L * channels;
        // One frame more than allowed shows that a stream of unknown length is too long.
        long most = limits.maxBytes() / frameBytes + 1;
        if (frames() != UNKNOWN_FRAMES) {
            most = frames();
            limits.check("audio", 0, most > Long.MAX_VALUE / frameBytes ? Long.MAX_VALUE : most * frameBytes);
        }
        int capacity = (int) Math.min(most, Math.max(1, (1 << 16) / channels));
        limits.take(capacity * frameBytes);
        float[][] samples = new float[channels][capacity];
        int length = read(samples, 0, capacity);
        while (length == capacity && capacity < most) {
            capacity = (int) Math.min(most, 2L * capacity);
            limits.take(capacity * frameBytes);
            for (int channel = 0; channel < channels; channel++) {
                samples[channel] = Arrays.copyOf(samples[channel], capacity);
            }
            length += read(samples, length, capacity - length);
        }
        limits.check("audio", 0, length * frameBytes);
        for (int channel = 0; channel < channels && length < capacity; channel++) {
            samples[channel] = Arrays.copyOf(samples[channel], length);
        }
        return new AudioSignal(channels == 1 ? Shape.SCALAR : Shape.of(channels), samples, sampleRate());
    }
}
