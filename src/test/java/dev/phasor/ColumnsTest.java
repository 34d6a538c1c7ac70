package dev.phasor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text is at most 120 columns wide, so that two files stand side by side: code, Javadoc and pages alike. */
class ColumnsTest {

    private static final int WIDEST = 120;

    static Stream<Path> files() throws IOException {
        return Stream.concat(
                found(Path.of("src", "main", "java"), ".java"),
                Stream.concat(found(Path.of("docs"), ".md"), Stream.of(Path.of("README.md"), Path.of("CHANGELOG.md"))));
    }

    private static Stream<Path> found(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void noLineIsWider(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        boolean[] code = new boolean[1];

        assertThat(lines.stream().filter(line -> {
                    code[0] ^= line.strip().startsWith("```");
                    // Rows of tables, what is to be copied, and addresses cannot be broken.
                    boolean whole = line.startsWith("|") || code[0] || line.contains("](http");
                    return line.length() > WIDEST && !whole;
                }))
                .isEmpty();
    }
}
