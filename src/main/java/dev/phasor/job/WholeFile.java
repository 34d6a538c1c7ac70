package dev.phasor.job;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears under its name with all its bytes, on the disk, or not at all: they are written under another
 * name, forced out, and renamed.
 */
final class WholeFile implements AutoCloseable {

    static final String PART = ".part";

    private static final int BUFFER = 1 << 16;

    private final Path name;
    private final Path part;
    private final FileChannel channel;
    private OutputStream out;

    WholeFile(Path name) throws IOException {
        this.name = name;
        part = name.resolveSibling(name.getFileName() + "." + UUID.randomUUID() + PART);
        channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        out = stream();
    }

    private OutputStream stream() {
        return new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
    }

    OutputStream out() {
        return out;
    }

    FileChannel channel() {
        return channel;
    }

    /** Forgets what was written. */
    void restart() throws IOException {
        channel.truncate(0);
        channel.position(0);
        out = stream();
    }

    /** Gives the file its name, and returns its bytes. */
    long commit() throws IOException {
        out.flush();
        long bytes = channel.size();
        channel.force(true);
        channel.close();
        Files.move(part, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(name.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
        return bytes;
    }

    /** Removes what was not committed. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(part);
    }
}
