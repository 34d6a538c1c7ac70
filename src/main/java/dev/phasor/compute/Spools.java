package dev.phasor.compute;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The spools of all answers, and the disk space that they may take together. */
public final class Spools {

    private static final Logger log = LoggerFactory.getLogger(Spools.class);

    private final StreamLimits limits;
    private final AtomicLong onDisk = new AtomicLong();

    public Spools(StreamLimits limits) {
        this.limits = limits;
    }

    /** An empty spool. */
    public Spool open() {
        return new Spool(this, (int) Math.min(1 << 28, limits.memory().toBytes()));
    }

    /** Bytes on disk now. */
    public long onDisk() {
        return onDisk.get();
    }

    private Path directory() {
        Path directory = limits.directory();
        return directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
    }

    FileChannel create() throws IOException {
        return FileChannel.open(
                directory().resolve("phasor-" + UUID.randomUUID() + ".spool"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    /** Logs the fault for the operator, and returns the client's error. */
    BusyException failed(IOException fault) {
        log.error("answers cannot wait in {} (phasor.stream.directory)", directory(), fault);
        return BusyException.storage();
    }

    void reserve(long bytes) {
        long now = onDisk.addAndGet(bytes);
        if (now > limits.maxSpool().toBytes()) {
            onDisk.addAndGet(-bytes);
            throw new BusyException("answers that wait on disk may take "
                    + limits.maxSpool().toBytes() + " bytes together (phasor.stream.max-spool), and " + (now - bytes)
                    + " are taken now");
        }
    }

    void release(long bytes) {
        onDisk.addAndGet(-bytes);
    }
}
