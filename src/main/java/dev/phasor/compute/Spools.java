package dev.phasor.compute;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The spools of all answers, and the disk space that they may take together. */
public final class Spools {

    private static final Logger log = LoggerFactory.getLogger(Spools.class);

    private final StreamLimits limits;
    private final int share;
    private final Shares clients = new Shares();

    public Spools(StreamLimits limits, ClientLimits client) {
        this.limits = limits;
        this.share = client.memoryShare();
    }

    /** An empty spool on the account of a client. */
    public Spool open(String client) {
        return new Spool(this, client, (int) Math.min(1 << 28, limits.memory().toBytes()));
    }

    /** An empty spool that holds nothing in memory, for what is read more than once. */
    public Spool onDisk(String client) {
        return new Spool(this, client, 0);
    }

    /** A file without a name that holds these bytes, for another program to read. */
    public UnnamedFile unnamed(byte[] content) {
        try {
            return UnnamedFile.of(directory().resolve("phasor-" + UUID.randomUUID() + ".sound"), content);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Bytes on disk now. */
    public long onDisk() {
        return clients.held();
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
        log.error("the service cannot write to {} (phasor.stream.directory)", directory(), fault);
        return BusyException.storage();
    }

    void reserve(String client, long bytes) {
        long most = limits.maxSpool().toBytes();
        if (!clients.take(client, bytes, (long) (most / 100.0 * share), most)) {
            throw new BusyException("answers that wait on disk may take " + most
                    + " bytes together (phasor.stream.max-spool), and those of one client " + share
                    + " % of what others leave of it (phasor.client.memory-share); " + clients.held()
                    + " are taken now");
        }
    }

    void release(String client, long bytes) {
        if (bytes > 0) {
            clients.give(client, bytes);
        }
    }
}
