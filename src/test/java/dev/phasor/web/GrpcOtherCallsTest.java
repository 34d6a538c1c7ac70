package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.web.GrpcClient.Sent;
import inference.GRPCInferenceServiceGrpc;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** Calls that need no key, or compute nothing: eight of them at once, of which one address may hold four. */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
        properties = {"phasor.grpc.other-calls=8", "phasor.client.request-share=50", "phasor.limits.body-wait=1"})
class GrpcOtherCallsTest extends GrpcServiceTest {

    @Autowired
    private MeterRegistry meters;

    private double open() {
        return meters.get("phasor.grpc.other.calls").gauge().value();
    }

    @AfterEach
    void nothingIsHeld() {
        client.channel().shutdownNow();
        await().until(() -> open() == 0);
    }

    @Test
    void watchersOfOneAddressLeavePlacesToOthers() throws Exception {
        List<CompletableFuture<Status>> ends = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ends.add(watch());
        }

        Status refused = (Status)
                CompletableFuture.anyOf(ends.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);

        assertThat(refused.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused.getDescription()).contains("phasor.grpc.other-calls");
        assertThat(open()).isEqualTo(4);
        assertThat(ends.stream().filter(CompletableFuture::isDone)).hasSize(1);
    }

    /** Inference has places of its own. */
    @Test
    void watchersDoNotKeepInferenceFromItsPlaces() {
        for (int i = 0; i < 4; i++) {
            watch();
        }
        await().until(() -> open() == 4);

        assertThat(client.stub()
                        .modelInfer(GrpcClient.raw(
                                        "stft",
                                        Map.of("audio", Sent.of(new float[64], 1, 64)),
                                        Map.of("n_fft", 16, "hop_length", 16))
                                .build())
                        .getOutputsCount())
                .isEqualTo(1);
    }

    /** Nothing of its message comes for a second, while a watcher, who has nothing to send, may stay. */
    @Test
    void aSmallMessageThatDoesNotComeIsGivenUp() throws Exception {
        CompletableFuture<Status> watched = watch();
        await().until(() -> open() == 1);

        Status end = half().get(20, TimeUnit.SECONDS);

        assertThat(end.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(end.getDescription()).contains("phasor.limits.body-wait");
        assertThat(watched).isNotDone();
    }

    /** Each frame keeps the buffer that it came in. */
    @Test
    void aSmallMessageInManyFramesIsRefused(CapturedOutput output) throws IOException {
        try (RawHttp2 raw = new RawHttp2(grpcPort())) {
            raw.call(1, "/inference.GRPCInferenceService/ServerLive");
            await().until(() -> open() == 1);
            raw.send(RawHttp2.DATA, 0, 1, new byte[] {0, 0, 0, 3, (byte) 0xe8});
            for (int i = 0; i < 9; i++) {
                raw.send(RawHttp2.DATA, 0, 1, new byte[1]);
            }
            raw.awaitEnd(1);
        }
        await().untilAsserted(() ->
                assertThat(output).contains("POST /inference.GRPCInferenceService/ServerLive INVALID_ARGUMENT"));
    }

    @Test
    void aPathStandsOnOneLineOfTheLog(CapturedOutput output) throws IOException {
        try (RawHttp2 raw = new RawHttp2(grpcPort())) {
            raw.call(1, "/x/y\nFORGED\r\u001b[31m");
            raw.awaitEnd(1);
        }
        await().untilAsserted(() -> assertThat(output).contains("POST /x/y%0AFORGED%0D%1B[31m UNIMPLEMENTED"));
        assertThat(output).doesNotContain("y\nFORGED", "\u001b[31m");
    }

    @Test
    void framesThatAreNoHttp2WriteNoStackTrace(CapturedOutput output) throws IOException {
        try (RawHttp2 raw = new RawHttp2(grpcPort())) {
            raw.call(1, "/grpc.health.v1.Health/Watch");
            raw.send(RawHttp2.WINDOW_UPDATE, 0, 1, new byte[] {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff});
            raw.awaitEnd(1);
        }
        try (RawHttp2 raw = new RawHttp2(grpcPort())) {
            // The stream does not exist, which ends the connection.
            raw.send(RawHttp2.DATA, 0, 1, new byte[1]);
            raw.awaitClose();
        }
        await().untilAsserted(() -> assertThat(output).contains("POST /grpc.health.v1.Health/Watch "));
        assertThat(output).doesNotContain("Stream Error", "Transport failed", "\tat ");
    }

    /** Calls that are given up as soon as they are begun. */
    @Test
    void aConnectionThatResetsItsCallsIsEnded() throws IOException {
        try (RawHttp2 raw = new RawHttp2(grpcPort())) {
            for (int stream = 1; stream < 2 * 1100; stream += 2) {
                raw.call(stream, "/grpc.health.v1.Health/Check");
                raw.send(RawHttp2.RESET, 0, stream, new byte[] {0, 0, 0, 8});
            }
            raw.awaitClose();
        } catch (java.net.SocketException e) {
            assertThat(e).hasMessageMatching(".*([Rr]eset|Broken pipe).*");
        }
    }

    private CompletableFuture<Status> watch() {
        ClientCall<HealthCheckRequest, HealthCheckResponse> call =
                client.channel().newCall(HealthGrpc.getWatchMethod(), CallOptions.DEFAULT);
        CompletableFuture<Status> end = begin(call);
        call.request(Integer.MAX_VALUE);
        call.sendMessage(HealthCheckRequest.getDefaultInstance());
        call.halfClose();
        return end;
    }

    /** A client sends the head of a unary call together with its message; of a stream at once. */
    private CompletableFuture<Status> half() {
        MethodDescriptor<ServerLiveRequest, ServerLiveResponse> method =
                GRPCInferenceServiceGrpc.getServerLiveMethod().toBuilder()
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                        .build();
        return begin(client.channel().newCall(method, CallOptions.DEFAULT));
    }

    private static <Q, A> CompletableFuture<Status> begin(ClientCall<Q, A> call) {
        CompletableFuture<Status> end = new CompletableFuture<>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                new Metadata());
        return end;
    }
}
