package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.phasor.Bytes;
import dev.phasor.web.GrpcClient.Sent;
import inference.GRPCInferenceServiceGrpc;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelReadyRequest;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.test.context.TestPropertySource;

/** Every way to be wrong is a status of the client's, whose text names the field, the rule and the value. */
@TestPropertySource(properties = "phasor.limits.max-upload=100KB")
class GrpcErrorsTest extends GrpcServiceTest {

    private static final Sent Z = Sent.of(new float[] {1, 1}, 1, 2, 1, 1);

    private static ModelInferRequest.Builder good() {
        return GrpcClient.raw("phase", Map.of("spectrogram", Z), Map.of());
    }

    private static ModelInferRequest.Builder with(String parameter, Object value) {
        return GrpcClient.raw("phase", Map.of("spectrogram", Z), Map.of(parameter, value));
    }

    private static ModelInferRequest.Builder shaped(String name, String datatype, int bytes, long... shape) {
        return GrpcClient.request("phase", Map.of())
                .addInputs(GrpcClient.tensor(name, datatype, shape))
                .addRawInputContents(ByteString.copyFrom(new byte[bytes]));
    }

    private static ModelInferRequest.Builder typed(String datatype, InferTensorContents.Builder contents) {
        return GrpcClient.request("phase", Map.of())
                .addInputs(GrpcClient.tensor("audio", datatype, 1, 1).setContents(contents));
    }

