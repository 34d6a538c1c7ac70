package dev.phasor.web.job;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The end of a ZIP file (PKWARE APPNOTE 6.3.10, 4.3.14 to 4.3.16), looked at before the directory: that one is read
 * into memory as a whole, as long as the end says that it is.
 */
final class ZipEnd {

    /** Bytes of the directory: 400 for each of {@link Batch#MOST} entries. */
    private static final int MOST_BYTES = 1 << 23;

    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int MOST_COMMENT = 0xffff;
    /** Stands for a number that is in the ZIP64 end; without one no file is as long. */
    private static final long IN_ZIP64 = 0xffff_ffffL;

    private static final int LOCATOR = 0x07064b50;
    private static final int LOCATOR_SIZE = 20;
    private static final int END64 = 0x06064b50;
    private static final int END64_SIZE = 56;

    private ZipEnd() {}

    /**
     * Refuses a file that is none, and one whose directory is large.
     *
     * @throws InvalidInputException {@code BAD_PARAMETER} or {@code TOO_LARGE}
     */
    static void check(Path file, int mostEntries) throws IOException {
        try (FileChannel zip = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = zip.size();
            ByteBuffer tail = read(zip, Math.max(0, size - END_SIZE - MOST_COMMENT - LOCATOR_SIZE), size);
            int end = tail.limit() - END_SIZE;
            while (end >= 0 && tail.getInt(end) != END) {
                end--;
            }
            // Another reader may take a record whose comment does not end the file, so that none is passed over.
            if (end < 0 || end + END_SIZE + (tail.getShort(end + 20) & 0xffff) != tail.limit()) {
                throw badParameter("the ZIP", "readable to its end", "no end of its directory (truncated?)");
            }
            long bytes = Integer.toUnsignedLong(tail.getInt(end + 12));
            check(tail.getShort(end + 10) & 0xffff, bytes == IN_ZIP64 ? 0 : bytes, mostEntries);
            if (end >= LOCATOR_SIZE && tail.getInt(end - LOCATOR_SIZE) == LOCATOR) {
                long at = tail.getLong(end - LOCATOR_SIZE + 8);
                if (at < 0 || at > size - END64_SIZE) {
                    throw badParameter("the ZIP", "readable to its end", "a ZIP64 end at " + at);
                }
                ByteBuffer end64 = read(zip, at, at + END64_SIZE);
                if (end64.getInt(0) == END64) {
                    check(end64.getLong(32), end64.getLong(40), mostEntries);
                }
            }
        }
    }

    private static void check(long entries, long bytes, int mostEntries) {
        if (entries < 0 || entries > Math.max(mostEntries, 0xffff) || bytes < 0 || bytes > MOST_BYTES) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    "a ZIP must have at most " + mostEntries + " files, and a directory of at most " + MOST_BYTES
                            + " bytes, got " + entries + " and " + bytes);
        }
    }

    private static ByteBuffer read(FileChannel zip, long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (to - from)).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && zip.read(bytes, from + bytes.position()) >= 0) {
            // until all is there
        }
        return bytes.flip();
    }
}
