package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 8, 9, 10, 45, 46, 100, 1000})
    void visitsEachStateOnceTheLastFirst(int steps) {
        List<Integer> visited = new ArrayList<>();
        int[] advances = new int[1];
        new Checkpoints(
                        state -> {
                            state[0][0]++;
                            advances[0]++;
                        },
                        (step, state) -> {
                            assertThat((double) state[0][0]).isEqualTo(step);
                            visited.add(step);
                        })
                .backwards(steps, new float[][] {{0}});

        List<Integer> expected =
                new ArrayList<>(IntStream.range(0, steps).boxed().toList());
        Collections.reverse(expected);
        assertThat(visited).isEqualTo(expected);
        assertThat(advances[0]).isLessThanOrEqualTo(Checkpoints.repetitions(steps) * steps);
    }
}
