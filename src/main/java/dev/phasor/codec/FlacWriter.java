package dev.phasor.codec;

import dev.phasor.codec.FlacFrameHeader.Stereo;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes FLAC (RFC 9639) block by block, 16 or 24 bits, in the streamable subset for all sample rates that a frame
 * header can name. {@link Pcm} converts samples to integers. The MD5 of the samples is left out because the header
 * precedes them; every frame has its checksum. The file is long because a stream, a block and a frame are one walk over
 * the same fields.
 */
public final class FlacWriter implements AudioWriter {

    static final int BLOCK = 4096;

    // The widths of the fields in STREAMINFO (RFC 9639, 8.2): 3, 20 and 36 bits.
    private static final int MAX_CHANNELS = 8;
    private static final int MAX_RATE = (1 << 20) - 1;
    private static final long MAX_FRAMES = (1L << 36) - 1;

    private static final int BLOCK_CODE = 12; // 256 << 4
    private static final int BLOCK_SIZE_FOLLOWS = 7;
    private static final int RATE_FOLLOWS = 13;
    private static final int TENS_OF_RATE_FOLLOW = 14;

    private final OutputStream out;
    private final int bits;
    private final int sampleRate;
    private final long frames;
    private final Pcm pcm;
    private final int[][] block;
    private final FlacBitWriter frame = new FlacBitWriter();
    private int filled;
    private long blocks;
    private long written;
    private long clipped;

    /**
     * Writes the header.
     *
     * @param bits of a sample, 16 or 24
     * @param frames samples per channel to come, or {@link AudioReader#UNKNOWN_FRAMES}
     * @throws InvalidInputException as {@link #check}
     */
    public FlacWriter(OutputStream out, int bits, int channels, int sampleRate, long frames) throws IOException {
        this(bits, channels, sampleRate, frames, out);
        out.write(header(bits, channels, sampleRate, frames));
    }

    private FlacWriter(int bits, int channels, int sampleRate, long frames, OutputStream out) {
        if (bits != 16 && bits != 24) {
            throw new IllegalArgumentException("bits must be 16 or 24, got " + bits);
        }
        check(channels, sampleRate);
        this.out = out;
        this.bits = bits;
        this.sampleRate = sampleRate;
        this.frames = frames;
        this.pcm = new Pcm(bits);
        this.block = new int[channels][BLOCK];
    }

    /** Bytes that a writer holds: a block and what is tried on it, each an int or less a sample. */
    public static long bytes(int channels) {
        return 16L * Integer.BYTES * BLOCK * channels;
    }

    /** A writer of the data after the {@link #header}, for files whose length is known only at their end. */
    public static FlacWriter withoutHeader(OutputStream out, int bits, int channels, int sampleRate) {
        return new FlacWriter(bits, channels, sampleRate, AudioReader.UNKNOWN_FRAMES, out);
    }

    /**
     * Writes a whole file; every item of the signal is a channel, for any leading axes.
     *
     * @return the number of clipped samples
     */
    public static long write(AudioSignal audio, int bits, OutputStream out) throws IOException {
        FlacWriter writer = new FlacWriter(out, bits, audio.items(), audio.sampleRate(), audio.length());
        float[][] samples = new float[audio.items()][];
        Arrays.setAll(samples, audio::samples);
        writer.write(samples, 0, audio.length());
        return writer.finish();
    }

