package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import dev.phasor.web.GrpcClient.Sent;
import dev.phasor.web.access.ApiKeys;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelInferRequest;
import inference.ModelStreamInferResponse;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Calls have the keys, rates and quotas of HTTP's requests. */
@TestPropertySource(
        properties = {
            // SHA-256 of "open-sesame", "friend", "hurry", "chunks" and "sequence".
            "phasor.security.keys.ali=d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7",
            "phasor.security.keys.gandalf=CDE48537CA2C28084FF560826D0E6388B7C57A51497A6CB56F397289E52FF41B",
            "phasor.security.keys.rabbit=f6002cbceb8c0327d974714b8f7a4ba28e25f0b7cbe216a719c35ced1fe9647f",
            "phasor.security.keys.stream=903998a13c26111438bcdf5ccf829e38beea39f5c240f35fb2f398d206dedd10",
            "phasor.security.keys.live=bf37c7c208717d6de100ce851b48273f8d5d945c8dc64fc64372087ffcf88ba9",
            "phasor.security.requests-per-minute=20",
            "phasor.security.bytes-per-day=100000B"
        })
class GrpcKeysTest extends GrpcServiceTest {

    private static final ModelInferRequest SMALL = request(100);

    private static ModelInferRequest request(int samples) {
        return GrpcClient.raw(
                        "stft",
                        Map.of("audio", Sent.of(new float[samples], 1, samples)),
                        Map.of("n_fft", 64, "hop_length", 64))
                .build();
    }

    @Autowired
    private ApiKeys keys;

    private GRPCInferenceServiceBlockingStub with(String header, String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
        return client.stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @ParameterizedTest
    @CsvSource({"authorization, Bearer open-sesame", "x-api-key, friend"})
    void aKeyOpens(String header, String value) {
        assertThat(with(header, value).modelInfer(SMALL).getOutputsCount()).isEqualTo(1);
    }

    @Test
    void theServicesOwnKeyOpensUntilItIsClosed() {
        String secret;
        try (ApiKeys.Own own = keys.own()) {
            secret = own.secret();
            assertThat(with("x-api-key", secret).modelInfer(SMALL).getOutputsCount())
                    .isEqualTo(1);
        }

        assertThat(refused(() -> with("x-api-key", secret).modelInfer(SMALL))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void withoutAKeyEverythingButHealthIsShut() {
        StatusRuntimeException infer = refused(() -> client.stub().modelInfer(SMALL));
        StatusRuntimeException metadata =
                refused(() -> client.stub().serverMetadata(ServerMetadataRequest.getDefaultInstance()));

        assertThat(infer.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(infer.getStatus().getDescription()).contains("Authorization: Bearer", "X-API-Key");
        assertThat(metadata.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThatCode(() -> client.stub().serverLive(ServerLiveRequest.getDefaultInstance()))
                .doesNotThrowAnyException();
        assertThatCode(() ->
                        HealthGrpc.newBlockingStub(client.channel()).check(HealthCheckRequest.getDefaultInstance()))
                .doesNotThrowAnyException();
    }

    @Test
    void anUnknownKeyDoesNotOpen() {
        StatusRuntimeException refused =
                refused(() -> with("authorization", "Bearer open-sesame2").modelInfer(SMALL));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refused.getStatus().getDescription()).isEqualTo("the key is not one of this service's");
    }

    @Test
    void pastTheRateIsResourceExhaustedWithTheTimeToWait() throws Exception {
        GRPCInferenceServiceBlockingStub hurried = with("x-api-key", "hurry");
        StatusRuntimeException refused = refused(() -> {
            for (int i = 0; i < 40; i++) {
                hurried.modelInfer(SMALL);
            }
        });

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getStatus().getDescription()).contains("20 requests a minute");
        RetryInfo retry = Objects.requireNonNull(StatusProto.fromThrowable(refused))
                .getDetails(0)
                .unpack(RetryInfo.class);
        assertThat(retry.getRetryDelay().getSeconds()).isBetween(1L, 3L);
    }

    /** 60 kB in and 62 kB out are more than the 100 kB of a day. */
    @Test
    void bytesCountBothWays() {
        assertThat(with("authorization", "Bearer chunks")
                        .modelInfer(request(15_000))
                        .getOutputsCount())
                .isEqualTo(1);

        StatusRuntimeException refused =
                refused(() -> with("authorization", "Bearer chunks").modelInfer(request(15_000)));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getStatus().getDescription()).contains("bytes a day");
        await().untilAsserted(() -> assertThat(metrics())
                .contains(
                        "phasor_requests_total{key=\"stream\",status=\"RESOURCE_EXHAUSTED\"} 1.0",
                        "phasor_problems_total{code=\"quota_exceeded\"}"));
    }

    /** Its answers are charged while the stream goes on: samples of one hop are 66 times their bytes. */
    @Test
    void aSequenceCountsForTheQuota() throws Exception {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), "sequence");
        try (GrpcSequence stream = new GrpcSequence(client.channel(), headers)) {
            stream.send(GrpcSequence.start("stft", 1, Map.of("n_fft", 64, "hop_length", 1)));
            stream.right();
            stream.send(GrpcSequence.with(GrpcSequence.next("stft", 1, false), "audio", new float[1000], 1, 1000));
            ModelStreamInferResponse answer = stream.hear();
            while (answer.getErrorMessage().isEmpty()) {
                answer = stream.hear();
            }

            assertThat(answer.getErrorMessage()).contains("bytes a day");
            assertThat(answer.getInferResponse()
                            .getParametersOrThrow("phasor_code")
                            .getStringParam())
                    .isEqualTo("quota_exceeded");
        }
        try (GrpcSequence keyless = new GrpcSequence(client.channel())) {
            keyless.send(GrpcSequence.start("stft", 1, Map.of()));
            assertThat(keyless.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    private static StatusRuntimeException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(StatusRuntimeException.class, call));
    }
}
