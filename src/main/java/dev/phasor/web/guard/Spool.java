package dev.phasor.web.guard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An answer that waits until it is whole: in memory, and beyond some bytes in a file that is deleted as it is opened (on POSIX
 * systems its name goes at once, so that a killed process leaves nothing). It is what lets a client that sends everything before
 * it reads anything, as most do, stream through the service without a deadlock, and what lets the report of a stream stand in the
 * header before it.
 */
public final class Spool extends OutputStream {

    private final Spools spools;
    private final int inMemory;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private @Nullable FileChannel file;
    private long reserved;

    Spool(Spools spools, int inMemory) {
        this.spools = spools;
        this.inMemory = inMemory;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (file == null && head.size() + count <= inMemory) {
            head.write(bytes, offset, count);
            return;
        }
        if (file == null) {
            file = create();
        }
        spools.reserve(count);
        reserved += count;
        ByteBuffer source = ByteBuffer.wrap(bytes, offset, count);
        while (source.hasRemaining()) {
            file.write(source);
        }
    }

    private FileChannel create() throws IOException {
        Path path = spools.directory().resolve("phasor-" + UUID.randomUUID() + ".spool");
        return FileChannel.open(
                path,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    /** Bytes written. */
    public long size() {
        return head.size() + reserved;
    }

    /** Copies all that was written. */
    public void copyTo(OutputStream out) throws IOException {
        head.writeTo(out);
        if (file != null) {
            file.position(0);
            Channels.newInputStream(file).transferTo(out);
        }
    }

    @Override
    public void close() throws IOException {
        spools.release(reserved);
        reserved = 0;
        if (file != null) {
            file.close();
        }
    }
}
