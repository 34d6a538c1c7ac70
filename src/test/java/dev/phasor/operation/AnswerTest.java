package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerTest {

    /** Ten diagnoses that nobody read had ended a service of 256 MB: their hazards counted as nothing. */
    @Test
    void whatStandsInAReportIsMemoryToo() {
        Map<String, Object> hazard = Map.of("hazard", "zero", "index", List.of(1, 2), "re", 0f, "im", 0f);
        assertThat(bytes("first", Collections.nCopies(30_000, hazard))).isGreaterThan(6_000_000);
        assertThat(bytes("snr_db", Collections.nCopies(15_000, 1.5))).isGreaterThan(15_000 * Double.BYTES);
        assertThat(bytes("text", "x".repeat(1000))).isGreaterThan(2000);
    }

    private static long bytes(String name, Object value) {
        return new Answer(Map.of(), null, Map.of(name, value)).bytes();
    }
}
