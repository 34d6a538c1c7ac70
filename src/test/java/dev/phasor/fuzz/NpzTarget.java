package dev.phasor.fuzz;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpzReader;
import dev.phasor.codec.NpzWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/** NPZ; what was read is written and read again, value by value. */
public final class NpzTarget {

    private NpzTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        Map<String, NpyArray> arrays =
                Bounded.read(bytes, in -> NpzReader.read(in, Bounded.LIMITS)).orElse(Map.of());
        if (!arrays.isEmpty()) {
            var out = new ByteArrayOutputStream();
            NpzWriter.write(arrays, out);
            Map<String, NpyArray> again = NpzReader.read(new ByteArrayInputStream(out.toByteArray()), Bounded.LIMITS);
            arrays.forEach((name, array) -> Same.array(array, again.get(name)));
        }
    }
}
