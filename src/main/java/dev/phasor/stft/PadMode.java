package dev.phasor.stft;

import dev.phasor.signal.InvalidInputException;
import java.util.Locale;

/** The continuation of a signal beyond its ends in a centered transform, as in numpy.pad. */
public enum PadMode {
    /** Zeros. */
    CONSTANT {
        @Override
        int source(long index, int length) {
            return NONE;
        }
    },
    /** Mirrored at the end sample, which is not repeated. A signal shorter than the pad is mirrored repeatedly. */
    REFLECT {
        @Override
        int source(long index, int length) {
            if (length == 1) {
                return 0;
            }
            long period = 2L * (length - 1);
            long phase = Math.floorMod(index, period);
            return (int) Math.min(phase, period - phase);
        }
    },
    /** The end sample, repeated. */
    EDGE {
        @Override
        int source(long index, int length) {
            return index < 0 ? 0 : length - 1;
        }
    };

    /** The source of a zero. */
    static final int NONE = -1;

    /**
     * The index of the sample of a signal of {@code length >= 1} that continues it at {@code index}, outside 0..length
     * - 1; or {@link #NONE}.
     */
    abstract int source(long index, int length);

    /**
     * @throws InvalidInputException {@code BAD_PARAMETER} unless the name is {@code constant}, {@code reflect} or
     *     {@code edge}
     */
    public static PadMode parse(String name) {
        for (PadMode mode : values()) {
            if (mode.wireName().equals(name)) {
                return mode;
            }
        }
        throw InvalidInputException.badParameter("pad_mode", "one of constant, reflect, edge", name);
    }

    /** The name in a request. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
