package dev.phasor.codec;

import dev.phasor.Bytes;
import dev.phasor.signal.AudioSignal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** WAV bytes to and fro, and files put together chunk by chunk, right or wrong. */
public final class WavBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public static AudioSignal read(byte[] wav) throws IOException {
        return read(wav, new CodecLimits(CodecLimits.LARGEST));
    }

    public static AudioSignal read(byte[] wav, CodecLimits limits) throws IOException {
        return WavReader.readAll(new ByteArrayInputStream(wav), limits);
    }

    public static byte[] write(AudioSignal audio, WavEncoding encoding) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WavWriter.write(audio, encoding, out);
        return out.toByteArray();
    }

    public static WavBytes riff() {
        return new WavBytes().id("RIFF").u32(0).id("WAVE");
    }

    /** Mono 16-bit PCM at 8 kHz. */
    public static WavBytes riffWithFormat() {
        return riff().format(1, 1, 8000, 2, 16);
    }

    /** As written to a pipe, without saying how many samples there are. */
    public static byte[] ofUnknownLength(byte... data) {
        return riffWithFormat().id("data").u32(-1).raw(data).bytes();
    }

    public WavBytes format(int tag, int channels, int rate, int blockAlign, int bits) {
        return id("fmt ")
                .u32(16)
                .u16(tag)
                .u16(channels)
                .u32(rate)
                .u32(rate * blockAlign)
                .u16(blockAlign)
                .u16(bits);
    }

    /** The sizes that RF64 keeps in a chunk of their own, the format, and the head of the data. */
    WavBytes ds64(long bytes, long frames) {
        return id("ds64")
                .u32(28)
                .u64(0)
                .u64(bytes)
                .u64(frames)
                .u32(0)
                .format(1, 1, 8000, 2, 16)
                .id("data")
                .u32(-1);
    }

    public WavBytes chunk(String id, byte... body) {
        return id(id).u32(body.length).raw(body).raw(new byte[body.length & 1]);
    }

    public WavBytes id(String id) {
        return raw(id.getBytes(StandardCharsets.US_ASCII));
    }

    public WavBytes u16(int value) {
        return raw(Bytes.littleEndian(2).putShort((short) value).array());
    }

    public WavBytes u32(int value) {
        return raw(Bytes.littleEndian(4).putInt(value).array());
    }

    public WavBytes u64(long value) {
        return raw(Bytes.littleEndian(8).putLong(value).array());
    }

    public WavBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
