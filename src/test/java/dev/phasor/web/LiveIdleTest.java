package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import inference.ModelStreamInferResponse;
import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Sessions that are silent end. Apart from the others, which a slow machine must not make silent. */
@TestPropertySource(
        properties = {
            "phasor.live.idle=2",
            "phasor.grpc.idle=3",
            "phasor.compute.timeout=4",
            "phasor.limits.max-iterations=1000000000"
        })
class LiveIdleTest extends GrpcServiceTest {

    @Test
    void aSocketThatSaysNothingIsClosed() throws Exception {
        try (LiveClient silent = new LiveClient(port)) {
            JsonNode error = silent.hear();
            assertThat(error.path("type").asString()).as("%s", error).isEqualTo("error");
            assertThat(error.path("code").asString()).as("%s", error).isEqualTo("timeout");
            assertThat(error.path("detail").asString()).contains("phasor.live.idle");
            assertThat(silent.closed()).isEqualTo(1008);
        }
    }

    @Test
    void aSequenceThatSaysNothingIsEndedAndThenItsStream() throws Exception {
        try (GrpcSequence stream = new GrpcSequence(client.channel())) {
            stream.send(GrpcSequence.start("reconstruct", 5, Map.of("n_fft", 64, "hop_length", 16))
                    .setId("asleep"));
            stream.right();
            ModelStreamInferResponse answer = stream.hear();

            assertThat(answer.getErrorMessage()).contains("phasor.live.idle");
            assertThat(answer.getInferResponse().getId()).isEqualTo("asleep");
            assertThat(answer.getInferResponse()
                            .getParametersOrThrow("phasor_code")
                            .getStringParam())
                    .isEqualTo("timeout");
            // Then the stream has no session, and what streams may be idle.
            assertThat(stream.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
    }

    /** What it sends waits behind a request that takes four seconds. */
    @Test
    void aSequenceIsNotSilentWhileItsStreamIsBusy() throws Exception {
        try (GrpcSequence stream = new GrpcSequence(client.channel())) {
            stream.send(GrpcSequence.start("stft", 5, Map.of("n_fft", 64, "hop_length", 16)));
            stream.right();
            stream.send(GrpcClient.raw(
                    "reconstruct",
                    Map.of("magnitude", GrpcClient.Sent.of(magnitudes(33 * 40, 1), 1, 33, 40)),
                    Map.of("hop_length", 16, "algorithm", "griffinlim", "n_iter", 1_000_000_000)));
            stream.send(GrpcSequence.with(GrpcSequence.next("stft", 5, true), "audio", new float[64], 1, 64));

            assertThat(stream.hear().getErrorMessage()).contains("4.0 s");
            assertThat(stream.right().getParametersOrThrow("length").getInt64Param())
                    .isEqualTo(64);
        }
    }
}
