package dev.phasor.fuzz;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.codec.NpyReader;
import java.io.IOException;

/** NPY; what was read is written and read again, value by value. */
public final class NpyTarget {

    private NpyTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        NpyArray array =
                Bounded.read(bytes, in -> NpyReader.read(in, Bounded.LIMITS)).orElse(null);
        if (array != null) {
            Same.array(array, NpyBytes.read(NpyBytes.write(array), Bounded.LIMITS));
        }
    }
}