    private static InferTensorContents.Builder one() {
        return InferTensorContents.newBuilder().addFp32Contents(1);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("inputs must be given", GrpcClient.request("phase", Map.of())),
                Arguments.of(
                        "inputs[0].name must be one of [audio, spectrogram], got sound",
                        shaped("sound", "FP32", 4, 1, 1)),
                Arguments.of(
                        "inputs[0].datatype must be one of [FP16, BF16, FP32, FP64], got INT32",
                        shaped("audio", "INT32", 4, 1, 1)),
                Arguments.of("the shape of audio must be [-1, -1]", shaped("audio", "FP32", 4, 1)),
                Arguments.of("inputs[0].shape[1] must be in 0..2147483647, got -1", shaped("audio", "FP32", 4, 1, -1)),
                Arguments.of(
                        "inputs[0]'s raw_input_contents must be 4 bytes for FP32 of shape [1, 1], got 8",
                        shaped("audio", "FP32", 8, 1, 1)),
                Arguments.of(
                        "raw_input_contents must be as many as inputs, 1, got 2",
                        good().addRawInputContents(ByteString.EMPTY)),
                Arguments.of(
                        "inputs[0].contents must be left out where raw_input_contents is given, got both",
                        typed("FP32", one()).addRawInputContents(ByteString.copyFrom(new byte[4]))),
                Arguments.of("inputs[0].contents must be left out for BF16", typed("BF16", one())),
                Arguments.of(
                        "inputs[0].contents must be fp64_contents for FP64, got fp32_contents", typed("FP64", one())),
                Arguments.of("inputs[0].contents must hold 1 numbers, got 2", typed("FP32", one().addFp32Contents(1))),
                Arguments.of(
                        "contents must be fp32_contents or fp64_contents",
                        typed("FP32", InferTensorContents.newBuilder().addIntContents(1))),
                Arguments.of(
                        "inputs[0].contents must hold 1 numbers, got 0",
                        GrpcClient.request("phase", Map.of()).addInputs(GrpcClient.tensor("audio", "FP32", 1, 1))),
                Arguments.of(
                        "the input spectrogram must be given once",
                        good().addInputs(good().getInputs(0)).addRawInputContents(good().getRawInputContents(0))),
                Arguments.of(
                        "spectrogram must be finite",
                        GrpcClient.raw(
                                "phase",
                                Map.of("spectrogram", Sent.of(new float[] {1, Float.NaN}, 1, 2, 1, 1)),
                                Map.of())),
                Arguments.of(
                        "outputs[0].name must be one of [phase], got sound",
                        good().addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                                .setName("sound"))),
                Arguments.of("the name of a parameter of phase must be one of n_fft,", with("n_fft_", 4)),
                Arguments.of("floor must be a finite number", with("floor", -1.0)),
                Arguments.of("n_fft must be", with("n_fft", 4.5)),
                Arguments.of("parameters.layout must be subbands", with("layout", "complex")),
                Arguments.of("parameters.response_format must be left out", with("response_format", "wav")),
                Arguments.of(
                        "parameters.floor must be a string, a number or a boolean",
                        good().putParameters("floor", InferParameter.getDefaultInstance())),
                Arguments.of("id must be at most 1024 characters, got 1025 of them", good().setId("x".repeat(1025))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void whatIsWrongIsNamed(String message, ModelInferRequest.Builder request) {
        StatusRuntimeException refused = refused(() -> client.stub().modelInfer(request.build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).contains(message);
    }

    @Test
    void anUnknownModelOrVersionIsNotFound() {
        StatusRuntimeException model = refused(
                () -> client.stub().modelInfer(good().setModelName("phases").build()));
        StatusRuntimeException version = refused(
                () -> client.stub().modelInfer(good().setModelVersion("2").build()));
        StatusRuntimeException ready = refused(() -> client.stub()
                .modelReady(ModelReadyRequest.newBuilder().setName("nothing").build()));

        assertThat(model.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(model.getStatus().getDescription()).startsWith("the model must be one of [stft, mel,");
        assertThat(version.getStatus().getDescription()).isEqualTo("the version of model phase must be 1, got 2");
        assertThat(ready.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    /** The stable code, and the id that came with the request. */
    @Test
    void trailersHaveTheCodeAndTheId() {
        Metadata headers = new Metadata();
        Metadata.Key<String> id = Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
        headers.put(id, "mine");

        StatusRuntimeException refused = refused(() -> client.stub()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .modelInfer(with("n_fft_", 4).build()));

        assertThat(refused.getTrailers().get(Metadata.Key.of("phasor-code", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("bad_parameter");
        assertThat(refused.getTrailers().get(id)).isEqualTo("mine");
    }

    @Test
    void anAnswerCarriesTheId() {
        Metadata headers = new Metadata();
        Metadata.Key<String> id = Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
        headers.put(id, "mine");
        AtomicReference<Metadata> answered = new AtomicReference<>();

        client.stub()
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(headers),
                        MetadataUtils.newCaptureMetadataInterceptor(answered, new AtomicReference<>()))
                .modelInfer(good().build());

        assertThat(Objects.requireNonNull(answered.get()).get(id)).isEqualTo("mine");
    }

    @Test
    void aMessageThatIsTooLargeIsRefusedByItsLength() {
        StatusRuntimeException refused = refused(() -> client.stub()
                .modelInfer(shaped("audio", "FP32", 200_000, 1, 50_000).build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    /** 200 kB of zeros in a few hundred bytes. */
    @Test
    void aCompressedMessageIsTooLargeByItsOwnLength() {
        StatusRuntimeException refused = refused(() -> client.stub()
                .withCompression("gzip")
                .modelInfer(shaped("audio", "FP32", 200_000, 1, 50_000).build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    /** An empty field of two bytes would be an object of a hundred. */
    @Test
    void aMessageOfManyFieldsIsNotParsed() throws IOException {
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(many);
        for (int i = 0; i < 40_000; i++) {
            out.writeByteArray(ModelInferRequest.INPUTS_FIELD_NUMBER, new byte[0]);
        }
        out.flush();

        StatusRuntimeException refused = refused(() -> send(many.toByteArray()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription())
                .isEqualTo("the fields of the request must be at most 2048 in number, got more");
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        StatusRuntimeException refused = refused(() -> send(new byte[] {0x0a, 0x7f, 1, 2}));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).startsWith("the message must be a ModelInferRequest");
    }

    /** After whatever went wrong. */
    @Test
    void theServiceAnswersOn() {
        refused(() -> send(new byte[] {7}));

        float[] phase = Bytes.toFloats(
                client.stub().modelInfer(good().build()).getRawOutputContents(0).toByteArray());

        assertThat(phase[0]).isCloseTo((float) (Math.PI / 4), within(1e-6f));
    }

    /** Sends bytes as a request. */
    private ModelInferResponse send(byte[] message) {
        MethodDescriptor<byte[], ModelInferResponse> method = GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder(
                        new MethodDescriptor.Marshaller<byte[]>() {
                            @Override
                            public InputStream stream(byte[] value) {
                                return new ByteArrayInputStream(value);
                            }

                            @Override
                            public byte[] parse(InputStream stream) {
                                throw new UnsupportedOperationException();
                            }
                        },
                        GRPCInferenceServiceGrpc.getModelInferMethod().getResponseMarshaller())
                .build();
        return ClientCalls.blockingUnaryCall(client.channel(), method, CallOptions.DEFAULT, message);
    }

    private static StatusRuntimeException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(StatusRuntimeException.class, call));
    }
}
