package dev.phasor.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * What is no request at all is refused by the container, and answered like every other problem: no page of HTML, no
 * version.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedRequestTest extends ServiceTest {

    private static final String HOST = "\nHost: localhost\nConnection: close\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HELLO\n",
                "GET /<>{} HTTP/1.1" + HOST,
                "GET /v1/%zz HTTP/1.1" + HOST,
                "GET /v1/%00 HTTP/1.1" + HOST,
                "GET /v1%2fbackends HTTP/1.1" + HOST,
                "GET /../../etc/passwd HTTP/1.1" + HOST,
                "GET /v1/../../etc/passwd HTTP/1.1" + HOST,
                "GET /v1\\backends HTTP/1.1" + HOST,
                "GE(T /v1/backends HTTP/1.1" + HOST,
                "BREW /v1/backends HTTP/1.1" + HOST,
                "CONNECT here:1 HTTP/1.1" + HOST,
                "GET /v1/backends HTTP/9.1" + HOST,
                "GET /v1/backends HTTP/1.1\nConnection: close\n",
                "GET /v1/backends HTTP/1.1\nHost: a b/<\nConnection: close\n",
                "GET /v1/backends HTTP/1.1\nHost: a" + HOST,
                "GET /v1/backends HTTP/1.1" + HOST + "no colon\n",
                "GET /v1/backends HTTP/1.1" + HOST + "X: a\0b\n",
                "GET /v1/backends HTTP/1.1" + HOST + "X: LONG\n",
                "GET /v1/backends HTTP/1.1" + HOST + "MANY",
                "POST /v1/phase HTTP/1.1" + HOST + "Transfer-Encoding: zip\n",
                "POST /v1/phase HTTP/1.1" + HOST + "Content-Length: -4\n",
                "POST /v1/phase HTTP/1.1" + HOST + "Content-Length: 99999999999999999999\n",
                "POST /v1/phase HTTP/1.1" + HOST + "Content-Length: 4\nContent-Length: 5\n",
                "POST /v1/phase HTTP/1.1" + HOST + "Expect: tea\nContent-Length: 0\n"
            })
    void isAProblem(String head, CapturedOutput output) throws IOException {
        String answer = exchange(head);

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("Content-Type: application/problem+json\r\n");
        assertThat(answer)
                .contains("\"code\":\"bad_request\"", "\"request_id\":\"")
                .doesNotContainIgnoringCase("<html")
                .doesNotContainIgnoringCase("tomcat")
                .doesNotContain("Exception");
        assertThat(output).doesNotContain(" ERROR ");
    }

    @Test
    void aMethodThatIsNoneOfOursIsNamed() throws IOException {
        assertThat(exchange("TRACE /v1/stft HTTP/1.1" + HOST))
                .startsWith("HTTP/1.1 405 ")
                .contains("the method must be GET or POST, got TRACE", "method_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v2/models/a%2fb HTTP/1.1" + HOST, "GET /v2//health HTTP/1.1" + HOST})
    void isTheProtocolsErrorWhereItsPathCanBeRead(String head) throws IOException {
        assertThat(exchange(head))
                .startsWith("HTTP/1.1 400 ")
                .contains("Content-Type: application/json\r\n")
                .contains("{\"error\":\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HELLO\n", "GET /actuator/<>{} HTTP/1.1" + HOST, "GET /actuator/health HTTP/9.1" + HOST})
    void isAProblemOnThePortOfTheMetricsToo(String head) throws IOException {
        assertThat(exchangeLines(managementPort, head))
                .startsWith("HTTP/1.1 400 ")
                .contains("Content-Type: application/problem+json\r\n", "\"code\":\"bad_request\"")
                .doesNotContainIgnoringCase("<html");
    }

    private String exchange(String head) throws IOException {
        return exchangeLines(port, head);
    }

    private static String exchangeLines(int port, String head) throws IOException {
        String sent = head.replace("LONG", "x".repeat(17_000))
                        .replace("MANY", "X: 1\n".repeat(150))
                        .replace("\n", "\r\n")
                + "\r\n";
        return exchange(port, sent.getBytes(ISO_8859_1));
    }
}
