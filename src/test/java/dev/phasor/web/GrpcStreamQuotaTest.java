package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.web.GrpcClient.Sent;
import inference.ModelInferRequest;
import inference.ModelStreamInferResponse;
import inference.ServerLiveRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** A stream pays for each of its messages, before it is computed. */
@TestPropertySource(
        properties = {
            // SHA-256 of "open-sesame", "friend" and "hurry".
            "phasor.security.keys.ali=d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7",
            "phasor.security.keys.gandalf=CDE48537CA2C28084FF560826D0E6388B7C57A51497A6CB56F397289E52FF41B",
            "phasor.security.keys.rabbit=f6002cbceb8c0327d974714b8f7a4ba28e25f0b7cbe216a719c35ced1fe9647f",
            // A request in 3 s.
            "phasor.security.requests-per-minute=20",
            "phasor.security.bytes-per-day=100000B"
        })
class GrpcStreamQuotaTest extends GrpcServiceTest {

    private static final int SENT = 200;

    private static ModelInferRequest request(int samples) {
        return GrpcClient.raw(
                        "stft",
                        Map.of("audio", Sent.of(new float[samples], 1, samples)),
                        Map.of("n_fft", 64, "hop_length", 64))
                .build();
    }

    private static Metadata key(String key) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), key);
        return headers;
    }

    private static final class Answers<A> implements StreamObserver<A> {

        private final AtomicInteger count = new AtomicInteger();
        private final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onNext(A answer) {
            count.incrementAndGet();
        }

        @Override
        public void onError(Throwable fault) {
            end.complete(Status.fromThrowable(fault));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }

        Status end() throws Exception {
            return end.get(60, TimeUnit.SECONDS);
        }
    }

    private StreamObserver<ModelInferRequest> stream(String key, StreamObserver<ModelStreamInferResponse> answers) {
        return client.async()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key(key)))
                .modelStreamInfer(answers);
    }

    private static <T> void send(int times, T message, StreamObserver<T> stream) {
        for (int i = 0; i < times; i++) {
            stream.onNext(message);
        }
        stream.onCompleted();
    }

    @Test
    void eachMessageOfAStreamTakesARequestOfTheRate() throws Exception {
        Answers<ModelStreamInferResponse> answers = new Answers<>();

        send(SENT, request(1), stream("friend", answers));

        assertThat(answers.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(answers.end().getDescription()).contains("20 requests a minute");
        // One more comes in 3 s, and the service needs less for all.
        assertThat(answers.count.get()).isBetween(20, 40);
    }

    /** 20 kB in and 21 kB out, again and again, of 100 kB a day. */
    @Test
    void eachAnswerOfAStreamTakesItsBytes() throws Exception {
        Answers<ModelStreamInferResponse> answers = new Answers<>();

        send(10, request(5_000), stream("open-sesame", answers));

        // A message that is refused while it arrives cuts a stream that has been answered.
        assertThat(answers.end().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        assertThat(answers.count.get()).isBetween(2, 3);
        await().untilAsserted(() ->
                assertThat(metrics()).contains("phasor_requests_total{key=\"ali\",status=\"RESOURCE_EXHAUSTED\"} 1.0"));
    }

    @Test
    void eachQuestionOfReflectionTakesARequest() throws Exception {
        Answers<ServerReflectionResponse> answers = new Answers<>();

        send(
                SENT,
                ServerReflectionRequest.newBuilder().setListServices("").build(),
                ServerReflectionGrpc.newStub(client.channel())
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key("hurry")))
                        .serverReflectionInfo(answers));

        assertThat(answers.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(answers.count.get()).isLessThanOrEqualTo(40);
    }

    /** What needs no key takes none of a rate. */
    @Test
    void healthIsFree() {
        for (int i = 0; i < 50; i++) {
            assertThat(client.stub()
                            .serverLive(ServerLiveRequest.getDefaultInstance())
                            .getLive())
                    .isTrue();
        }
    }
}
