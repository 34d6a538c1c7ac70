package dev.phasor.compute;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that has lost its name and is still open. Another program gets it as its standard input and can seek in it; a
 * killed process leaves nothing behind. On Linux only.
 */
public final class UnnamedFile implements AutoCloseable {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** Bytes written at once: the JDK copies them into native memory, which stays with the thread. */
    private static final int BLOCK_BYTES = 1 << 16;

    private final FileChannel channel;
    private final File descriptor;

    private UnnamedFile(FileChannel channel, File descriptor) {
        this.channel = channel;
        this.descriptor = descriptor;
    }

    /** @param name of the file while it is created; no other file has it */
    static UnnamedFile of(Path name, byte[] content) throws IOException {
        FileChannel channel = FileChannel.open(
                name,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE); // POSIX: the name is removed at once
        try {
            for (int at = 0; at < content.length; ) {
                at += channel.write(ByteBuffer.wrap(content, at, Math.min(BLOCK_BYTES, content.length - at)));
            }
            return new UnnamedFile(channel, descriptor(name.getFileName().toString()));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The descriptor of the open file that had this name. */
    private static File descriptor(String name) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path each : all) {
                if (target(each).contains(name)) {
                    return each.toFile();
                }
            }
        }
        throw new IOException("no descriptor of " + name + " is in " + DESCRIPTORS);
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // another thread has closed it
        }
    }

    /** The open file, as something that can be opened once more, from its beginning. */
    public File descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing waits to be written: the content is nobody's any more.
        }
    }
}
