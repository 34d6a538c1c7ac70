package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.reconstruction.Relaxation.Schedule;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RelaxationTest {

    @Test
    void fewIterationsHaveOne() {
        assertThat(Schedule.DESCENDED.at(0, 60)).isEqualTo(Relaxation.ADMM);
        assertThat(Schedule.DESCENDED.at(59, 60)).isEqualTo(Relaxation.ADMM);
        assertThat(Schedule.ALONE.at(999, 1000)).isEqualTo(Relaxation.ADMM);
    }

    @Test
    void thatOfManyGrowsByEqualFactors() {
        double[] r = IntStream.rangeClosed(0, 61)
                .mapToDouble(i -> Schedule.DESCENDED.at(i, 61))
                .toArray();

        assertThat(r[0]).isEqualTo(0.01, within(1e-8));
        assertThat(r[61]).isEqualTo(0.05, within(1e-8));
        for (int i = 1; i < r.length; i++) {
            assertThat(r[i] / r[i - 1]).isEqualTo(Math.pow(5, 1 / 61.0), within(1e-6));
        }
    }

    /** Of an excursion of any length. */
    @Test
    void anExcursionLooksFurthestAtFirst() {
        for (int count : new int[] {1, 50, 900}) {
            assertThat(Schedule.EXCURSION.at(0, count)).isEqualTo(0.001f);
            assertThat(Schedule.EXCURSION.at(count, count)).isCloseTo(0.05f, within(1e-7f));
        }
    }
}
