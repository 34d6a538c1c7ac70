package dev.phasor.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a WAV file before its first sample. */
final class WavHeaderBytes {

    private static final int UNKNOWN_SIZE = 0xffffffff;
    private static final int FACT_SIZE = 4;
    private static final int DS64_SIZE = 28;

    private final ByteBuffer buffer = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);

    private WavHeaderBytes() {}

    /** @param frames samples per channel, or {@link WavFormat#UNKNOWN_FRAMES}; sizes are then 0xFFFFFFFF */
    static byte[] of(WavEncoding encoding, int channels, int sampleRate, long frames) {
        WavHeaderBytes header = new WavHeaderBytes();
        boolean known = frames != WavFormat.UNKNOWN_FRAMES;
        long dataSize = known ? frames * channels * encoding.bytes() : 0;
        boolean large = dataSize > 0xffffffffL - header.buffer.capacity();
        header.id(large ? "RF64" : "RIFF").buffer.putInt(UNKNOWN_SIZE);
        header.id("WAVE");
        if (large) {
            header.id("ds64")
                    .buffer
                    .putInt(DS64_SIZE)
                    .putLong(0)
                    .putLong(dataSize)
                    .putLong(frames)
                    .putInt(0);
        }
        header.format(encoding, channels, sampleRate);
        if (encoding == WavEncoding.FLOAT32) {
            header.id("fact").buffer.putInt(FACT_SIZE).putInt(known && !large ? (int) frames : UNKNOWN_SIZE);
        }
        header.id("data").buffer.putInt(known && !large ? (int) dataSize : UNKNOWN_SIZE);

        ByteBuffer buffer = header.buffer;
        long riffSize = buffer.position() - 8 + dataSize + (dataSize & 1);
        if (large) {
            buffer.putLong(20, riffSize);
        } else if (known) {
            buffer.putInt(4, (int) riffSize);
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }

    private void format(WavEncoding encoding, int channels, int sampleRate) {
        boolean extensible = channels > 2;
        boolean extended = extensible || encoding.formatTag() != WavFmtChunk.PCM;
        int blockAlign = channels * encoding.bytes();
        id("fmt ")
                .buffer
                .putInt(extensible ? WavFmtChunk.EXTENSIBLE_SIZE : WavFmtChunk.PLAIN_SIZE + (extended ? 2 : 0))
                .putShort((short) (extensible ? WavFmtChunk.EXTENSIBLE : encoding.formatTag()))
                .putShort((short) channels)
                .putInt(sampleRate)
                .putInt((int) Math.min(0xffffffffL, (long) sampleRate * blockAlign))
                .putShort((short) blockAlign)
                .putShort((short) (8 * encoding.bytes()));
        if (extensible) {
            // No channel mask: the channels are independent signals, not loudspeakers.
            buffer.putShort((short) 22)
                    .putShort((short) (8 * encoding.bytes()))
                    .putInt(0)
                    .putShort((short) encoding.formatTag())
                    .put(WavFmtChunk.GUID_TAIL);
        } else if (extended) {
            buffer.putShort((short) 0);
        }
    }

    private WavHeaderBytes id(String id) {
        buffer.put(id.getBytes(StandardCharsets.US_ASCII));
        return this;
    }
}
