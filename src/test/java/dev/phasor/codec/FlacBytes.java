package dev.phasor.codec;

import dev.phasor.signal.AudioSignal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** FLAC bytes to and fro, and files put together bit by bit, right or wrong, with the checksums of what was written. */
public final class FlacBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private FlacBitWriter bits = new FlacBitWriter();

    public static AudioSignal read(byte[] flac) throws IOException {
        return read(flac, new CodecLimits(CodecLimits.LARGEST));
    }

    public static AudioSignal read(byte[] flac, CodecLimits limits) throws IOException {
        return FlacReader.readAll(new ByteArrayInputStream(flac), limits);
    }

    public static byte[] write(AudioSignal audio, int bits) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FlacWriter.write(audio, bits, out);
        return out.toByteArray();
    }

    static FlacBytes magic() {
        return new FlacBytes().bits(FlacStreamInfo.MAGIC, 32);
    }

    /** Magic and STREAMINFO. */
    static FlacBytes stream(int rate, int channels, int bits, long frames) {
        return magic().bits(0x80, 8)
                .streamInfo(34, rate, channels, bits, frames)
                .flush();
    }

    FlacBytes streamInfo(int size, int rate, int channels, int sampleBits, long frames) {
        return bits(size, 24)
                .zeros(80)
                .bits(rate, 20)
                .bits(channels - 1, 3)
                .bits(sampleBits - 1, 5)
                .bits(frames >>> 32, 4)
                .bits(frames, 32)
                .zeros(128);
    }

    /** A frame's header; 16 samples with code 6. */
    FlacBytes frame(int sizeCode, int rateCode, int channelCode, int bitsCode) {
        bits(0xfff8, 16)
                .bits(sizeCode, 4)
                .bits(rateCode, 4)
                .bits(channelCode, 4)
                .bits(bitsCode, 3)
                .bits(0, 1);
        bits(0, 8);
        if (sizeCode == 6) {
            bits(15, 8);
        }
        return bits(bits.crc8(), 8);
    }

    /** The head of a subframe without wasted bits. */
    FlacBytes subframe(int type) {
        return bits(type << 1, 8);
    }

    /** The head of a residual of one partition that holds plain numbers of so many bits. */
    FlacBytes escaped(int sampleBits) {
        return bits(0, 6).bits(15, 4).bits(sampleBits, 5);
    }

    FlacBytes constants(int channels, int sampleBits) {
        for (int i = 0; i < channels; i++) {
            bits(0, 8).bits(1, sampleBits);
        }
        return this;
    }

    FlacBytes endFrame() {
        bits.fillByte();
        return bits(bits.crc16(), 16).flush();
    }

    FlacBytes bits(long value, int count) {
        bits.bits(value, count);
        return this;
    }

    FlacBytes zeros(int count) {
        for (int i = 0; i < count; i++) {
            bits.bits(0, 1);
        }
        return this;
    }

    FlacBytes flush() {
        out.writeBytes(Arrays.copyOf(bits.bytes(), bits.size()));
        bits = new FlacBitWriter();
        return this;
    }

    byte[] bytes() {
        return flush().out.toByteArray();
    }
}
