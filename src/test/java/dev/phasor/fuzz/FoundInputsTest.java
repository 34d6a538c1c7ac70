package dev.phasor.fuzz;

import dev.phasor.codec.SubframeTarget;
import dev.phasor.web.audio.JsonTarget;
import dev.phasor.web.inference.InferenceTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code benchmarks/fuzz} found once, and its seeds, in {@code fuzz/<target>}. */
class FoundInputsTest {

    private static final Path FOLDER = Path.of("src", "test", "resources", "fuzz");

    /** As Jazzer calls it. */
    private interface FuzzTarget {
        void run(byte[] bytes) throws IOException;
    }

    private static final Map<String, FuzzTarget> TARGETS = Map.of(
            "decoder",
            DecoderTarget::fuzzerTestOneInput,
            "wav",
            WavTarget::fuzzerTestOneInput,
            "flac",
            FlacTarget::fuzzerTestOneInput,
            "subframe",
            SubframeTarget::fuzzerTestOneInput,
            "npy",
            NpyTarget::fuzzerTestOneInput,
            "npz",
            NpzTarget::fuzzerTestOneInput,
            "json",
            JsonTarget::fuzzerTestOneInput,
            "v2",
            InferenceTarget::fuzzerTestOneInput);

    static List<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> Files.isRegularFile(file) && !file.endsWith(".keep"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void isReadOrRefused(Path input) throws IOException {
        TARGETS.get(input.getParent().getFileName().toString()).run(Files.readAllBytes(input));
    }
}
