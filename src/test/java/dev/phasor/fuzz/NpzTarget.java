package dev.phasor.fuzz;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpzBytes;
import dev.phasor.codec.NpzReader;
import java.io.IOException;
import java.util.Map;

/** NPZ; what was read is written and read again, value by value. */
public final class NpzTarget {

    private NpzTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        Map<String, NpyArray> arrays =
                Bounded.read(bytes, in -> NpzReader.read(in, Bounded.LIMITS)).orElse(Map.of());
        if (!arrays.isEmpty()) {
            Map<String, NpyArray> again = NpzBytes.read(NpzBytes.write(arrays), Bounded.LIMITS);
            arrays.forEach((name, array) -> Same.array(array, again.get(name)));
        }
    }
}
