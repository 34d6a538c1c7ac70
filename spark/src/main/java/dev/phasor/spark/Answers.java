package dev.phasor.spark;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The folder of the answers. A file is written under another name and renamed, so that it appears whole or not at all,
 * however often a task is tried. Local files go past Hadoop, which would start a process for the rights of each.
 */
final class Answers implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final int BUFFER = 1 << 16;

    /** Below the folder of the answers: what is being written. */
    private static final String UNFINISHED = "_unfinished";

    /** Below the folder of the answers: locked by the command that writes to it. */
    static final String LOCK = "_lock";

    private final String root;
    private final SerializableConfiguration configuration;

    Answers(String name, Configuration configuration) throws IOException {
        this.configuration = new SerializableConfiguration(configuration);
        Path path = new Path(name);
        FileSystem fileSystem = path.getFileSystem(configuration);
        fileSystem.mkdirs(path);
        root = fileSystem.getFileStatus(path).getPath().toString();
    }

    String root() {
        return root;
    }

    Path path(String name) {
        return new Path(root, name);
    }

    FileSystem fileSystem() throws IOException {
        return path(UNFINISHED).getFileSystem(configuration.value());
    }

    /**
     * Keeps other commands from a local folder until this is closed or the process ends, however it ends. The file
     * stays: another command may have it open. Elsewhere nothing keeps them.
     *
     * @throws Corpus.RefusedException if another command has the folder
     */
    Closeable lock() throws IOException {
        if (!fileSystem().getScheme().equals("file")) {
            return () -> {};
        }
        FileChannel channel = FileChannel.open(local(path(LOCK)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // said below
        } catch (IOException e) {
            return channel; // a file system without locks
        }
        channel.close();
        throw new Corpus.RefusedException(
                "another command is writing to --output " + root + ": wait until it has ended, or name another folder");
    }

    /** Removes what tasks that were killed have left. */
    void clean() throws IOException {
        fileSystem().delete(path(UNFINISHED), true);
    }

    /** Writes a file's content. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** @return the bytes written */
    long write(String name, Content content) throws IOException {
        Path whole = path(name);
        Path unfinished = path(UNFINISHED + "/" + UUID.randomUUID());
        FileSystem fileSystem = fileSystem();
        if (fileSystem.getScheme().equals("file")) {
            return writeLocally(local(unfinished), local(whole), content);
        }
        try {
            try (OutputStream out = new BufferedOutputStream(fileSystem.create(unfinished, true), BUFFER)) {
                content.writeTo(out);
            }
            long bytes = fileSystem.getFileStatus(unfinished).getLen();
            fileSystem.mkdirs(whole.getParent());
            // It may be there: of a task whose end was not heard.
            if (!fileSystem.rename(unfinished, whole)
                    && !(fileSystem.delete(whole, false) && fileSystem.rename(unfinished, whole))) {
                throw new IOException("cannot rename " + unfinished + " to " + whole);
            }
            return bytes;
        } catch (IOException | RuntimeException e) {
            fileSystem.delete(unfinished, false);
            throw e;
        }
    }

    private static long writeLocally(java.nio.file.Path unfinished, java.nio.file.Path whole, Content content)
            throws IOException {
        Files.createDirectories(parent(unfinished));
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), BUFFER)) {
                content.writeTo(out);
            }
            long bytes = Files.size(unfinished);
            Files.createDirectories(parent(whole));
            Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
            return bytes;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static java.nio.file.Path local(Path path) {
        return java.nio.file.Path.of(path.toUri().getPath());
    }

    private static java.nio.file.Path parent(java.nio.file.Path path) {
        return java.util.Objects.requireNonNull(path.getParent());
    }
}
