package dev.phasor.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartsTest {

    @Test
    void eachRecordingIsInOnePartAndPartsAreAlike() {
        Random random = new Random(1);
        List<Recording> recordings = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            recordings.add(new Recording("r" + i, random.nextInt(1 << 20), 0, "r" + i));
        }
        List<List<Recording>> parts = Parts.of(recordings, 2);
        assertThat(parts).hasSize(8);
        assertThat(parts.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(recordings);
        List<Long> sizes = parts.stream()
                .map(part -> part.stream().mapToLong(Recording::bytes).sum())
                .sorted()
                .toList();
        assertThat(sizes.get(7)).isLessThan(sizes.get(0) * 11 / 10);
    }

    @Test
    void fewRecordingsHaveAPartEachAndNoneHasOneEmptyPart() {
        assertThat(Parts.of(List.of(new Recording("a", 1, 0, "a"), new Recording("b", 9, 0, "b")), 16))
                .hasSize(2);
        assertThat(Parts.of(List.of(), 2)).containsExactly(List.of());
    }
}
