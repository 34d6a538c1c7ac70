package dev.phasor.stft;

import dev.phasor.signal.InvalidInputException;
import java.util.Locale;

/** How a centered transform continues a signal beyond its ends; numpy's meanings. */
public enum PadMode {
    /** With zeros. */
    CONSTANT {
        @Override
        int source(long index, int length) {
            return NONE;
        }
    },
    /** Mirrored at the end sample, which is not repeated; a signal shorter than the pad is mirrored again and again. */
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
    /** With the end sample. */
    EDGE {
        @Override
        int source(long index, int length) {
            return index < 0 ? 0 : length - 1;
        }
    };

    /** No sample: a zero. */
    static final int NONE = -1;

    /**
     * The sample of {@code length >= 1} that stands at {@code index}, which is outside 0..length - 1; or {@link #NONE}.
     */
    abstract int source(long index, int length);

    /**
     * @throws InvalidInputException {@code BAD_PARAMETER} unless it is {@code constant}, {@code reflect} or
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
