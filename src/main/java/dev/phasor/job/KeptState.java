package dev.phasor.job;

import dev.phasor.reconstruction.Keeping;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of one item's iterations in a file, with a checksum. A write takes a twentieth of the time at most. */
final class KeptState implements Keeping {

    private static final Logger log = LoggerFactory.getLogger(KeptState.class);

    private static final int VERSION = 0x50685331;
    private static final int BLOCK = 1 << 14;
    private static final int WRITE_SHARE = 20;

    private final JobFolder folder;
    private final String job;
    private final String name;
    private long interval;
    private long last = System.nanoTime();
    private boolean asked;
    private boolean written;
    private boolean read;
    private @Nullable Mark mark;

    KeptState(JobFolder folder, String job, String name, int seconds) {
        this.folder = folder;
        this.job = job;
        this.name = name;
        interval = 1_000_000_000L * seconds;
    }

    @Override
    public synchronized boolean isDue() {
        return asked || System.nanoTime() - last >= interval;
    }

    /** Makes a write due: the attempt is about to end. */
    synchronized void ask() {
        asked = true;
    }

    /** Whether a write that was asked for has not been made. */
    synchronized boolean isAsked() {
        return asked;
    }

    /** Whether this attempt has kept a state, so that another goes on from there. */
    synchronized boolean isWritten() {
        return written;
    }

    @Override
    public synchronized void keep(Mark newMark, float[]... arrays) {
        long begin = System.nanoTime();
        try (WholeFile file = folder.newFile(job, name)) {
            CRC32C sum = new CRC32C();
            DataOutputStream out = new DataOutputStream(new CheckedOutputStream(file.out(), sum));
            out.writeInt(VERSION);
            out.writeUTF(newMark.stage());
            out.writeInt(newMark.iterations());
            out.writeDouble(newMark.convergence());
            out.writeInt(arrays.length);
            for (float[] array : arrays) {
                write(array, out);
            }
            out.writeLong(sum.getValue());
            out.flush();
            file.commit();
            written = true;
            read = true;
            mark = newMark;
        } catch (IOException e) {
            // The job goes on; after a crash it begins at the state before.
            log.warn("the state of job {} cannot be kept: {}", job, e.toString());
        }
        asked = false;
        last = System.nanoTime();
        interval = Math.max(interval, WRITE_SHARE * (last - begin));
    }

    private static void write(float[] array, OutputStream out) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK * Float.BYTES);
        block.putInt(array.length);
        out.write(block.array(), 0, Integer.BYTES);
        for (int from = 0; from < array.length; from += BLOCK) {
            int count = Math.min(BLOCK, array.length - from);
            block.clear();
            block.asFloatBuffer().put(array, from, count);
            out.write(block.array(), 0, count * Float.BYTES);
        }
    }

    @Override
    public synchronized @Nullable Mark mark() {
        if (!read) {
            read = true;
            mark = isWhole() ? readMark() : null;
        }
        return mark;
    }

    private Path path() {
        return folder.file(job, name);
    }

    private boolean isWhole() {
        if (!Files.exists(path())) {
            return false;
        }
        try (CheckedInputStream in =
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(path())), new CRC32C())) {
            long content = Files.size(path()) - Long.BYTES;
            in.skipNBytes(Math.max(0, content));
            long sum = in.getChecksum().getValue();
            return new DataInputStream(in).readLong() == sum;
        } catch (IOException e) {
            log.warn("the state of job {} cannot be read; it begins anew: {}", job, e.toString());
            return false;
        }
    }

    private @Nullable Mark readMark() {
        try (DataInputStream in = open()) {
            return in.readInt() == VERSION ? new Mark(in.readUTF(), in.readInt(), in.readDouble()) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private DataInputStream open() throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(path()), 1 << 16));
    }

    @Override
    public synchronized void restore(float[]... arrays) {
        try (DataInputStream in = open()) {
            in.readInt();
            in.readUTF();
            in.readInt();
            in.readDouble();
            if (in.readInt() != arrays.length) {
                throw new IOException("other arrays were kept");
            }
            for (float[] array : arrays) {
                read(in, array);
            }
            log.info("job {} goes on from {}", job, mark);
        } catch (IOException e) {
            forget();
            throw new UncheckedIOException("the state of job " + job + " cannot be read", e);
        }
    }

    private static void read(InputStream in, float[] array) throws IOException {
        if (ByteBuffer.wrap(in.readNBytes(Integer.BYTES)).getInt() != array.length) {
            throw new IOException("an array of another length was kept");
        }
        for (int from = 0; from < array.length; from += BLOCK) {
            int count = Math.min(BLOCK, array.length - from);
            ByteBuffer.wrap(in.readNBytes(count * Float.BYTES)).asFloatBuffer().get(array, from, count);
        }
    }

    /** A state that cannot be read is the next attempt's no more. */
    private void forget() {
        try {
            Files.deleteIfExists(path());
        } catch (IOException e) {
            log.warn("the state of job {} cannot be removed: {}", job, e.toString());
        }
    }
}
