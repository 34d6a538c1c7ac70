package dev.phasor.web;

import static dev.phasor.web.GrpcSequence.next;
import static dev.phasor.web.GrpcSequence.start;
import static dev.phasor.web.GrpcSequence.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.phasor.compute.ComputePool;
import dev.phasor.compute.Lane;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.web.GrpcClient.Sent;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** What messages and sequences hold and wait for, beside others who hold the memory and the threads. */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
        properties = {
            "phasor.limits.max-iterations=1000000000",
            "phasor.compute.threads=1",
            "phasor.connection.memory-share=100",
            "phasor.client.memory-share=100"
        })
class GrpcLiveGuardsTest extends GrpcServiceTest {

    private static final Map<String, Object> SMALL = Map.of("n_fft", 64, "hop_length", 16);

    private static final int BUFFER = 64 << 10;

    /** What a call holds from the start. */
    private static final int CALL = 160 << 10;

    @Autowired
    private MemoryBudget budget;

    @Autowired
    private ComputePool pool;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private GrpcServerProperties server;

    @AfterEach
    void nothingIsHeld() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(budget.reserved()).isZero();
            assertThat(meters.get("phasor.grpc.calls").gauge().value()).isZero();
            assertThat(meters.get("phasor.live.sessions").gauge().value()).isZero();
        });
    }

    /** Takes all the memory but so many bytes. */
    private MemoryBudget.Reservation allBut(long bytes) {
        MemoryBudget.Reservation others = budget.open("others");
        others.add(budget.capacity() - budget.reserved() - bytes, "a test");
        return others;
    }

    /** Beside what arrives there is once the message, too little for a list. It comes in one piece. */
    @Test
    void aListOfValuesIsReservedWhileItGrows() {
        Map<String, Sent> audio = Map.of("audio", Sent.of(new float[3000], 1, 3000));
        ModelInferRequest typed = GrpcClient.typed("stft", audio, SMALL).build();
        ModelInferRequest raw = GrpcClient.raw("stft", audio, SMALL).build();

        try (MemoryBudget.Reservation others = allBut(CALL + 3L * typed.getSerializedSize())) {
            assertThat(others.client()).isEqualTo("others");
            assertThatThrownBy(() -> client.stub().modelInfer(typed))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("UNAVAILABLE: lists of values");
            assertThatThrownBy(() -> client.stub().modelInfer(raw))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("UNAVAILABLE")
                    .hasMessageNotContaining("lists of values");
        }
        assertThat(GrpcClient.outputs(client.stub().modelInfer(typed)))
                .isEqualTo(GrpcClient.outputs(client.stub().modelInfer(raw)));
    }

    /** A request of a buffer's length and its answer are reserved while a sequence is open. */
    @Test
    void aSequenceGoesOnWhereOthersTookTheMemory() throws Exception {
        int samples = BUFFER / Float.BYTES;
        try (GrpcSequence stream = new GrpcSequence(client.channel())) {
            stream.send(start("stft", 1, SMALL));
            stream.right();
            await().until(() -> budget.reserved() > 0);
            MemoryBudget.Reservation others = allBut(0);
            try {
                for (int i = 0; i < 20; i++) {
                    stream.send(with(next("stft", 1, false), "audio", new float[samples], 1, samples));
                    ModelInferResponse answer = stream.right();
                    while (!GrpcSequence.isLast(answer)) {
                        answer = stream.right();
                    }
                }
                stream.send(start("stft", 2, SMALL));
                ModelStreamInferResponse second = stream.hear();
                assertThat(second.getErrorMessage()).contains("a live session needs about");
            } finally {
                others.close();
            }
            stream.send(next("stft", 1, true));
            assertThat(stream.right().getParametersOrThrow("length").getInt64Param())
                    .isEqualTo(20L * samples);
        }
    }

    /** Its tables wait for the pool's only thread. */
    @Test
    void whoLeavesBeforeItBeginsIsNoFailure(CapturedOutput output) throws Exception {
        Lane large = pool.lanes().get(1);
        try (GrpcSequence endless = new GrpcSequence(client.channel());
                GrpcSequence waits = new GrpcSequence(client.channel())) {
            endless.send(GrpcClient.raw(
                    "reconstruct",
                    Map.of("magnitude", Sent.of(magnitudes(33 * 40, 1), 1, 33, 40)),
                    Map.of("hop_length", 16, "algorithm", "griffinlim", "n_iter", 1_000_000_000)));
            await().until(() -> large.running() == 1);
            waits.send(start("stft", 1, Map.of("n_fft", 16384, "window", "kaiser", "beta", 700)));
            await().until(() -> large.queued() == 1);
            waits.close();
            await().until(() -> meters.get("phasor.live.sessions").gauge().value() == 0);
        }
        nothingIsHeld();
        assertThat(output).doesNotContain("a live session failed").doesNotContain("a request of a stream failed");
        assertThat(meters.get("phasor.live.ended")
                        .tag("reason", "client_closed")
                        .counter()
                        .count())
                .isPositive();
    }

    /** What gRPC takes for no limit. */
    @Test
    void anOldConnectionEndsNoSequence() {
        assertThat(server.getKeepalive().getConnection().getGracePeriod())
                .isGreaterThanOrEqualTo(Duration.ofDays(1000));
    }
}
