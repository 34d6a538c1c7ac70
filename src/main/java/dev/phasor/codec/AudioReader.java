package dev.phasor.codec;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.util.Arrays;

/** A sound file read as a stream, block by block. Used by one thread at a time. */
public interface AudioReader {

    /** The header has no length, as in files written to a pipe: the data end with the stream. */
    long UNKNOWN_FRAMES = -1;

    /** The sample rate in Hz, at least 1. */
    int sampleRate();

    /** The number of channels, at least 1. */
    int channels();

    /** Samples per channel of the whole file according to its header, or {@link #UNKNOWN_FRAMES}. */
    long frames();

    /** No sample is larger without its sign: infinity unless the samples' coding bounds them. */
    default float peak() {
        return Float.POSITIVE_INFINITY;
    }

    /**
     * Reads the next frames; fewer than {@code frames} only at the end.
     *
     * @param block [channel][sample]. Modified, from {@code offset} on.
     * @return the number of frames read, 0 at the end
     * @throws InvalidInputException if the bytes violate the format or contradict the header
     */
    int read(float[][] block, int offset, int frames) throws IOException;

    /**
     * All frames of a file from which none has been read yet: shape {@code [samples]} for one channel, else
     * {@code [channels, samples]}. Memory beyond {@link CodecLimits#ahead} grows with the data that arrive, not with
     * the declared length.
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
        long ahead = frames() == UNKNOWN_FRAMES ? 0 : limits.ahead().getAsLong() / frameBytes;
        int capacity = (int) Math.min(most, Math.max(ahead, Math.max(1, (1 << 16) / channels)));
        float[][] samples = new float[channels][];
        for (int channel = 0; channel < channels; channel++) {
            limits.take((long) Float.BYTES * capacity);
            samples[channel] = new float[capacity];
        }
        int length = read(samples, 0, capacity);
        while (length == capacity && capacity < most) {
            capacity = (int) Math.min(most, 2L * capacity);
            for (int channel = 0; channel < channels; channel++) {
                limits.take((long) Float.BYTES * capacity);
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
