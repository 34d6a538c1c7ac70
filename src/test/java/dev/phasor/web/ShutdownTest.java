package dev.phasor.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.PhasorApplication;
import dev.phasor.Recordings;
import dev.phasor.compute.ComputePool;
import dev.phasor.web.RawAnswers.Raw;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/** The service ends while a request is computed that would take hours, and another's body is still to come. */
@ExtendWith(OutputCaptureExtension.class)
class ShutdownTest {

    private static final String MAGNITUDE = "{\"magnitude\": [[1,2,3],[4,5,6],[7,8,9]], \"sample_rate\": 8000}";

    @Test
    void whatRunsTooLongIsToldAndWhatCannotBeToldIsCounted(CapturedOutput output) throws IOException {
        var service = (ServletWebServerApplicationContext) new SpringApplication(PhasorApplication.class)
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--phasor.limits.max-iterations=1000000000",
                        "--spring.lifecycle.timeout-per-shutdown-phase=1s");
        int port = requireNonNull(service.getWebServer()).getPort();
        ComputePool pool = service.getBean(ComputePool.class);
        try (Socket computed = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket sending = new Socket(InetAddress.getLoopbackAddress(), port)) {
            send(sending, "", "audio/wav\r\nContent-Length: 2000000");
            sending.getOutputStream().write(Files.readAllBytes(Recordings.speech()), 0, 100_000);
            send(
                    computed,
                    "?n_iter=1000000000&algorithm=griffinlim",
                    "application/json\r\nContent-Length: " + MAGNITUDE.length());
            computed.getOutputStream().write(MAGNITUDE.getBytes(ISO_8859_1));
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            pool.streams().running() == 1 && pool.lanes().get(1).running() == 1);

            service.close();

            Raw answer = RawAnswers.readAll(computed.getInputStream()).get(0);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(new String(answer.body(), ISO_8859_1)).contains("\"busy\"", "the service is stopping");
        }
        // Other services of this process have lines of their own.
        assertThat(output.toString().lines().filter(line -> line.contains(" WARN ") && line.contains("InFlight")))
                .singleElement()
                .asString()
                .contains("with 2 requests", "1 were told so, 1 are cut");
    }

    @Test
    void theTimeForWhatRunsIsTheDeadline() throws IOException {
        var environment = new StandardEnvironment();
        new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yaml"))
                .forEach(environment.getPropertySources()::addLast);
        assertThat(environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase"))
                .isEqualTo("300s");

        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("given", Map.of("phasor.compute.timeout", "7")));
        assertThat(environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase"))
                .isEqualTo("7s");
    }

    private static void send(Socket socket, String query, String type) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("POST /v1/reconstruct" + query + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                                + "\r\n\r\n")
                        .getBytes(ISO_8859_1));
    }
}
