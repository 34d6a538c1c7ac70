package dev.phasor.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts WAV files together chunk by chunk, right or wrong. */
final class WavBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Mono 16-bit PCM at 8 kHz. */
    static WavBytes riff() {
        return new WavBytes().id("RIFF").u32(0).id("WAVE");
    }

    static WavBytes riffWithFormat() {
        return riff().format(1, 1, 8000, 2, 16);
    }

    WavBytes format(int tag, int channels, int rate, int blockAlign, int bits) {
        return id("fmt ")
                .u32(16)
                .u16(tag)
                .u16(channels)
                .u32(rate)
                .u32(rate * blockAlign)
                .u16(blockAlign)
                .u16(bits);
    }

    WavBytes chunk(String id, byte... body) {
        return id(id).u32(body.length).raw(body).raw(new byte[body.length & 1]);
    }

    WavBytes id(String id) {
        return raw(id.getBytes(StandardCharsets.US_ASCII));
    }

    WavBytes u16(int value) {
        return raw(little(2).putShort((short) value).array());
    }

    WavBytes u32(int value) {
        return raw(little(4).putInt(value).array());
    }

    WavBytes u64(long value) {
        return raw(little(8).putLong(value).array());
    }

    WavBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
