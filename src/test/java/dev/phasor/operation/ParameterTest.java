package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.compute.Limits;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.stft.Window;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ParameterTest {

    @ParameterizedTest
    @ValueSource(strings = {"1f", "2d", "0x1p3", "NaN", "Infinity", "", "1e", "\u0661", "0", "1e400", "banana"})
    void whatIsNoDecimalOfItsRangeIsRefused(String sent) {
        assertThatThrownBy(() -> Parameter.TIMEOUT.parse(sent, 300))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("timeout must be a finite number in 0.001..300.0, got " + sent);
    }

    /** Each of them would take minutes, by the square of its digits. */
    @ParameterizedTest
    @ValueSource(strings = {"", "x", "e5", ".5"})
    @Timeout(10)
    void aNumberOfAMillionDigitsIsRefusedUnread(String end) {
        String sent = "8".repeat(3_000_000) + end;
        for (Parameter<?> parameter : List.of(Parameter.N_FFT, Parameter.SEED, Parameter.TIMEOUT)) {
            assertThatThrownBy(() -> parameter.parse(sent, null))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(parameter.wireName() + " must be ");
        }
        String exact = new BigDecimal(Double.MIN_VALUE).toPlainString();
        assertThat(Parameter.EPS.parse(exact, null)).isEqualTo(Double.MIN_VALUE);
    }

    /** So that a service of few iterations answers those who ask for none. */
    @Test
    void defaultsAreWithinTheLimits() {
        Limits limits = new Binder(new MapConfigurationPropertySource(Map.of("phasor.limits.max-iterations", "5")))
                .bind("phasor.limits", Limits.class)
                .get();
        Maxima maxima = new Maxima(limits, Calls.COMPUTE);
        Parameters reconstruct = new Parameters(Endpoint.RECONSTRUCT, Map.of(), maxima);
        assertThat(reconstruct.get(Parameter.N_ITER)).isEqualTo(5);
        assertThat(reconstruct.get(Parameter.N_ITER, 8)).isEqualTo(5);
        assertThat(reconstruct.get(Parameter.N_FFT)).isEqualTo(2048);
        assertThat(new Parameters(Endpoint.SEPARATE, Map.of(), maxima).get(Parameter.SOURCES_ITERATIONS))
                .isEqualTo(5);
        assertThat(new Parameters(Endpoint.STRETCH, Map.of(), maxima).get(Parameter.STRETCH_ITERATIONS))
                .isEqualTo(5);
    }

    @Test
    void caseAndSpacesDoNotMatter() {
        assertThat(Parameter.TIMEOUT.parse(" 2.5E1 ", 300)).isEqualTo(25.0);
        assertThat(Parameter.N_FFT.parse("+512", null)).isEqualTo(512);
        assertThat(Parameter.SEED.parse("-9223372036854775808", null)).isEqualTo(Long.MIN_VALUE);
        assertThat(Parameter.WINDOW.parse("Hann", null)).isEqualTo(Window.Kind.HANN);
        assertThat(Parameter.CENTER.parse("TRUE", null)).isTrue();
    }
}