    /**
     * Checks that FLAC can hold this sound.
     *
     * @throws InvalidInputException {@code BAD_PARAMETER} for an unsupported sample rate, {@code SHAPE_MISMATCH} for an
     *     unsupported number of channels
     */
    public static void check(int channels, int sampleRate) {
        if (sampleRate < 1 || sampleRate > MAX_RATE) {
            throw InvalidInputException.badParameter(
                    "sample_rate", "in 1.." + MAX_RATE + " Hz to write FLAC", sampleRate);
        }
        if (channels < 1 || channels > MAX_CHANNELS) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH, "channels of a FLAC must be in 1.." + MAX_CHANNELS + ", got " + channels);
        }
    }

    /** The header of a file of {@code frames} frames. */
    public static byte[] header(int bits, int channels, int sampleRate, long frames) {
        FlacBitWriter frame = new FlacBitWriter();
        frame.bits(FlacStreamInfo.MAGIC, 32);
        frame.bits(0x80, 8); // the last metadata block, STREAMINFO
        frame.bits(FlacStreamInfo.SIZE, 24);
        frame.bits(BLOCK, 16);
        frame.bits(BLOCK, 16);
        frame.bits(0, 24); // frame sizes: unknown
        frame.bits(0, 24);
        frame.bits(sampleRate, 20);
        frame.bits(channels - 1, 3);
        frame.bits(bits - 1, 5);
        long known = frames <= MAX_FRAMES ? Math.max(0, frames) : 0;
        frame.bits(known >>> 32, 4);
        frame.bits(known, 32);
        for (int i = 0; i < 4; i++) {
            frame.bits(0, 32); // no MD5
        }
        return Arrays.copyOf(frame.bytes(), frame.size());
    }

    @Override
    public void write(float[][] samples, int offset, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int step = Math.min(count - done, BLOCK - filled);
            for (int channel = 0; channel < block.length; channel++) {
                clipped += pcm.countClipped(samples[channel], offset + done, step);
                for (int i = 0; i < step; i++) {
                    block[channel][filled + i] = pcm.quantize(samples[channel][offset + done + i]);
                }
            }
            done += step;
            filled += step;
            if (filled == BLOCK) {
                frame();
            }
        }
        written += count;
    }

    @Override
    public long frames() {
        return written;
    }

    @Override
    public long finish() throws IOException {
        if (frames != AudioReader.UNKNOWN_FRAMES && written != frames) {
            throw new IllegalStateException("the header declares " + frames + " frames, written were " + written);
        }
        if (filled > 0) {
            frame();
        }
        return clipped;
    }

    private void frame() throws IOException {
        FlacChannel[] channels = new FlacChannel[block.length];
        Arrays.setAll(channels, channel -> new FlacChannel(block[channel], filled, bits));
        Stereo stereo = Stereo.INDEPENDENT;
        if (channels.length == 2) {
            stereo = decorrelate(channels);
        }
        frameHeader(stereo == Stereo.INDEPENDENT ? channels.length - 1 : 7 + stereo.ordinal());
        for (FlacChannel channel : channels) {
            channel.write(frame);
        }
        frame.fillByte();
        frame.bits(frame.crc16(), 16);
        flush();
        blocks++;
        filled = 0;
    }

    /** Replaces left and right by the pair that needs the fewest bits, out of four pairs. */
    private Stereo decorrelate(FlacChannel[] channels) {
        int[] sum = new int[filled];
        int[] difference = new int[filled];
        for (int i = 0; i < filled; i++) {
            sum[i] = block[0][i] + block[1][i] >> 1;
            difference[i] = block[0][i] - block[1][i];
        }
        FlacChannel left = channels[0];
        FlacChannel right = channels[1];
        FlacChannel mid = new FlacChannel(sum, filled, bits);
        FlacChannel side = new FlacChannel(difference, filled, bits + 1);
        long best = left.bits() + right.bits();
        Stereo stereo = Stereo.INDEPENDENT;
        FlacChannel[][] pairs = {{left, right}, {left, side}, {side, right}, {mid, side}};
        for (Stereo candidate : Stereo.values()) {
            FlacChannel[] pair = pairs[candidate.ordinal()];
            if (pair[0].bits() + pair[1].bits() < best) {
                best = pair[0].bits() + pair[1].bits();
                stereo = candidate;
            }
        }
        System.arraycopy(pairs[stereo.ordinal()], 0, channels, 0, 2);
        return stereo;
    }

    private void frameHeader(int assignment) {
        int rateCode = rateCode();
        frame.bits(FlacFrameHeader.SYNC << 2, 16);
        frame.bits(filled == BLOCK ? BLOCK_CODE : BLOCK_SIZE_FOLLOWS, 4);
        frame.bits(rateCode, 4);
        frame.bits(assignment, 4);
        frame.bits(indexOf(FlacFrameHeader.BITS, bits), 3);
        frame.bits(0, 1);
        number(blocks);
        if (filled != BLOCK) {
            frame.bits(filled - 1, 16);
        }
        if (rateCode == RATE_FOLLOWS) {
            frame.bits(sampleRate, 16);
        } else if (rateCode == TENS_OF_RATE_FOLLOW) {
            frame.bits(sampleRate / 10, 16);
        }
        frame.bits(frame.crc8(), 8);
    }

    /** 0 where only the stream's header can hold the rate. */
    private int rateCode() {
        int listed = indexOf(FlacFrameHeader.RATES, sampleRate);
        if (listed > 0) {
            return listed;
        } else if (sampleRate < 1 << 16) {
            return RATE_FOLLOWS;
        }
        return sampleRate % 10 == 0 && sampleRate / 10 < 1 << 16 ? TENS_OF_RATE_FOLLOW : 0;
    }

    /** Writes a number of up to 31 bits in the coding of UTF-8. */
    private void number(long value) {
        if (value < 0x80) {
            frame.bits(value, 8);
            return;
        }
        int more = 1;
        while (value >= 1L << (6 + 5 * more)) {
            more++;
        }
        frame.bits(0xff80 >> more | value >> (6 * more), 8);
        for (int i = more - 1; i >= 0; i--) {
            frame.bits(0x80 | value >> (6 * i) & 0x3f, 8);
        }
    }

    private static int indexOf(int[] values, int wanted) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private void flush() throws IOException {
        out.write(frame.bytes(), 0, frame.size());
        frame.clear();
    }
}
