package dev.phasor.codec;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Puts FLAC files together bit by bit, right or wrong; checksums are those of what was written. */
final class FlacBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private FlacBitWriter bits = new FlacBitWriter();

    /** Magic and STREAMINFO. */
    static FlacBytes stream(int rate, int channels, int bits, long frames) {
        FlacBytes flac = new FlacBytes();
        return flac.bits(FlacStreamInfo.MAGIC, 32)
                .bits(0x80, 8)
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
