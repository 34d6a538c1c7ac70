package dev.phasor.fuzz;

import dev.phasor.codec.Npz;
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
        Npz npz = Bounded.read(bytes, in -> NpzReader.read(in, Bounded.LIMITS)).orElse(new Npz(Map.of(), Map.of()));
        if (!npz.arrays().isEmpty()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            NpzWriter.write(npz.arrays(), Map.of(), out);
            Npz again = NpzReader.read(new ByteArrayInputStream(out.toByteArray()), Bounded.LIMITS);
            npz.arrays()
                    .forEach((name, array) -> Same.array(array, again.arrays().get(name)));
        }
    }
}
