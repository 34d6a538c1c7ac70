package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.Lane;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.web.GrpcClient.Sent;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/**
 * What HTTP's requests cannot do, calls cannot either: hold a lane, memory or a place for longer than they are wanted.
 */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
        properties = {
            "phasor.limits.max-iterations=1000000000",
            "phasor.limits.body-wait=2",
            "phasor.connection.answer-wait=1",
            "phasor.connection.answer-rate=10MB",
            "phasor.grpc.calls=80",
            "phasor.client.request-share=100",
            "phasor.client.queue-share=100",
            "phasor.compute.small-queue=100",
            "phasor.connection.memory-share=100",
            "phasor.client.memory-share=100"
        })
class GrpcGuardsTest extends GrpcServiceTest {

    private static final Sent MAGNITUDE = Sent.of(magnitudes(33 * 40, 1), 1, 33, 40);

    /** Longer than any test waits. */
    private static final ModelInferRequest ENDLESS = GrpcClient.raw(
                    "reconstruct",
                    Map.of("magnitude", MAGNITUDE),
                    Map.of("hop_length", 16, "algorithm", "griffinlim", "n_iter", 1_000_000_000))
            .build();

    @Autowired
    private ComputePool pool;

    @Autowired
    private MemoryBudget budget;

    @Autowired
    private MeterRegistry meters;

    private int running() {
        return pool.lanes().stream().mapToInt(Lane::running).sum();
    }

    @AfterEach
    void nothingIsHeld() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(running()).isZero();
            assertThat(budget.reserved()).isZero();
            assertThat(meters.get("phasor.grpc.calls").gauge().value()).isZero();
        });
    }

    /**
     * The work that is done after the client has heard of its deadline is bounded: 0.1 s of the processor for each
     * thread that computes, which a machine that is busy with others does not lengthen.
     */
    @Test
    void aDeadlineEndsTheWork() {
        StatusRuntimeException late = refused(
                () -> client.stub().withDeadlineAfter(50, TimeUnit.MILLISECONDS).modelInfer(ENDLESS));
        long heard = computed();

        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> running() == 0);
        long ended = computed();
        long threads = Runtime.getRuntime().availableProcessors();
        assertThat(Duration.ofNanos(ended - heard)).isLessThan(Duration.ofMillis(100 * threads));
    }

    /** Nanoseconds of the processor that the threads of the lanes have taken. */
    private static long computed() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("compute-"))
                .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getThreadId())))
                .sum();
    }

    @Test
    void aCallThatIsCancelledEndsItsWork(CapturedOutput output) {
        ClientCall<ModelInferRequest, ModelInferResponse> call =
                client.channel().newCall(GRPCInferenceServiceGrpc.getModelInferMethod(), CallOptions.DEFAULT);
        var answer = ClientCalls.futureUnaryCall(call, ENDLESS);
        await().until(() -> running() == 1);

        answer.cancel(true);

        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> running() == 0);
        await().untilAsserted(
                        () -> assertThat(output).contains("POST /inference.GRPCInferenceService/ModelInfer CANCELLED"));
    }

    @Test
    void aClientThatVanishesEndsItsWork() throws Exception {
        GrpcClient other = new GrpcClient(grpcPort());
        ClientCalls.futureUnaryCall(
                other.channel().newCall(GRPCInferenceServiceGrpc.getModelInferMethod(), CallOptions.DEFAULT), ENDLESS);
        await().until(() -> running() == 1);

        other.close();

        await().until(() -> running() == 0);
    }

    /** Past its places the service refuses at once. */
    @Test
    void pastThePlacesIsUnavailable() {
        List<ClientCall<ModelInferRequest, ModelStreamInferResponse>> open = new ArrayList<>();
        try {
            for (int i = 0; i < 80; i++) {
                ClientCall<ModelInferRequest, ModelStreamInferResponse> call = client.channel()
                        .newCall(GRPCInferenceServiceGrpc.getModelStreamInferMethod(), CallOptions.DEFAULT);
                call.start(new ClientCall.Listener<>() {}, new Metadata());
                open.add(call);
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> meters.get("phasor.grpc.calls").gauge().value() == 80);

            StatusRuntimeException refused = refused(() -> client.stub().modelInfer(ENDLESS));

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(refused.getStatus().getDescription()).contains("phasor.grpc.calls");
            assertThat(refused.getTrailers().get(Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER)))
                    .isEqualTo("1");
        } finally {
            open.forEach(call -> call.cancel("the test is over", null));
        }
    }

    /** Nothing of its message comes for a second. */
    @Test
    void aMessageThatDoesNotComeIsGivenUp() throws Exception {
        // A client sends the head of a unary call together with its message; of a stream at once.
        MethodDescriptor<ModelInferRequest, ModelInferResponse> method =
                GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder()
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                        .build();
        CompletableFuture<Status> end = new CompletableFuture<>();
        ClientCall<ModelInferRequest, ModelInferResponse> call =
                client.channel().newCall(method, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                new Metadata());

        Status status = end.get(20, TimeUnit.SECONDS);

        assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(status.getDescription()).contains("phasor.limits.body-wait");
    }

    /** 64 MB wait for a reader who takes none: his answer is dropped, and its memory is free. */
    @Test
    void anAnswerThatIsNotReadIsDropped() {
        float[] samples = noise(2_000_000, 9);
        ClientCall<ModelInferRequest, ModelInferResponse> call =
                client.channel().newCall(GRPCInferenceServiceGrpc.getModelInferMethod(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.sendMessage(GrpcClient.raw(
                        "stft",
                        Map.of("audio", Sent.of(samples, 1, samples.length)),
                        Map.of("n_fft", 256, "hop_length", 64))
                .build());
        call.halfClose();
        // Nothing is requested, so nothing is read.
        await().atMost(Duration.ofSeconds(30)).until(() -> metrics().contains("phasor_grpc_calls 1.0"));
        await().atMost(Duration.ofSeconds(30)).until(() -> budget.reserved() == 0);
    }

    /** 200 MB in one tensor, as much of it out again. */
    @Test
    void aLargeTensorIsAnsweredRight() {
        int samples = 50_000_000;
        ByteString halves = UnsafeByteOperations.unsafeWrap(new byte[Float.BYTES * samples]);
        ModelInferRequest request = GrpcClient.request("phase", Map.of())
                .addInputs(GrpcClient.tensor("spectrogram", "FP32", 1, 2, 5000, 5000))
                .addRawInputContents(halves)
                .build();

        ModelInferResponse response = client.stub().modelInfer(request);

        assertThat(response.getRawOutputContents(0).size()).isEqualTo(Float.BYTES * samples / 2);
    }

    private static StatusRuntimeException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(StatusRuntimeException.class, call));
    }
}
