package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.phasor.web.GrpcClient.Sent;
import inference.ModelInferRequest;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Many callers at once, each of whom is answered. */
@TestPropertySource(
        properties = {
            "phasor.grpc.calls=80",
            "phasor.client.request-share=100",
            "phasor.client.queue-share=100",
            "phasor.compute.small-queue=100",
            "phasor.connection.memory-share=100",
            "phasor.client.memory-share=100"
        })
class GrpcManyCallersTest extends GrpcServiceTest {

    /** All are answered, and right. */
    @Test
    void sixtyFourCallersAtOnce() {
        Map<String, Sent> inputs = Map.of("audio", Sent.of(noise(4000, 7), 1, 4000));
        ModelInferRequest request = GrpcClient.raw("stft", inputs, Map.of("n_fft", 256, "hop_length", 64))
                .build();
        Map<String, ByteString> expected = GrpcClient.outputs(client.stub().modelInfer(request));
        List<GrpcClient> clients = new ArrayList<>();
        List<CompletableFuture<Map<String, ByteString>>> answers = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                GrpcClient each = i % 8 == 0 ? new GrpcClient(grpcPort()) : clients.get(clients.size() - 1);
                if (i % 8 == 0) {
                    clients.add(each);
                }
                CompletableFuture<Map<String, ByteString>> answer = new CompletableFuture<>();
                each.async().modelInfer(request, new One<>(answer, GrpcClient::outputs));
                answers.add(answer);
            }
            assertThat(answers)
                    .allSatisfy(answer ->
                            assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(expected));
        } finally {
            clients.forEach(each -> each.channel().shutdownNow());
        }
    }

    /** The one answer of a call. */
    private record One<T, R>(CompletableFuture<R> answer, Function<T, R> of) implements StreamObserver<T> {

        @Override
        public void onNext(T value) {
            answer.complete(of.apply(value));
        }

        @Override
        public void onError(Throwable fault) {
            answer.completeExceptionally(fault);
        }

        @Override
        public void onCompleted() {}
    }
}
