package dev.phasor.fuzz;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyReader;
import dev.phasor.codec.NpyWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** NPY; what was read is written and read again, value by value. */
public final class NpyTarget {

    private NpyTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        NpyArray array =
                Bounded.read(bytes, in -> NpyReader.read(in, Bounded.LIMITS)).orElse(null);
        if (array != null) {
            var out = new ByteArrayOutputStream();
            NpyWriter.write(array, out);
            Same.array(array, NpyReader.read(new ByteArrayInputStream(out.toByteArray()), Bounded.LIMITS));
        }
    }
}
