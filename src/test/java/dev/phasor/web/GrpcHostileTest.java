package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.web.GrpcClient.Sent;
import inference.GRPCInferenceServiceGrpc;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What a client may send in bytes that mean little: of every method's messages so much is read, and no more. */
class GrpcHostileTest extends GrpcServiceTest {

    /** Bytes that no method but those of inference may read. */
    private static final int MOST = 16 << 10;

    @Autowired
    private MemoryBudget budget;

    @Autowired
    private MeterRegistry meters;

    @AfterEach
    void nothingIsHeld() {
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(budget.reserved()).isZero());
    }

    private double tooLarge() {
        Counter counter =
                meters.find("phasor.problems").tag("code", "too_large").counter();
        return counter == null ? 0 : counter.count();
    }

    static Stream<String> smallMethods() {
        return Stream.concat(
                GRPCInferenceServiceGrpc.getServiceDescriptor().getMethods().stream()
                        .map(MethodDescriptor::getFullMethodName)
                        .filter(name -> !name.endsWith("Infer")),
                Stream.of(
                        HealthGrpc.getCheckMethod().getFullMethodName(),
                        HealthGrpc.getWatchMethod().getFullMethodName(),
                        ServerReflectionGrpc.getServerReflectionInfoMethod().getFullMethodName()));
    }

    /** Two megabytes of zeros in one unknown field, in two kilobytes. */
    @ParameterizedTest
    @MethodSource("smallMethods")
    void aSmallMessageIsBoundedWhileItIsInflated(String method) throws IOException {
        StatusRuntimeException refused = refused(method, unknown(1, 2 << 20), "gzip");

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getStatus().getDescription()).contains("at most " + MOST + " bytes, got more");
    }

    @ParameterizedTest
    @MethodSource("smallMethods")
    void aSmallMessageIsBoundedWhileItArrives(String method) throws IOException {
        double before = tooLarge();

        StatusRuntimeException refused = refused(method, unknown(1, 2 * MOST), "identity");

        // A client that still sends may see the stream's end before the reason.
        assertThat(refused.getStatus().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        assertThat(tooLarge()).isEqualTo(before + 1);
    }

    /** Each field of two bytes would be an object. */
    @ParameterizedTest
    @MethodSource("smallMethods")
    void theUnknownFieldsOfASmallMessageAreCounted(String method) throws IOException {
        StatusRuntimeException refused = refused(method, unknown(65, 0), "identity");

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription())
                .isEqualTo("the fields of the request must be at most 64 in number, got more");
    }

    @ParameterizedTest
    @MethodSource("smallMethods")
    void bytesThatAreNoMessageAreRefused(String method) {
        StatusRuntimeException refused = refused(method, new byte[] {0x0a, 0x7f, 1, 2}, "identity");

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).startsWith("the message must be a");
    }

    /** A packed list is one field, and each of its bytes a number. */
    @ParameterizedTest
    @ValueSource(ints = {9, 80, 81, 1 << 20})
    void theAxesOfAShapeAreCountedBeforeTheyAreParsed(int axes) throws IOException {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(input);
        byte[] ones = new byte[axes];
        java.util.Arrays.fill(ones, (byte) 1);
        out.writeByteArray(InferInputTensor.SHAPE_FIELD_NUMBER, ones);
        out.flush();

        StatusRuntimeException refused =
                refused(infer(), field(ModelInferRequest.INPUTS_FIELD_NUMBER, input.toByteArray()), "identity");

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription())
                .startsWith("the shape of an input must be at most 8 axes, got at least ");
    }

    /** A shape whose sizes stand in lists of their own, or one by one, is one shape. */
    @Test
    void theAxesOfAShapeAreCountedHoweverTheyCome() throws IOException {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(input);
        for (int i = 0; i < 4; i++) {
            out.writeByteArray(InferInputTensor.SHAPE_FIELD_NUMBER, new byte[] {1, 1});
            out.writeInt64(InferInputTensor.SHAPE_FIELD_NUMBER, 1);
        }
        out.flush();

        StatusRuntimeException refused =
                refused(infer(), field(ModelInferRequest.INPUTS_FIELD_NUMBER, input.toByteArray()), "identity");

        assertThat(refused.getStatus().getDescription()).contains("at most 8 axes, got at least 9");
    }

    /** Numbers in the place of lists of values would be kept as objects. */
    @ParameterizedTest
    @ValueSource(
            ints = {InferTensorContents.FP32_CONTENTS_FIELD_NUMBER, InferTensorContents.FP64_CONTENTS_FIELD_NUMBER})
    void numbersThatAreNoValuesAreRefused(int number) throws IOException {
        ByteArrayOutputStream contents = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(contents);
        out.writeInt32(number, 1);
        out.flush();
        byte[] input = field(InferInputTensor.CONTENTS_FIELD_NUMBER, contents.toByteArray());

        StatusRuntimeException refused =
                refused(infer(), field(ModelInferRequest.INPUTS_FIELD_NUMBER, input), "identity");

        assertThat(refused.getStatus().getDescription())
                .isEqualTo("contents must be fp32_contents or fp64_contents, as the datatype is, got field " + number);
    }

    /** A text is decoded to twice its bytes, and copied. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15})
    void namesAndUnknownFieldsOfARequestAreBounded(int number) throws IOException {
        StatusRuntimeException refused = refused(infer(), field(number, new byte[(1 << 20) + 1]), "gzip");

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getStatus().getDescription())
                .isEqualTo("the names and parameters of a request must be at most 1048576 bytes, got at least 1048577");
    }

    /** Values beside them may be longer. */
    @Test
    void longValuesAreAnswered() {
        int samples = 300_000;
        ModelInferRequest request = GrpcClient.raw(
                        "stft", Map.of("audio", Sent.of(new float[samples], 1, samples)), Map.of("n_fft", 256))
                .build();

        ByteString raw = client.stub().modelInfer(request).getRawOutputContents(0);

        assertThat(raw.size()).isGreaterThan(1 << 20);
    }

    private static String infer() {
        return GRPCInferenceServiceGrpc.getModelInferMethod().getFullMethodName();
    }

    /** Unknown fields of so many bytes each. */
    private static byte[] unknown(int count, int bytes) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            message.writeBytes(field(15, new byte[bytes]));
        }
        return message.toByteArray();
    }

    private static byte[] field(int number, byte[] content) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(message);
        out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(content.length);
        out.writeRawBytes(content);
        out.flush();
        return message.toByteArray();
    }

    private StatusRuntimeException refused(String method, byte[] message, String coding) {
        MethodDescriptor<byte[], byte[]> bytes = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodType.UNARY)
                .setFullMethodName(method)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        return Objects.requireNonNull(catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        client.channel(), bytes, CallOptions.DEFAULT.withCompression(coding), message)));
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
