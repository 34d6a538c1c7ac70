package dev.phasor.web;

import static dev.phasor.web.InferenceBody.HEADER_LENGTH;
import static dev.phasor.web.InferenceBody.data;
import static dev.phasor.web.InferenceBody.header;
import static dev.phasor.web.InferenceBody.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.phasor.Bytes;
import dev.phasor.web.GrpcClient.Sent;
import dev.phasor.web.model.Model;
import inference.InferTensorContents;
import inference.ModelConfigRequest;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelInput;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import inference.ModelStatistics;
import inference.ModelStatisticsRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Open Inference Protocol over gRPC; the numbers are those of /v2, bit for bit. */
class GrpcTest extends GrpcServiceTest {

    private static final int BINS = 33;
    private static final int FRAMES = 9;
    private static final Map<String, Object> TRANSFORM = Map.of("n_fft", 64, "hop_length", 16);
    private static final Sent AUDIO = Sent.of(noise(1600, 1), 2, 800);
    private static final Sent Z = Sent.of(noise(2 * BINS * FRAMES, 2), 1, 2, BINS, FRAMES);
    private static final Sent MAGNITUDE = Sent.of(magnitudes(BINS * FRAMES, 3), 1, BINS, FRAMES);
    private static final Sent REAL = Sent.of(noise(BINS * FRAMES, 4), 1, BINS, FRAMES);
    private static final Map<String, Object> MEL =
            Map.of("n_fft", 64, "hop_length", 16, "n_mels", 8, "sample_rate", 16000);

