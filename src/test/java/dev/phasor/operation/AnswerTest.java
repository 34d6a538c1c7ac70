package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.phasor.codec.NpyArray;
import dev.phasor.signal.Shape;
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

    @Test
    void whatNoRequestCouldBringBackSaysSo() {
        NpyArray array = NpyArray.complex(Shape.of(3), new float[3], new float[3]);
        Answer answer = Answer.of("spectrogram", array, Map.of("warnings", List.of("clips: loud")));

        assertThat(answer.warned(24)).isSameAs(answer);
        assertThat(answer.warned(23).report().get("warnings"))
                .asInstanceOf(LIST)
                .hasSize(2)
                .contains("clips: loud")
                .last()
                .asString()
                .startsWith("too_long_to_return: ")
                .contains("24 bytes", "may have 23 (phasor.limits.max-upload)");
    }

    @Test
    void whatDescribesAnArrayIsMemoryAndSentToo() {
        NpyArray bank = NpyArray.real(Shape.of(1000, 100), new float[100_000]);
        Answer alone = Answer.of("mel", NpyArray.real(Shape.of(3), new float[3]), Map.of());
        Answer described = alone.madeWith(Map.of("filterbank", bank));

        assertThat(described.bytes() - alone.bytes()).isGreaterThanOrEqualTo(400_000);
        assertThat(described.warned(400_012)).isSameAs(described);
        assertThat(described.warned(400_011).report().get("warnings"))
                .asInstanceOf(LIST)
                .hasSize(1);
        assertThat(described.warned(400_011).described()).containsOnlyKeys("mel", "filterbank");
    }

    private static long bytes(String name, Object value) {
        return new Answer(Map.of(), null, Map.of(name, value)).bytes();
    }
}
