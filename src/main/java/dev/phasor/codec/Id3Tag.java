package dev.phasor.codec;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** ID3v2 tags, which programs write before files of any format (id3.org, "ID3 tag version 2.4.0", 3.1). */
public final class Id3Tag {

    private static final int HEADER_BYTES = 10;
    private static final int FOOTER = 0x10;

    private Id3Tag() {}

    /**
     * Skips the tags at the beginning of a file.
     *
     * @return the stream after them; {@code in} itself where it can be marked
     */
    public static InputStream skip(InputStream in) throws IOException {
        InputStream marked = in.markSupported() ? in : new BufferedInputStream(in);
        for (int bytes = bytes(marked); bytes > 0; bytes = bytes(marked)) {
            for (long left = bytes; left > 0; ) {
                long skipped = marked.skip(left);
                if (skipped <= 0) {
                    return marked; // cut: the reader of the format finds nothing
                }
                left -= skipped;
            }
        }
        return marked;
    }

    /** The length of the tag at this position, 0 where there is none. */
    private static int bytes(InputStream in) throws IOException {
        in.mark(HEADER_BYTES);
        byte[] head = in.readNBytes(HEADER_BYTES);
        in.reset();
        if (head.length < HEADER_BYTES || head[0] != 'I' || head[1] != 'D' || head[2] != '3') {
            return 0;
        }
        int size = 0;
        for (int i = 6; i < HEADER_BYTES; i++) {
            size = size << 7 | head[i] & 0x7f;
        }
        return HEADER_BYTES + size + ((head[5] & FOOTER) == 0 ? 0 : HEADER_BYTES);
    }
}
