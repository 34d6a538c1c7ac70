package dev.phasor.compute;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Stores an answer until it is complete: its beginning in memory, the rest in a file that is deleted on close. (On
 * POSIX systems the file's name is removed at once, so a killed process leaves no file.) Most clients send everything
 * before they read anything; the spool lets them stream without a deadlock. It also lets the report of a stream be sent
 * in a header before it.
 */
public final class Spool extends OutputStream {

    private static final int BLOCK_BYTES = 1 << 16;

    private final Spools spools;
    private final String client;
    private final int inMemory;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private @Nullable FileChannel file;
    private long reserved;

    Spool(Spools spools, String client, int inMemory) {
        this.spools = spools;
        this.client = client;
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
        spools.reserve(client, count);
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

    /** Copies all bytes written. */
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

    /**
     * Fills the target from a position on, of a spool that is {@link Spools#onDisk(String) on disk}.
     *
     * @throws EOFException if fewer bytes were written
     */
    public void read(long position, ByteBuffer target) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int got;
            try {
                got = file == null ? -1 : file.read(target, at);
            } catch (IOException e) {
                throw spools.failed(e);
            }
            if (got <= 0) {
                throw new EOFException("bytes are read from " + position + " on, of " + size());
            }
            at += got;
        }
    }

    /** All bytes written, of a spool that is {@link Spools#onDisk(String) on disk}. */
    public InputStream content() {
        return new InputStream() {

            private long position;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                int got = (int) Math.min(count, size() - position);
                if (got == 0 && count > 0) {
                    return -1;
                }
                Spool.this.read(position, ByteBuffer.wrap(bytes, offset, got));
                position += got;
                return got;
            }
        };
    }

    @Override
    public void close() throws IOException {
        spools.release(client, reserved);
        reserved = 0;
        if (file != null) {
            file.close();
        }
    }
}
