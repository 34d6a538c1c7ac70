package dev.phasor.web.guard;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** The answers that wait until they are whole, and the disk that they may take together. */
public final class Spools {

    private final StreamLimits limits;
    private final AtomicLong onDisk = new AtomicLong();

    public Spools(StreamLimits limits) {
        this.limits = limits;
    }

    /** An empty one. */
    public Spool open() {
        return new Spool(this, (int) Math.min(1 << 28, limits.memory().toBytes()));
    }

    /** Bytes on disk now. */
    public long onDisk() {
        return onDisk.get();
    }

    Path directory() {
        Path directory = limits.directory();
        return directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
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
