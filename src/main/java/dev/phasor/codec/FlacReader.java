package dev.phasor.codec;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads FLAC (RFC 9639) as a stream, frame by frame: 4 to 32 bits, 1 to 8 channels, any rate, every kind of subframe.
 * Every frame's checksums are verified, and its rate, channels and bits must equal the stream's. A file without a
 * declared length ends with the stream; bytes after a declared length are not read.
 *
 * <p>Integers are divided by their full scale, 2^(bits-1), as in WAV.
 */
public final class FlacReader implements AudioReader {

    private final FlacBitReader in;
    private final FlacStreamInfo info;
    private final float scale;
    private final CodecLimits limits;
    private final long[][] block;
    private int blockSize;
    private int taken;

    /** Samples per channel decoded so far, including the current block. */
    private long decoded;

    private FlacReader(FlacBitReader in, FlacStreamInfo info, CodecLimits limits) {
        this.in = in;
        this.info = info;
        this.limits = limits;
        this.scale = 1f / (1L << (info.bits() - 1));
        this.block = new long[info.channels()][0];
    }

    /**
     * Reads the metadata, up to the first frame. The caller accounts for the memory of a frame.
     *
     * @throws InvalidInputException {@code MALFORMED_FLAC}
     */
    public static FlacReader open(InputStream in) throws IOException {
        return open(in, new CodecLimits(CodecLimits.LARGEST));
    }

    private static FlacReader open(InputStream in, CodecLimits limits) throws IOException {
        InputStream file = Id3Tag.skip(in);
        file.mark(FirstBytes.COUNT);
        byte[] head = file.readNBytes(FirstBytes.COUNT);
        file.reset();
        if (!new String(head, StandardCharsets.ISO_8859_1).startsWith("fLaC")) {
            throw Malformed.flac("must begin with fLaC, got " + FirstBytes.name(head));
        }
        FlacBitReader bits = new FlacBitReader(file);
        return new FlacReader(bits, FlacStreamInfo.read(bits), limits);
    }

    /** A whole file: shape {@code [samples]} for one channel, else {@code [channels, samples]}. */
    public static AudioSignal readAll(InputStream in, CodecLimits limits) throws IOException {
        return open(in, limits).readAll(limits);
    }

    @Override
    public int sampleRate() {
        return info.sampleRate();
    }

    @Override
    public int channels() {
        return info.channels();
    }

    @Override
    public long frames() {
        return info.frames();
    }

    /** Bits of a sample, 4..32. */
    public int bits() {
        return info.bits();
    }

    /** @throws InvalidInputException {@code MALFORMED_FLAC} for bytes that are damaged or fewer than declared */
    @Override
    public int read(float[][] out, int offset, int frames) throws IOException {
        int done = 0;
        while (done < frames && (taken < blockSize || nextBlock())) {
            int count = Math.min(frames - done, blockSize - taken);
            for (int channel = 0; channel < block.length; channel++) {
                long[] samples = block[channel];
                for (int i = 0; i < count; i++) {
                    out[channel][offset + done + i] = samples[taken + i] * scale;
                }
            }
            taken += count;
            done += count;
        }
        return done;
    }

    private boolean nextBlock() throws IOException {
        boolean declared = info.frames() != UNKNOWN_FRAMES;
        if (decoded == info.frames()) {
            return false;
        }
        if (in.atEnd()) {
            if (declared) {
                throw Malformed.flac("STREAMINFO declares " + info.frames() + " samples, " + decoded + " present");
            }
            return false;
        }
        in.startChecksum();
        FlacFrameHeader header = FlacFrameHeader.read(in, info);
        if (declared && header.blockSize() > info.frames() - decoded) {
            throw Malformed.flac("STREAMINFO declares " + info.frames() + " samples, got more");
        }
        for (int channel = 0; channel < block.length; channel++) {
            if (block[channel].length < header.blockSize()) {
                limits.take((long) Long.BYTES * header.blockSize());
                block[channel] = new long[header.blockSize()];
            }
            new FlacSubframe(in, block[channel], header.blockSize())
                    .read(info.bits() + (header.stereo().isSide(channel) ? 1 : 0));
        }
        int crc = in.checksum();
        if (in.bits(16) != crc) {
            throw Malformed.flac("the checksum of a frame must be that of its bytes");
        }
        correlate(header);
        blockSize = header.blockSize();
        decoded += blockSize;
        taken = 0;
        return true;
    }

    /** Converts sums and differences to left and right (RFC 9639, 4.2). */
    private void correlate(FlacFrameHeader header) {
        for (int i = 0; i < header.blockSize(); i++) {
            switch (header.stereo()) {
                case INDEPENDENT -> {
                    return;
                }
                case LEFT_SIDE -> block[1][i] = block[0][i] - block[1][i];
                case SIDE_RIGHT -> block[0][i] += block[1][i];
                case MID_SIDE -> {
                    long side = block[1][i];
                    long sum = block[0][i] << 1 | side & 1;
                    block[0][i] = sum + side >> 1;
                    block[1][i] = sum - side >> 1;
                }
            }
        }
    }
}
