package dev.phasor.decoder;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An MP4 of PCM (ISO 14496-12) whose edit list has an entry for each few samples. */
final class SlowMp4 {

    private SlowMp4() {}

    static byte[] bytes(int samples, int edits) {
        byte[] type = box("ftyp", "M4A \0\0\0\0M4A mp42".getBytes(StandardCharsets.ISO_8859_1));
        byte[] data = box("mdat", new byte[2 * samples]);
        byte[] entry = box("mp4a", ints(0, 1, 0, 0, 1 << 16 | 16, 0, 44_100 << 16));
        byte[] table = box(
                "stbl",
                full("stsd", ints(1), entry),
                full("stts", ints(1, samples, 1)),
                full("stsc", ints(1, 1, samples, 1)),
                full("stsz", ints(2, samples)),
                full("stco", ints(1, type.length + 8)));
        ByteBuffer list = ByteBuffer.allocate(4 + 12 * edits).putInt(edits);
        for (int i = 0; i < edits; i++) {
            list.putInt(1000).putInt(0).putInt(1 << 16);
        }
        byte[] media = box(
                "mdia",
                full("mdhd", ints(0, 0, 44_100, samples, 0)),
                full("hdlr", ints(0), "soun".getBytes(StandardCharsets.ISO_8859_1), new byte[13]),
                box("minf", full("smhd", ints(0)), box("dinf", full("dref", ints(1), box("url ", ints(1)))), table));
        byte[] track = box(
                "trak",
                box("tkhd", ints(7, 0, 0, 1, 0, samples), new byte[60]),
                box("edts", full("elst", list.array())),
                media);
        return join(type, data, box("moov", full("mvhd", ints(0, 0, 1000, 1000, 1 << 16), new byte[76]), track));
    }

    private static byte[] full(String name, byte[]... content) {
        return box(name, ints(0), join(content));
    }

    private static byte[] box(String name, byte[]... content) {
        byte[] all = join(content);
        return join(ints(8 + all.length), name.getBytes(StandardCharsets.ISO_8859_1), all);
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
