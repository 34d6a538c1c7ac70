package dev.phasor.codec;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes WAV block by block: WAVE_FORMAT_EXTENSIBLE for more than two channels, RF64 for more than 4 GiB. The stream is
 * neither flushed nor closed.
 */
public final class WavWriter implements AudioWriter {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_CHANNELS = 0xffff;

    private final OutputStream out;
    private final WavEncoding encoding;
    private final int channels;
    private final long frames;
    private final byte[] buffer;
    private long written;
    private long clipped;

    /**
     * Writes the header.
     *
     * @param frames samples per channel to come, or {@link WavFormat#UNKNOWN_FRAMES}: the data size is then 0xFFFFFFFF
     * @throws InvalidInputException {@code BAD_PARAMETER} for a sample rate below 1 Hz, {@code SHAPE_MISMATCH} for a
     *     number of channels that WAV cannot hold
     */
    public WavWriter(OutputStream out, WavEncoding encoding, int channels, int sampleRate, long frames)
            throws IOException {
        this(encoding, channels, sampleRate, frames, out);
        out.write(header(encoding, channels, sampleRate, frames));
    }

    private WavWriter(WavEncoding encoding, int channels, int sampleRate, long frames, OutputStream out) {
        if (sampleRate < 1) {
            throw InvalidInputException.badParameter("sample_rate", ">= 1 Hz to write WAV", sampleRate);
        }
        if (channels < 1 || channels * encoding.bytes() > MAX_CHANNELS) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "channels of a WAV must be in 1.." + MAX_CHANNELS / encoding.bytes() + ", got " + channels);
        }
        this.out = out;
        this.encoding = encoding;
        this.channels = channels;
        int frameBytes = channels * encoding.bytes();
        this.frames = frames;
        this.buffer = new byte[Math.max(1, BUFFER_BYTES / frameBytes) * frameBytes];
    }

    /** A writer of the data after the {@link #header}, for files whose length is known only at their end. */
    public static WavWriter withoutHeader(OutputStream out, WavEncoding encoding, int channels, int sampleRate) {
        return new WavWriter(encoding, channels, sampleRate, WavFormat.UNKNOWN_FRAMES, out);
    }

    /** The header of a file of {@code frames} frames. */
    public static byte[] header(WavEncoding encoding, int channels, int sampleRate, long frames) {
        return WavHeaderBytes.of(encoding, channels, sampleRate, frames);
    }

    /**
     * Writes a whole file; every item of the signal is a channel, for any leading axes.
     *
     * @return the number of clipped samples
     */
    public static long write(AudioSignal audio, WavEncoding encoding, OutputStream out) throws IOException {
        WavWriter writer = new WavWriter(out, encoding, audio.items(), audio.sampleRate(), audio.length());
        float[][] samples = new float[audio.items()][];
        Arrays.setAll(samples, audio::samples);
        writer.write(samples, 0, audio.length());
        return writer.finish();
    }

    /** The number of samples that {@link #write(AudioSignal, WavEncoding, OutputStream)} would clip. */
    public static long countClipped(AudioSignal audio, WavEncoding encoding) {
        long clipped = 0;
        for (int item = 0; item < audio.items(); item++) {
            clipped += encoding.countClipped(audio.samples(item), 0, audio.length());
        }
        return clipped;
    }

    @Override
    public void write(float[][] block, int offset, int frames) throws IOException {
        int frameBytes = channels * encoding.bytes();
        int most = buffer.length / frameBytes;
        for (int done = 0; done < frames; done += most) {
            int count = Math.min(most, frames - done);
            for (int channel = 0; channel < channels; channel++) {
                clipped += encoding.countClipped(block[channel], offset + done, count);
                encoding.encode(block[channel], offset + done, count, buffer, channel * encoding.bytes(), frameBytes);
            }
            out.write(buffer, 0, count * frameBytes);
        }
        written += frames;
    }

    @Override
    public long frames() {
        return written;
    }

    /** Ends the data chunk. */
    @Override
    public long finish() throws IOException {
        if (frames != WavFormat.UNKNOWN_FRAMES && written != frames) {
            throw new IllegalStateException("the header declares " + frames + " frames, written were " + written);
        }
        if (written % 2 != 0 && channels * encoding.bytes() % 2 != 0) {
            out.write(0); // chunks begin at even positions
        }
        return clipped;
    }
}
