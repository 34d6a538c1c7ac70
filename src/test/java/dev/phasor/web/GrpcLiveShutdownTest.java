package dev.phasor.web;

import static dev.phasor.web.GrpcSequence.next;
import static dev.phasor.web.GrpcSequence.start;
import static dev.phasor.web.GrpcSequence.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.PhasorApplication;
import inference.ModelStreamInferResponse;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The service ends while sequences are open. */
class GrpcLiveShutdownTest {

    private static final Map<String, Object> SMALL = Map.of("n_fft", 64, "hop_length", 16);

    private static ConfigurableApplicationContext service(int grace) {
        return new SpringApplication(PhasorApplication.class)
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--spring.grpc.server.port=0",
                        "--phasor.live.grace=" + grace,
                        "--phasor.warmup=0s");
    }

    private static GrpcClient client(ConfigurableApplicationContext service) {
        return new GrpcClient(service.getBean(GrpcServerLifecycle.class).getPort());
    }

    /** The service waits for the sequence, not for its grace; another one does not begin. */
    @Test
    void aSequenceEndsWithinTheGrace() throws Exception {
        var service = service(600);
        try (GrpcClient client = client(service);
                GrpcSequence stream = new GrpcSequence(client.channel())) {
            stream.send(start("reconstruct", 1, SMALL));
            stream.right();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(service::close);
            String refused = "";
            // The stop is seen when a sequence is refused.
            for (int id = 2; refused.isEmpty(); id++) {
                stream.send(start("stft", id, SMALL));
                refused = stream.hear().getErrorMessage();
                if (refused.isEmpty()) {
                    stream.send(with(next("stft", id, true), "audio", new float[64], 1, 64));
                    stream.right();
                }
            }
            assertThat(refused).isEqualTo("the service is stopping");
            stream.send(with(next("reconstruct", 1, false), "magnitude", new float[33 * 20], 1, 33, 20));
            stream.right();
            stream.send(next("reconstruct", 1, true));
            assertThat(stream.right().getParametersOrThrow("frames").getInt64Param())
                    .isEqualTo(20);
            assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            stopped.get(120, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatDoesNotEndIsToldWhy() throws Exception {
        var service = service(0);
        try (GrpcClient client = client(service);
                GrpcSequence stream = new GrpcSequence(client.channel())) {
            stream.send(start("reconstruct", 1, SMALL).setId("told"));
            stream.right();
            service.close();
            ModelStreamInferResponse told = stream.hear();
            assertThat(told.getErrorMessage()).isEqualTo("the service is stopping");
            assertThat(told.getInferResponse().getId()).isEqualTo("told");
            assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }
}
