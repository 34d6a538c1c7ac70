package dev.phasor.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import dev.phasor.compute.MemoryBudget;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** An answer of 7 MB, which no buffer holds, and readers that take it slowly, not at all, or leave. */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
        properties = {
            "phasor.connection.answer-wait=2",
            "phasor.connection.answer-rate=100KB",
            "phasor.connection.send-buffer=64KB",
            "server.tomcat.connection-timeout=1s"
        })
class SlowReaderTest extends ServiceTest {

    @Autowired
    private MeterRegistry registry;

    @Autowired
    private MemoryBudget budget;

    /**
     * 1 MB a second is ten times what is asked for; a second is what the container would wait for buffers of megabytes.
     */
    @Test
    void whoReadsSteadilyIsServedToTheEnd() throws IOException {
        try (Socket reader = ask("steady")) {
            int[] read = new int[1];
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(125))
                    .until(() -> {
                        int now = reader.getInputStream().readNBytes(1 << 17).length;
                        read[0] += now;
                        return now < 1 << 17;
                    });
            assertThat(read[0]).isGreaterThan(7_000_000);
        }
    }

    @Test
    void ofWhoStopsReadingTheAnswerIsCut(CapturedOutput output) throws IOException {
        double before = cut("slow_reader");
        try (Socket reader = ask("stopped")) {
            reader.getInputStream().readNBytes(1000);
            await().untilAsserted(() -> assertThat(cut("slow_reader")).isEqualTo(before + 1));
        }
        assertThat(lines(output, "stopped")).containsSubsequence("200 cut=slow_reader");
        await().until(() -> budget.reserved() == 0);
    }

    /** What came, and what it was decoded to, is let go before a reader takes what it may take long for. */
    @Test
    void whileAnAnswerWaitsItAloneIsReserved() throws IOException {
        try (Socket reader = ask("waiting")) {
            reader.getInputStream().readNBytes(1000);
            assertThat(budget.reserved()).isBetween(7_000_000L, 9_000_000L);
        }
        await().until(() -> budget.reserved() == 0);
    }

    @Test
    void whoLeavesIsOneLineAndNoProblem(CapturedOutput output) throws IOException {
        double before = cut("client_left");
        double problems = problems();
        try (Socket reader = ask("leaver")) {
            reader.getInputStream().readNBytes(1000);
            reader.setSoLinger(true, 0);
        }
        await().untilAsserted(() -> assertThat(cut("client_left")).isEqualTo(before + 1));
        await().until(() -> budget.reserved() == 0);
        assertThat(lines(output, "leaver").lines()).singleElement().asString().contains("200 cut=client_left");
        // Other tests' services, which stop meanwhile, may warn of what is gone, but trace nothing.
        assertThat(output.toString()).doesNotContain("\tat ");
        assertThat(problems()).isEqualTo(problems);
    }

    private double cut(String reason) {
        return registry.find("phasor.answers.cut").tag("reason", reason).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private double problems() {
        return registry.find("phasor.problems").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static String lines(CapturedOutput output, String id) {
        return String.join(
                "\n",
                output.toString()
                        .lines()
                        .filter(line -> line.contains("[" + id + "]"))
                        .toList());
    }

    private Socket ask(String id) throws IOException {
        byte[] file = bytes(Recordings.speech());
        Socket reader = new Socket();
        reader.setReceiveBufferSize(1 << 16);
        reader.setSoTimeout(20_000);
        reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), uri("/").getPort()));
        String head = "POST /v1/stft?n_fft=2048&hop_length=128 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "X-Request-Id: " + id + "\r\nContent-Type: audio/wav\r\nContent-Length: " + file.length + "\r\n\r\n";
        reader.getOutputStream().write(head.getBytes(ISO_8859_1));
        reader.getOutputStream().write(file);
        return reader;
    }
}