    @Autowired
    private ApplicationContext context;

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("stft", Map.of("audio", AUDIO), TRANSFORM),
                Arguments.of("mel", Map.of("audio", AUDIO), MEL),
                Arguments.of("mel_vjp", Map.of("audio", AUDIO, "cotangent", Sent.of(noise(816, 5), 2, 8, 51)), MEL),
                Arguments.of("istft", Map.of("spectrogram", Z), TRANSFORM),
                Arguments.of("phase", Map.of("audio", AUDIO), TRANSFORM),
                Arguments.of("phase", Map.of("spectrogram", Z), Map.of("floor", 1e-4)),
                Arguments.of(
                        "phase_vjp", Map.of("spectrogram", Z, "cotangent", REAL), Map.of("gradient_policy", "exact")),
                Arguments.of(
                        "reconstruct",
                        Map.of("magnitude", MAGNITUDE),
                        Map.of("n_fft", 64, "hop_length", 16, "algorithm", "griffinlim", "n_iter", 5)),
                Arguments.of("reconstruct", Map.of("spectrogram", Z, "magnitude", MAGNITUDE), TRANSFORM),
                Arguments.of(
                        "reconstruct_vjp",
                        Map.of("spectrogram", Z, "target", Sent.of(noise(128, 6), 1, 128)),
                        Map.of("hop_length", 16, "loss", "mse", "center", true)),
                Arguments.of(
                        "stretch",
                        Map.of("audio", AUDIO),
                        Map.of("n_fft", 64, "hop_length", 16, "rate", 0.8, "n_iter", 3)),
                Arguments.of(
                        "separate",
                        Map.of("audio", Sent.of(noise(128, 6), 1, 128), "mask", MASK),
                        Map.of("hop_length", 16)),
                Arguments.of(
                        "separate_vjp",
                        Map.of(
                                "audio",
                                Sent.of(noise(128, 6), 1, 128),
                                "mask",
                                MASK,
                                "cotangent",
                                Sent.of(noise(256, 8), 2, 1, 128)),
                        Map.of("hop_length", 16, "n_iter", 3)));
    }

    /** Parts of two sources, n_fft 64 and hop 16. */
    private static final Sent MASK = Sent.of(half(2 * 33 * 9), 2, 1, 33, 9);

    private static float[] half(int count) {
        float[] half = new float[count];
        Arrays.fill(half, 0.5f);
        return half;
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyModelAnswersTheBitsOfV2(String model, Map<String, Sent> inputs, Map<String, Object> parameters) {
        Map<String, ByteString> expected = v2(model, inputs, parameters);

        ModelInferResponse raw = client.stub()
                .modelInfer(GrpcClient.raw(model, inputs, parameters).build());
        ModelInferResponse typed = client.stub()
                .modelInfer(GrpcClient.typed(model, inputs, parameters).build());

        assertThat(GrpcClient.outputs(raw)).isEqualTo(expected);
        assertThat(GrpcClient.outputs(typed)).isEqualTo(expected);
        assertThat(raw.getModelName()).isEqualTo(model);
        assertThat(raw.getModelVersion()).isEqualTo("1");
        assertThat(raw.getOutputsList()).allMatch(output -> output.getDatatype().equals("FP32"));
        assertThat(raw.getParametersMap()).containsKey("milliseconds");
    }

    /** What /v2 answers, as binary tensors. */
    private Map<String, ByteString> v2(String model, Map<String, Sent> inputs, Map<String, Object> parameters) {
        List<Map.Entry<String, Sent>> ordered = List.copyOf(inputs.entrySet());
        Map<String, Object> all = new java.util.HashMap<>(parameters);
        all.put("binary_data_output", true);
        String head = JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "parameters",
                        all,
                        "inputs",
                        ordered.stream()
                                .map(input -> Map.of(
                                        "name",
                                        input.getKey(),
                                        "datatype",
                                        "FP32",
                                        "shape",
                                        input.getValue().shape(),
                                        "parameters",
                                        Map.of(
                                                "binary_data_size",
                                                Float.BYTES * input.getValue().values().length)))
                                .toList()));
        HttpResponse<byte[]> response = post(
                "/v2/models/" + model + "/infer",
                "application/octet-stream",
                join(
                        head,
                        ordered.stream()
                                .map(input -> Bytes.floats(input.getValue().values()))
                                .toArray(byte[][]::new)),
                HEADER_LENGTH,
                String.valueOf(head.length()));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        byte[] bytes = data(response, response.body());
        Map<String, ByteString> outputs = new java.util.LinkedHashMap<>();
        int at = 0;
        for (JsonNode output : header(response, response.body()).get("outputs")) {
            int size = output.at("/parameters/binary_data_size").asInt();
            outputs.put(output.get("name").asString(), ByteString.copyFrom(bytes, at, size));
            at += size;
        }
        return outputs;
    }

    @Test
    void doublesAreRoundedAsThoseOfV2() {
        double[] values = {0.1, -1.0 / 3, 1e-300, 0.7, 0.25, 1, -1, 0.5};
        ModelInferRequest.Builder raw = GrpcClient.request("stft", Map.of("n_fft", 4, "hop_length", 1))
                .addInputs(GrpcClient.tensor("audio", "FP64", 1, 8))
                .addRawInputContents(ByteString.copyFrom(Bytes.doubles(values)));
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        Arrays.stream(values).forEach(contents::addFp64Contents);
        ModelInferRequest.Builder typed = GrpcClient.request("stft", Map.of("n_fft", 4, "hop_length", 1))
                .addInputs(GrpcClient.tensor("audio", "FP64", 1, 8).setContents(contents));
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }

        Map<String, ByteString> expected =
                v2("stft", Map.of("audio", Sent.of(rounded, 1, 8)), Map.of("n_fft", 4, "hop_length", 1));

        assertThat(GrpcClient.outputs(client.stub().modelInfer(raw.build()))).isEqualTo(expected);
        assertThat(GrpcClient.outputs(client.stub().modelInfer(typed.build()))).isEqualTo(expected);
    }

    /** The upper halves of float32, on both faces. */
    @Test
    void bfloat16IsReadOnBothFaces() {
        float[] values = {1, -0.5f, 0.15625f, 3, -0f, 2};
        ByteBuffer halves = Bytes.littleEndian(2 * values.length);
        for (float value : values) {
            halves.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        }
        String head = "{\"inputs\": [{\"name\": \"spectrogram\", \"shape\": [1, 2, 1, 3], \"datatype\": \"BF16\", "
                + "\"parameters\": {\"binary_data_size\": 12}}], \"parameters\": {\"binary_data_output\": true}}";
        Map<String, ByteString> expected = v2("phase", Map.of("spectrogram", Sent.of(values, 1, 2, 1, 3)), Map.of());

        HttpResponse<byte[]> http = post(
                "/v2/models/phase/infer",
                "application/octet-stream",
                join(head, halves.array()),
                HEADER_LENGTH,
                String.valueOf(head.length()));
        ModelInferResponse grpc = client.stub()
                .modelInfer(GrpcClient.request("phase", Map.of())
                        .addInputs(GrpcClient.tensor("spectrogram", "BF16", 1, 2, 1, 3))
                        .addRawInputContents(ByteString.copyFrom(halves.array()))
                        .build());

        assertThat(ByteString.copyFrom(data(http, http.body()))).isEqualTo(expected.get("phase"));
        assertThat(GrpcClient.outputs(grpc)).isEqualTo(expected);
    }

    /** The message is written by model_infer_request.py, without protobuf. */
    @Test
    void aMessageThatAScriptWroteIsAnsweredRight() throws Exception {
        byte[] golden = bytes(Path.of("src", "test", "resources", "golden", "grpc", "model_infer_request.bin"));
        float[] z = {0, 1e-20f, 3, -1, 2, 1, 0, 1e-20f, 4, 0, -2, 1};

        ModelInferResponse response = client.stub().modelInfer(ModelInferRequest.parseFrom(golden));

        assertThat(response.getId()).isEqualTo("forty-two");
        assertThat(response.getOutputs(0).getShapeList()).containsExactly(1L, 2L, 3L);
        float[] phase = Bytes.toFloats(response.getRawOutputContents(0).toByteArray());
        for (int i = 0; i < phase.length; i++) {
            assertThat(phase[i])
                    .isCloseTo((float) Math.atan2(z[6 + i], z[i]), org.assertj.core.api.Assertions.within(1e-6f));
        }
    }

    @Test
    void outputsComeAsAskedForAndTheIdComesBack() {
        ModelInferRequest request = GrpcClient.raw(
                        "reconstruct_vjp",
                        Map.of("spectrogram", Z, "target", Sent.of(noise(128, 6), 1, 128)),
                        Map.of("hop_length", 16, "loss", "mse"))
                .setId("7")
                .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("loss"))
                .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("gradient"))
                .build();

        ModelInferResponse response = client.stub().modelInfer(request);

        assertThat(response.getId()).isEqualTo("7");
        assertThat(GrpcClient.outputs(response).keySet()).containsExactly("loss", "gradient");
        assertThat(response.getOutputs(0).getShapeList()).containsExactly(1L);
    }

    @Test
    void aCompressedMessageIsReadAndACompressedAnswerWritten() {
        ModelInferRequest request =
                GrpcClient.raw("stft", Map.of("audio", AUDIO), TRANSFORM).build();

        assertThat(GrpcClient.outputs(client.stub().withCompression("gzip").modelInfer(request)))
                .isEqualTo(v2("stft", Map.of("audio", AUDIO), TRANSFORM));
    }

    // ---------- health, metadata, statistics

    @Test
    void serverAndModelsAreLiveAndReady() {
        assertThat(client.stub()
                        .serverLive(ServerLiveRequest.getDefaultInstance())
                        .getLive())
                .isTrue();
        assertThat(client.stub()
                        .serverReady(ServerReadyRequest.getDefaultInstance())
                        .getReady())
                .isTrue();
        assertThat(client.stub()
                        .modelReady(
                                ModelReadyRequest.newBuilder().setName("stft").build())
                        .getReady())
                .isTrue();
        assertThat(client.stub()
                        .serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("phasor");
    }

    @Test
    void healthIsReadiness() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(client.channel());
        HealthCheckRequest ours = HealthCheckRequest.newBuilder()
                .setService("inference.GRPCInferenceService")
                .build();
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);

        AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        try {
            assertThat(health.check(ours).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            assertThat(client.stub()
                            .serverReady(ServerReadyRequest.getDefaultInstance())
                            .getReady())
                    .isFalse();
        } finally {
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
        }
        assertThat(health.check(ours).getStatus()).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void reflectionNamesTheServicesAndTheirMessages() throws Exception {
        BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
        StreamObserver<ServerReflectionRequest> asked =
                ServerReflectionGrpc.newStub(client.channel()).serverReflectionInfo(new Collected<>(answers));
        asked.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        asked.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("inference.GRPCInferenceService")
                .build());

        assertThat(answers.poll(20, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains("inference.GRPCInferenceService", "grpc.health.v1.Health");
        assertThat(answers.poll(20, TimeUnit.SECONDS)
                        .getFileDescriptorResponse()
                        .getFileDescriptorProtoCount())
                .isPositive();
        asked.onCompleted();
    }

    /** What both faces say of each model is the same. */
    @ParameterizedTest
    @MethodSource("dev.phasor.web.GrpcTest#names")
    void metadataAndConfigurationAreThoseOfV2(String model) {
        JsonNode metadata = json(get("/v2/models/" + model));
        JsonNode config = json(get("/v2/models/" + model + "/config"));
        var told = client.stub()
                .modelMetadata(ModelMetadataRequest.newBuilder().setName(model).build());
        var configured = client.stub()
                .modelConfig(ModelConfigRequest.newBuilder().setName(model).build())
                .getConfig();

        assertThat(told.getInputsList().stream()
                        .map(input -> input.getName() + input.getDatatype() + input.getShapeList())
                        .toList())
                .isEqualTo(metadata.get("inputs")
                        .valueStream()
                        .map(input -> input.get("name").asString()
                                + input.get("datatype").asString()
                                + input.get("shape").toString().replace(",", ", "))
                        .toList());
        assertThat(configured.getInputList().stream()
                        .map(input -> input.getName() + input.getDataType() + input.getDimsList() + input.getOptional())
                        .toList())
                .isEqualTo(config.get("input")
                        .valueStream()
                        .map(input -> input.get("name").asString()
                                + input.get("data_type").asString()
                                + input.get("dims").toString().replace(",", ", ")
                                + input.get("optional").asBoolean())
                        .toList());
        assertThat(told.getOutputsCount()).isEqualTo(config.get("output").size());
    }

    static Stream<String> names() {
        return models().map(arguments -> (String) arguments.get()[0]).distinct();
    }

    @Test
    void theModelsAreListed() {
        assertThat(json(get("/v2/models")).get("models").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(names().collect(Collectors.toSet()));
    }

    /** Requests of both faces count, those that failed too. */
    @Test
    void statisticsCountRequestsOfBothFaces() {
        ModelStatisticsRequest asked =
                ModelStatisticsRequest.newBuilder().setName("istft").build();
        ModelStatistics before = client.stub().modelStatistics(asked).getModelStats(0);

        client.stub()
                .modelInfer(GrpcClient.raw("istft", Map.of("spectrogram", Z), TRANSFORM)
                        .build());
        v2("istft", Map.of("spectrogram", Z), TRANSFORM);
        try {
            client.stub().modelInfer(GrpcClient.request("istft", Map.of()).build());
        } catch (io.grpc.StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
        }

        await().untilAsserted(() -> {
            ModelStatistics after = client.stub().modelStatistics(asked).getModelStats(0);
            assertThat(after.getExecutionCount() - before.getExecutionCount()).isEqualTo(2);
            assertThat(after.getInferenceCount() - before.getInferenceCount()).isEqualTo(2);
            assertThat(after.getInferenceStats().getFail().getCount()
                            - before.getInferenceStats().getFail().getCount())
                    .isEqualTo(1);
            assertThat(after.getInferenceStats().getComputeInfer().getNs()).isPositive();
            JsonNode http = json(get("/v2/models/istft/stats")).at("/model_stats/0");
            assertThat(http.get("execution_count").asLong()).isEqualTo(after.getExecutionCount());
            assertThat(http.at("/inference_stats/success/ns").asLong())
                    .isEqualTo(after.getInferenceStats().getSuccess().getNs());
            assertThat(json(get("/v2/models/stats")).get("model_stats"))
                    .hasSize(Model.values().length)
                    .contains(http);
        });
        assertThat(client.stub()
                        .modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                        .getModelStatsCount())
                .isEqualTo(Model.values().length);
    }

    /** One signal of two sources is one item. */
    @ParameterizedTest
    @ValueSource(strings = {"separate", "separate_vjp"})
    void sourcesAreNotItems(String model) {
        ModelStatisticsRequest asked =
                ModelStatisticsRequest.newBuilder().setName(model).build();
        long before = client.stub().modelStatistics(asked).getModelStats(0).getInferenceCount();
        Map<String, Sent> inputs =
                new java.util.HashMap<>(Map.of("audio", Sent.of(noise(128, 6), 1, 128), "mask", MASK));
        if (model.equals("separate_vjp")) {
            inputs.put("cotangent", Sent.of(noise(256, 8), 2, 1, 128));
        }

        client.stub()
                .modelInfer(GrpcClient.raw(model, inputs, Map.of("hop_length", 16, "n_iter", 3))
                        .build());

        await().untilAsserted(() -> assertThat(
                        client.stub().modelStatistics(asked).getModelStats(0).getInferenceCount())
                .isEqualTo(before + 1));
    }

    @Test
    void aRequiredInputIsNotOptional() {
        assertThat(client
                        .stub()
                        .modelConfig(
                                ModelConfigRequest.newBuilder().setName("mel").build())
                        .getConfig()
                        .getInputList()
                        .stream()
                        .filter(input -> !input.getOptional())
                        .map(ModelInput::getName))
                .containsExactly("audio");
    }
}
