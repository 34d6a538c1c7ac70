package dev.phasor.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.reconstruction.Workload;
import dev.phasor.reconstruction.Workload.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EstimateTest {

    @Test
    void whatIsDoneNeverFalls() {
        Estimate estimate = new Estimate();
        estimate.begins(2, Workload.even(10));
        estimate.at(0, 4.5);
        estimate.at(1, 2);
        estimate.at(0, 3);

        assertThat(estimate.iterations()).isEqualTo(2);
        assertThat(estimate.part()).isEqualTo(0.325);
        assertThat(estimate.secondsLeft()).isNotNull().isNotNegative();
    }

    @Test
    void aBatchIsTheSumOfItsFiles() {
        Estimate estimate = new Estimate();
        estimate.part(0, 0.5);
        estimate.begins(1, Workload.even(4));
        estimate.at(0, 4);
        assertThat(estimate.part()).isEqualTo(0.5);
        estimate.part(0.5, 1);
        assertThat(estimate.toDo()).isZero();
        estimate.begins(1, Workload.even(2));
        estimate.at(0, 1);
        assertThat(estimate.part()).isEqualTo(0.75);
        assertThat(estimate.iterations()).isEqualTo(1);
    }

    @Test
    void theWorstChannelIsTold() {
        Estimate estimate = new Estimate();
        estimate.begins(2, Workload.even(10));
        assertThat(estimate.convergence()).isNull();
        estimate.reached(0, -20);
        estimate.reached(1, -10.001);
        assertThat(estimate.convergence()).isEqualTo(-10);
    }

    @Test
    void iterationsCountAsTheTimeTheyTake() {
        Estimate estimate = new Estimate();
        estimate.begins(1, new Workload(List.of(new Stage(10, 2), new Stage(20, 1))));
        assertThat(estimate.toDo()).isEqualTo(30);
        estimate.at(0, 10);
        assertThat(estimate.part()).isEqualTo(0.5);
        estimate.at(0, 20);
        assertThat(estimate.part()).isEqualTo(0.75);
        estimate.at(0, 31);
        assertThat(estimate.part()).isEqualTo(1);
    }

    /**
     * Lines of seconds and iterations as benchmarks/job-estimate has recorded them of {@code auto} with n_iter 200 and
     * n_fft 1024: the first job of a process, a later one, and a shorter one.
     */
    @ParameterizedTest
    @ValueSource(strings = {"auto-10-minutes-first.csv", "auto-10-minutes-later.csv", "auto-3-minutes-first.csv"})
    void theEndIsKnownAfterAThird(String name) throws IOException {
        List<double[]> trace = trace(name);
        double end = trace.get(trace.size() - 1)[0];
        long[] now = {0};
        Estimate estimate = new Estimate(() -> now[0]);
        estimate.begins(1, new Workload(List.of(new Stage(30, 1.4), new Stage(90, 1.2), new Stage(80, 1))));
        double last = 0;
        for (double[] line : trace) {
            now[0] = (long) (line[0] * TimeUnit.SECONDS.toNanos(1));
            estimate.at(0, line[1]);
            assertThat(estimate.part()).isGreaterThanOrEqualTo(last);
            last = estimate.part();
            Double left = estimate.secondsLeft();
            if (line[0] > 0.37 * end && line[0] < 0.9 * end) {
                assertThat(line[0] + Objects.requireNonNull(left)).isBetween(0.85 * end, 1.15 * end);
            }
        }
        assertThat(last).isEqualTo(1);
    }

    private static List<double[]> trace(String name) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(EstimateTest.class.getResourceAsStream("/golden/job/" + name)),
                StandardCharsets.UTF_8))) {
            return in.lines()
                    .map(line -> line.split(" "))
                    .map(line -> new double[] {Double.parseDouble(line[0]), Double.parseDouble(line[1])})
                    .toList();
        }
    }
}
