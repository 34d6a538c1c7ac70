package dev.phasor.web.connection;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** A thousand bytes a second, in windows of 20 s. */
class PaceTest {

    private static final long SECOND = 1_000_000_000;

    private final Pace pace = new Pace(20, DataSize.ofBytes(1000));

    @ParameterizedTest
    @CsvSource({"1, 1000", "7, 7000", "20, 20000", "40, 40000"})
    void whoKeepsItIsWaitedForAsLongAsItTakes(int seconds, int bytes) {
        assertThatCode(() -> {
                    for (int i = 0; i < 1000; i++) {
                        pace.count(seconds * SECOND, bytes);
                    }
                })
                .doesNotThrowAnyException();
    }

    @Test
    void whatCameAtOnceDoesNotCountForTheNextWindow() throws Exception {
        pace.count(SECOND, 45_000_000);
        pace.count(19 * SECOND, 2);
        pace.count(8 * SECOND, 1);
        pace.count(8 * SECOND, 1);

        assertThatThrownBy(() -> pace.count(8 * SECOND, 1)).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void withinAWindowAnythingGoes() {
        assertThatCode(() -> pace.count(20 * SECOND - 1, 0)).doesNotThrowAnyException();
    }

    @Test
    void aWaitLongerThanAWindowIsMeasuredByItsLength() {
        assertThatThrownBy(() -> pace.count(40 * SECOND, 39_999)).isInstanceOf(SocketTimeoutException.class);
    }
}
