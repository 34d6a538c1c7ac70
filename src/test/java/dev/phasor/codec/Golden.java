package dev.phasor.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files that {@code src/test/golden/codec.py} made. */
final class Golden {

    private static final Path FOLDER = Path.of("src", "test", "resources", "golden", "codec");

    private Golden() {}

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Raw little-endian float32. */
    static float[] floats(String name) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes(name)).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[buffer.remaining() / 4];
        buffer.asFloatBuffer().get(floats);
        return floats;
    }

    /** The names of a subfolder's files with this ending, as {@link #bytes} takes them. */
    static List<String> names(String subfolder, String ending) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(subfolder))) {
            return files.map(file -> subfolder + "/" + file.getFileName())
                    .filter(name -> name.endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
