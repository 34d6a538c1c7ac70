package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/**
 * A service without a key, on loopback, computes for programs of this machine, not for what a web page has a browser
 * send.
 */
@TestPropertySource(properties = "phasor.security.allowed-hosts=phasor.lan")
class ForeignPageTest extends ServiceTest {

    private static final String BODY = "{\"audio\": [0, 1, 0, -1]}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost",
                "Host: LOCALHOST:PORT",
                "Host: 127.0.0.1:PORT",
                "Host: 127.8.9.1",
                "Host: [::1]:PORT",
                "Host: phasor.lan",
                "Host: Phasor.LAN:PORT",
                "Host:",
                "Host: localhost:PORT\nOrigin: http://localhost:PORT",
                "Host: phasor.lan\nOrigin: http://phasor.lan",
                "Host: localhost\nSec-Fetch-Site: same-origin",
                "Host: localhost\nSec-Fetch-Site: none"
            })
    void whoIsOfThisMachineIsAnswered(String headers) throws IOException {
        assertThat(post(headers, "HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void whoSendsNoHostIsAnswered() throws IOException {
        assertThat(post("User-Agent: old", "HTTP/1.0")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:PORT",
                "localhost.evil.example",
                "evil-localhost",
                "127.0.0.1.evil.example",
                "192.168.0.7",
                "[::2]"
            })
    void aForeignHostIsForbidden(String host) throws IOException {
        assertThat(post("Host: " + host, "HTTP/1.1"))
                .startsWith("HTTP/1.1 403 ")
                .contains("\"code\":\"forbidden\"", "phasor.security.allowed-hosts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: http://localhost:1",
                "Origin: null",
                "Origin: http://localhost.evil.example",
                "Sec-Fetch-Site: cross-site"
            })
    void aForeignPageIsForbidden(String header) throws IOException {
        assertThat(post("Host: localhost:PORT\n" + header, "HTTP/1.1")).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void aRefusalSaysWhatToDo() throws IOException {
        String answer = post("Host: localhost\nSec-Fetch-Site: cross-site", "HTTP/1.1");

        assertThat(answer).contains("\"code\":\"forbidden\"", "phasor.security.allowed-origins");
    }

    private String post(String headers, String version) throws IOException {
        return post(port, headers, version);
    }

    static String post(int port, String headers, String version) throws IOException {
        String request = "POST /v1/phase?n_fft=2&response_format=json " + version + "\n"
                + headers.replace("PORT", String.valueOf(port))
                + "\nConnection: close\nContent-Type: application/json\nContent-Length: " + BODY.length() + "\n\n";
        return exchange(port, (request.replace("\n", "\r\n") + BODY).getBytes(StandardCharsets.US_ASCII));
    }
}
