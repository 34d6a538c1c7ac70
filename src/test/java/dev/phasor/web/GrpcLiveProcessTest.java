package dev.phasor.web;

import static dev.phasor.web.GrpcSequence.next;
import static dev.phasor.web.GrpcSequence.start;
import static dev.phasor.web.GrpcSequence.with;
import static org.assertj.core.api.Assertions.assertThat;

import inference.ModelInferResponse;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own gets its signals while a sequence and a WebSocket are open. */
class GrpcLiveProcessTest {

    private static final Map<String, Object> SMALL = Map.of("n_fft", 64, "hop_length", 16);
    private static final String START =
            "{\"type\":\"start\",\"operation\":\"reconstruct\",\"n_fft\":64,\"hop_length\":16}";

    @TempDir
    private Path folder;

    /** Both sessions are fed and end after the signal, and the process ends with them, long before its grace. */
    @Test
    void afterSigtermSessionsEndWithinTheGrace() throws Exception {
        try (StartedService service = StartedService.withHeap(
                        "512m",
                        folder,
                        "--phasor.live.grace=600",
                        "--spring.lifecycle.timeout-per-shutdown-phase=600s");
                GrpcClient client = new GrpcClient(service.grpcPort());
                GrpcSequence stream = new GrpcSequence(client.channel());
                LiveClient socket = new LiveClient(service.port())) {
            stream.send(start("reconstruct", 1, SMALL));
            stream.right();
            socket.say(START);
            assertThat(socket.hear().path("type").asString()).isEqualTo("ready");

            service.terminate();

            for (int i = 0; i < 20; i++) {
                stream.send(with(next("reconstruct", 1, false), "magnitude", new float[33], 1, 33, 1));
                stream.right();
                socket.send(new float[33], 0, 33);
            }
            stream.send(next("reconstruct", 1, true));
            socket.say("{\"type\":\"end\"}");
            ModelInferResponse report = stream.right();
            assertThat(report.getParametersOrThrow("frames").getInt64Param()).isEqualTo(20);
            assertThat(socket.hear().path("frames").asInt()).isEqualTo(20);
            assertThat(socket.closed()).isEqualTo(1000);
            assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            // 128 + 15, of a JVM that has run its shutdown hooks.
            assertThat(service.exitCode(Duration.ofMinutes(3))).isEqualTo(143);
        }
    }

    /** Nobody says goodbye: the connections end, and both clients hear it. */
    @Test
    void afterSigkillClientsSeeTheEnd() throws Exception {
        try (StartedService service = StartedService.withHeap("512m", folder);
                GrpcClient client = new GrpcClient(service.grpcPort());
                GrpcSequence stream = new GrpcSequence(client.channel());
                LiveClient socket = new LiveClient(service.port())) {
            stream.send(start("reconstruct", 1, SMALL));
            stream.right();
            socket.say(START);
            socket.hear();

            service.kill();

            assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(socket.closed()).isEqualTo(1006);
        }
    }
}
