package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.compute.MemoryBudget;
import dev.phasor.web.GrpcClient.Sent;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStatisticsRequest;
import inference.ModelStreamInferResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Many requests on one stream, answered in their order. */
@TestPropertySource(
        properties = {"phasor.grpc.idle=2", "phasor.connection.answer-wait=2", "phasor.connection.answer-rate=1MB"})
class GrpcStreamTest extends GrpcServiceTest {

    private static final Map<String, Object> TRANSFORM = Map.of("n_fft", 64, "hop_length", 16);

    @Autowired
    private MemoryBudget budget;

    @Autowired
    private MeterRegistry meters;

    private final BlockingQueue<ModelStreamInferResponse> answers = new LinkedBlockingQueue<>();
    private final Collected<ModelStreamInferResponse> collected = new Collected<>(answers);

    private static ModelInferRequest request(String id, int samples, Map<String, Object> parameters) {
        return GrpcClient.raw("stft", Map.of("audio", Sent.of(noise(samples, samples), 1, samples)), parameters)
                .setId(id)
                .build();
    }

    @AfterEach
    void nothingIsHeld() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> budget.reserved() == 0
                        && meters.get("phasor.grpc.calls").gauge().value() == 0);
    }

    @Test
    void requestsAreAnsweredInTheirOrderWithTheirIds() throws Exception {
        StreamObserver<ModelInferRequest> stream = client.async().modelStreamInfer(collected);
        for (int i = 0; i < 50; i++) {
            stream.onNext(request("r" + i, 100 + 37 * i, TRANSFORM));
        }
        stream.onCompleted();

        assertThat(collected.end().get(60, TimeUnit.SECONDS)).isEqualTo(Status.OK);
        assertThat(answers).hasSize(50);
        int i = 0;
        for (ModelStreamInferResponse answer : answers) {
            assertThat(answer.getErrorMessage()).isEmpty();
            assertThat(answer.getInferResponse().getId()).isEqualTo("r" + i);
            assertThat(GrpcClient.outputs(answer.getInferResponse()))
                    .isEqualTo(GrpcClient.outputs(client.stub().modelInfer(request("", 100 + 37 * i, TRANSFORM))));
            i++;
        }
    }

    @Test
    void whatIsWrongWithOneIsItsAnswerAndTheStreamGoesOn() throws Exception {
        StreamObserver<ModelInferRequest> stream = client.async().modelStreamInfer(collected);
        stream.onNext(request("a", 100, Map.of("n_fft_", 64)));
        stream.onNext(
                request("b", 100, TRANSFORM).toBuilder().setModelName("nothing").build());
        stream.onNext(request("c", 100, TRANSFORM));
        stream.onCompleted();

        assertThat(collected.end().get(60, TimeUnit.SECONDS)).isEqualTo(Status.OK);
        assertThat(answers)
                .extracting(answer -> answer.getInferResponse().getId())
                .containsExactly("a", "b", "c");
        assertThat(answers)
                .extracting(ModelStreamInferResponse::getErrorMessage)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("the name of a parameter of stft must be one of"),
                        second -> assertThat(second).startsWith("the model must be one of"),
                        third -> assertThat(third).isEmpty());
    }

    @Test
    void aStreamThatBringsNothingIsEnded() throws Exception {
        client.async().modelStreamInfer(collected);

        Status end = collected.end().get(20, TimeUnit.SECONDS);

        assertThat(end.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(end.getDescription()).contains("phasor.grpc.idle");
    }

    /** Of many requests one is answered, and none is read, until the client reads; one that never does is left. */
    @Test
    void aClientThatDoesNotReadIsNotReadFrom() {
        long before = answered();
        ClientCall<ModelInferRequest, ModelStreamInferResponse> call =
                client.channel().newCall(GRPCInferenceServiceGrpc.getModelStreamInferMethod(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        ModelInferRequest large = request("", 400_000, TRANSFORM);

        // 1.6 MB in and 13 MB out each.
        for (int i = 0; i < 10; i++) {
            call.sendMessage(large);
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> answered() > before);
        await().atMost(Duration.ofSeconds(30)).until(() -> budget.reserved() == 0);
        assertThat(answered()).isEqualTo(before + 1);
    }

    /** However long it is: its reader has a window, and not the time in which the whole would be read at least. */
    @Test
    void anAnswerThatNobodyReadsIsDroppedAfterAWindow() {
        long before = answered();
        ClientCall<ModelInferRequest, ModelInferResponse> call =
                client.channel().newCall(GRPCInferenceServiceGrpc.getModelInferMethod(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.sendMessage(request("", 100_000, Map.of("n_fft", 512, "hop_length", 2)));
        call.halfClose();

        await().atMost(Duration.ofSeconds(30)).until(() -> answered() > before);
        long answer = 2 * Float.BYTES * 257 * 50_001L;
        await().until(() -> {
            long held = budget.reserved();
            return held > 0 && held < 1.01 * answer;
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> budget.reserved() == 0);
    }

    /** The last answers are in the transport behind a window that is full, and the refusal behind them. */
    @Test
    void aClientThatReadsNeitherAnswersNorTheRefusalIsDropped() throws Exception {
        ManagedChannel narrow = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort())
                .usePlaintext()
                .flowControlWindow(1 << 16)
                .build();
        double before = timeouts();
        ClientCall<ModelInferRequest, ModelStreamInferResponse> call =
                narrow.newCall(GRPCInferenceServiceGrpc.getModelStreamInferMethod(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        // 2 KB out each: 14 KB more than the window.
        for (int i = 0; i < 40; i++) {
            call.sendMessage(request("", 100, TRANSFORM));
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> timeouts() > before);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> meters.get("phasor.grpc.calls").gauge().value() == 0);
        assertThat(timeouts()).isEqualTo(before + 1);
        narrow.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }

    private double timeouts() {
        Counter counter = meters.find("phasor.problems").tag("code", "timeout").counter();
        return counter == null ? 0 : counter.count();
    }

    /** Requests of stft that were answered. */
    private long answered() {
        return client.stub()
                .modelStatistics(
                        ModelStatisticsRequest.newBuilder().setName("stft").build())
                .getModelStats(0)
                .getExecutionCount();
    }

    @Test
    void aClientThatVanishesLeavesNothing() throws Exception {
        GrpcClient other = new GrpcClient(grpcPort());
        StreamObserver<ModelInferRequest> stream = other.async().modelStreamInfer(collected);
        stream.onNext(request("a", 100, TRANSFORM));
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isNotNull();

        other.close();
    }
}
