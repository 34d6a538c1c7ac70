package dev.phasor.compute;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How magnitudes too long for the memory are reconstructed.
 *
 * @param from the least body that is reconstructed in blocks; unless given a sixteenth of the memory of all requests
 * @param size bytes of the float32 magnitudes of one block of an item; while it is computed it takes some ten times as
 *     many
 * @throws IllegalArgumentException unless the size is in 64KB..1GB
 */
@Validated
@ConfigurationProperties("phasor.blocks")
public record BlockSettings(
        @Nullable DataSize from, @DefaultValue("8MB") DataSize size) {

    private static final long LEAST = 1 << 16;
    private static final long MOST = 1 << 30;

    /** A whole reconstruction takes up to ten times its magnitudes, and one request may hold most of the memory. */
    private static final int PART = 16;

    public BlockSettings {
        if (size.toBytes() < LEAST || size.toBytes() > MOST) {
            throw new IllegalArgumentException("phasor.blocks.size must be in 64KB..1GB, got " + size);
        }
    }

    /** Values of a block. */
    public int values() {
        return (int) (size.toBytes() / Float.BYTES);
    }

    /**
     * The least body that is reconstructed in blocks.
     *
     * @param memory of all requests, in bytes
     */
    public long from(long memory) {
        return from == null ? memory / PART : from.toBytes();
    }
}
