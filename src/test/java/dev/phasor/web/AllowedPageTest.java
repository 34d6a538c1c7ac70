package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;

/** A web page that is named may call a service without a key; another still may not. */
@TestPropertySource(properties = "phasor.security.allowed-origins=https://studio.example")
class AllowedPageTest extends ServiceTest {

    @ParameterizedTest
    @CsvSource({
        "Host: localhost, https://studio.example, 200",
        "Host: localhost, http://studio.example, 403",
        "Host: localhost, https://evil.example, 403",
        "Host: evil.example, https://studio.example, 403"
    })
    void isAnsweredByItsOrigin(String host, String origin, int status) throws IOException {
        String headers = host + "\nSec-Fetch-Site: cross-site\nOrigin: " + origin;

        assertThat(ForeignPageTest.post(port, headers, "HTTP/1.1")).startsWith("HTTP/1.1 " + status);
    }
}
