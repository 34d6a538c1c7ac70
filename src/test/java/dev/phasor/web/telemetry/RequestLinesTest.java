package dev.phasor.web.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestLinesTest {

    @ParameterizedTest
    @CsvSource({
        "/v1/phase, /v1/phase",
        "/v1/a%0Ab, /v1/a%0Ab",
        "'/a\nb\rc', /a%0Ab%0Dc",
        "'/\u001b[31m', /%1B[31m",
        "'/a b', /a%20b",
        "/\u2028\u00e9, /%E2%80%A8%C3%A9"
    })
    void aPathIsOnePrintableWord(String path, String line) {
        assertThat(RequestLines.printable(path)).isEqualTo(line);
    }

    @Test
    void aLongPathIsCut() {
        assertThat(RequestLines.printable("/" + "\n".repeat(15_000)))
                .hasSize(1003)
                .endsWith("...");
        assertThat(RequestLines.printable("x".repeat(999))).hasSize(999);
    }
}
