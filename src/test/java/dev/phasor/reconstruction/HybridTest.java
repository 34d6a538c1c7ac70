package dev.phasor.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HybridTest {

    /** Whoever asks for 200 iterations or less hears what was heard before the whole had ADMM. */
    @ParameterizedTest
    @CsvSource({"8, 4, 4", "100, 60, 60", "200, 120, 120", "201, 120, 168", "1000, 600, 840", "2000, 1200, 1680"})
    void admmBeginsTheWholeWhereADescentWouldBeAtItsBottom(int limit, int spent, int until) {
        assertThat(Hybrid.admm(limit, spent)).isEqualTo(until);
    }

    @ParameterizedTest
    @CsvSource({"4, 2", "100, 30", "400, 60"})
    void withoutAStartAdmmHasAtMostHalf(int limit, int until) {
        assertThat(Hybrid.admm(limit, 0)).isEqualTo(until);
    }
}
