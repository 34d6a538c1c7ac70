package dev.phasor.web.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerNamesTest {

    private final AnswerNames names = new AnswerNames("manifest.json");

    @Test
    void eachNameIsOfOneAnswer() {
        assertThat(names.of("a.wav", "npy")).isEqualTo("a.npy");
        assertThat(names.of("a-2.wav", "npy")).isEqualTo("a-2.npy");
        assertThat(names.of("a.flac", "npy")).isEqualTo("a-3.npy");
        assertThat(names.of("a", "npy")).isEqualTo("a-4.npy");
        assertThat(names.of("a.wav", "json")).isEqualTo("a.json");
        assertThat(names.of("manifest.wav", "json")).isEqualTo("manifest-2.json");
    }

    @Test
    void noNameLeadsOutOfTheFolder() {
        assertThat(names.of("../../etc/passwd", "npy")).isEqualTo("etc/passwd.npy");
        assertThat(names.of("C:\\x\\y.wav", "npy")).isEqualTo("x/y.npy");
        assertThat(names.of("/", "npy")).isEqualTo("file.npy");
        assertThat(names.of(".hidden", "npy")).isEqualTo(".hidden.npy");
    }

    /** Of n files with one name, among n that have the numbers, none is looked for from the beginning. */
    @Test
    void manyFilesOfOneName() {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            all.add(names.of("a-" + i, "npy"));
        }
        for (int i = 0; i < 100_000; i++) {
            all.add(names.of("a", "npy"));
        }
        assertThat(all).hasSize(200_000);
    }
}
