package dev.phasor.compute;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A request body that throws {@code TOO_LARGE} past a limit, and reserves memory for its decoded content while it is
 * read.
 */
public final class MeteredInputStream extends FilterInputStream {

    private static final int STEP = 1 << 16;

    private final long limit;
    private final String setting;
    private final int expansion;
    private final MemoryBudget.@Nullable Reservation memory;
    private long count;
    private long paid;

    /**
     * @param limit in bytes
     * @param expansion bytes of memory to reserve for each byte read
     */
    public MeteredInputStream(InputStream in, long limit, int expansion, MemoryBudget.Reservation memory) {
        this(in, limit, "phasor.limits.max-upload", expansion, memory);
    }

    private MeteredInputStream(
            InputStream in, long limit, String setting, int expansion, MemoryBudget.@Nullable Reservation memory) {
        super(in);
        this.limit = limit;
        this.setting = setting;
        this.expansion = expansion;
        this.memory = memory;
    }

    /**
     * A body whose content is not kept, so no memory is reserved.
     *
     * @param setting name of the setting behind the limit, for the message
     */
    public static MeteredInputStream limited(InputStream in, long limit, String setting) {
        return new MeteredInputStream(in, limit, setting, 0, null);
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            count(1);
        }
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        if (n > 0) {
            count(n);
        }
        return n;
    }

    @Override
    public long skip(long n) throws IOException {
        long skipped = super.skip(n);
        count(skipped);
        return skipped;
    }

    /** Leaves the body open: a parser does not know that more may follow. */
    @Override
    public void close() {}

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long n) {
        count += n;
        if (count > limit) {
            throw new InvalidInputException(
                    Code.TOO_LARGE, "the request body must be at most " + limit + " bytes (" + setting + ")");
        }
        while (memory != null && paid < count) {
            memory.add((long) STEP * expansion, "decoding the request body");
            paid += STEP;
        }
    }
}
