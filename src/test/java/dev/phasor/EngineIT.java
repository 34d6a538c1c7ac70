package dev.phasor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine's jar as a program uses it that has JTransforms and nothing else: docs/engine.md's example. */
class EngineIT {

    /** What stands in docs/engine.md. */
    private static final Pattern NEEDED = Pattern.compile("(JTransforms|JLargeArrays|commons-math3)-[0-9.]+\\.jar");

    @TempDir
    private Path folder;

    @Test
    void theExampleFindsSoundForMagnitudes() throws IOException, InterruptedException {
        Path out = folder.resolve("out.wav");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        String.join(
                                File.pathSeparator,
                                Stream.concat(Stream.of(engine()), needed().stream())
                                        .toList()),
                        Path.of("examples", "engine", "Reconstruct.java").toString(),
                        Recordings.speech().toString(),
                        out.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        Matcher figure =
                Pattern.compile("spectral convergence \\[(-[0-9.]+)] dB").matcher(said);
        assertThat(figure.find()).as(said).isTrue();
        assertThat(Double.parseDouble(figure.group(1))).isLessThan(-25);
        assertThat(Files.size(out)).isGreaterThan(Files.size(Recordings.speech()));
    }

    private static String engine() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith("-engine.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> needed() {
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .filter(entry -> NEEDED.matcher(new File(entry).getName()).matches())
                .toList();
    }
}
