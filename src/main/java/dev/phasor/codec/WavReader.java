package dev.phasor.codec;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads WAV as a stream, block by block. A data size of 0, or of 0x7FFFF000 and more, is what programs write into a
 * pipe whose end they do not know. It means until the stream ends; an incomplete last frame is then dropped, because a
 * pipe may be cut anywhere. Any other size beyond the body is malformed. Bytes after the data are not read. Non-finite
 * samples of float files are passed on.
 */
public final class WavReader implements AudioReader {

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final WavFormat format;
    private final byte[] buffer;
    private long remaining;

    private WavReader(InputStream in, WavFormat format) {
        this.in = in;
        this.format = format;
        this.buffer = new byte[Math.max(1, BUFFER_BYTES / format.frameBytes()) * format.frameBytes()];
        this.remaining = format.frames() == WavFormat.UNKNOWN_FRAMES ? Long.MAX_VALUE : format.frames();
    }

    /**
     * Reads the header, up to the first sample.
     *
     * @throws InvalidInputException {@code MALFORMED_WAV}
     */
    public static WavReader open(InputStream in) throws IOException {
        InputStream file = Id3Tag.skip(in);
        return new WavReader(file, WavHeader.read(file));
    }

    /** A whole file: shape {@code [samples]} for one channel, else {@code [channels, samples]}. */
    public static AudioSignal readAll(InputStream in, CodecLimits limits) throws IOException {
        return open(in).readAll(limits);
    }

    public WavFormat format() {
        return format;
    }

    @Override
    public int sampleRate() {
        return format.sampleRate();
    }

    @Override
    public int channels() {
        return format.channels();
    }

    @Override
    public long frames() {
        return format.frames();
    }

    @Override
    public float peak() {
        return format.coding().isFloat() ? Float.POSITIVE_INFINITY : 1;
    }

    /** @throws InvalidInputException {@code MALFORMED_WAV} if the body ends before the declared data */
    @Override
    public int read(float[][] block, int offset, int frames) throws IOException {
        int done = 0;
        while (done < frames && remaining > 0) {
            int got = fill((int) Math.min(frames - done, remaining));
            for (int channel = 0; channel < format.channels(); channel++) {
                format.coding()
                        .decode(
                                buffer,
                                channel * format.coding().bytes(),
                                format.frameBytes(),
                                block[channel],
                                offset + done,
                                got);
            }
            done += got;
        }
        return done;
    }

    /** Fills the buffer with at most {@code frames} frames and returns their number. Fewer than fit mean the end. */
    private int fill(int frames) throws IOException {
        int wanted = Math.min(frames, buffer.length / format.frameBytes());
        int bytes = in.readNBytes(buffer, 0, wanted * format.frameBytes());
        int got = bytes / format.frameBytes();
        boolean ended = got < wanted;
        if (ended && format.frames() != WavFormat.UNKNOWN_FRAMES) {
            long declared = format.frames() * format.frameBytes();
            long present = (format.frames() - remaining) * format.frameBytes() + bytes;
            throw Malformed.wav("data chunk declares " + declared + " bytes, " + present + " present");
        }
        remaining = ended ? 0 : remaining - got;
        return got;
    }
}
