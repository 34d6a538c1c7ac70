package dev.phasor.compute;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * An answer that waits until it is whole: in memory, and beyond some bytes in a file that is deleted as it is opened
 * (on POSIX systems its name goes at once, so that a killed process leaves nothing). It is what lets a client that
 * sends everything before it reads anything, as most do, stream through the service without a deadlock, and what lets
 * the report of a stream stand in the header before it.
 */
public final class Spool extends OutputStream {

    private static final int BLOCK_BYTES = 1 << 16;

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
        spools.reserve(count);
        reserved += count;
        try {
            if (file == null) {
                file = spools.create();
            }
            ByteBuffer source = ByteBuffer.wrap(bytes, offset, count);
            while (source.hasRemaining()) {
                file.write(source);
            }
        } catch (IOException e) {
            throw spools.failed(e);
        }
    }

    /** Bytes written. */
    public long size() {
        return head.size() + reserved;
    }

    /** Copies all that was written. */
    public void copyTo(OutputStream out) throws IOException {
        head.writeTo(out);
        if (file == null) {
            return;
        }
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (long position = 0; position < reserved; position += block.position()) {
            block.clear();
            try {
                if (file.read(block, position) <= 0) {
                    throw new EOFException("the file ends at " + position + " of " + reserved + " bytes");
                }
            } catch (IOException e) {
                throw spools.failed(e);
            }
            out.write(block.array(), 0, block.position());
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
