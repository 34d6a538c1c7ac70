package dev.phasor.web;

import static dev.phasor.web.GrpcSequence.next;
import static dev.phasor.web.GrpcSequence.start;
import static dev.phasor.web.GrpcSequence.with;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.phasor.operation.Endpoint;
import dev.phasor.operation.LiveContract;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** Operations fed as sequences of requests on a stream. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"spring.grpc.server.port=0", "phasor.live.buffer=4KB"})
class GrpcLiveTest extends LiveContract {

    private static final Map<String, Object> SMALL = Map.of("n_fft", 64, "hop_length", 16);

    @Autowired
    private GrpcServerLifecycle server;

    private GrpcClient client;

    @BeforeEach
    void connect() {
        client = new GrpcClient(server.getPort());
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        client.close();
    }

    /** A tensor holds whole frames, so a cut within one is a cut after it. */
    @Override
    protected float[] feed(Fed fed, int[] cut) throws Exception {
        Map<String, Object> parameters = new HashMap<>(fed.parameters());
        parameters.remove("input");
        assumeFalse(parameters.containsKey("output"), "models answer complex frames alone");
        String model = fed.endpoint().wireName();
        String input = fed.inputs().keySet().iterator().next();
        try (GrpcSequence stream = new GrpcSequence(client.channel())) {
            ModelInferRequest.Builder request = start(model, 7, parameters);
            int requests = 0;
            int at = 0;
            int due = 0;
            for (int i = 0; i < cut.length; i++) {
                due += cut[i];
                // A value a message is as good as shown by the first hundred.
                int count = i == 100 ? fed.values().length - at : (due - at) / fed.frame() * fed.frame();
                if (count > 0) {
                    stream.send(tensor(request, fed, input, at, count));
                    request = next(model, 7, false);
                    at += count;
                    requests++;
                }
                if (at == fed.values().length) {
                    break;
                }
            }
            stream.send(
                    requests == 0
                            ? request.putParameters("sequence_end", GrpcClient.parameter(true))
                            : next(model, 7, true));
            return answered(stream, requests + 1, fed);
        }
    }

    private static ModelInferRequest.Builder tensor(
            ModelInferRequest.Builder request, Fed fed, String input, int at, int count) {
        int width = fed.frame();
        int frames = count / width;
        float[] values = new float[count];
        for (int frame = 0; frame < frames; frame++) {
            for (int bin = 0; bin < width; bin++) {
                // Complex frames come as pairs, and stand in a tensor as planes.
                int from = fed.endpoint() == Endpoint.ISTFT ? bin % (width / 2) * 2 + bin / (width / 2) : bin;
                values[bin * frames + frame] = fed.values()[at + frame * width + from];
            }
        }
        long[] shape =
                width == 1 && requireNonNull(fed.inputs().get(input)).shape().rank() == 1
                        ? new long[] {1, frames}
                        : fed.endpoint() == Endpoint.ISTFT
                                ? new long[] {1, 2, width / 2, frames}
                                : new long[] {1, width, frames};
        return with(request, input, values, shape);
    }

    /** The answers to so many requests, frames one behind the other. */
    private static float[] answered(GrpcSequence stream, int requests, Fed fed) throws Exception {
        float[] all = new float[0];
        for (int finals = 0; finals < requests; ) {
            ModelInferResponse answer = stream.right();
            List<Long> shape = answer.getOutputs(0).getShapeList();
            float[] values = GrpcSequence.output(answer);
            boolean complex = shape.size() == 4;
            int frames = Math.toIntExact(shape.get(shape.size() - 1));
            int width = frames == 0 ? 1 : values.length / frames;
            int start = all.length;
            all = Arrays.copyOf(all, start + values.length);
            for (int frame = 0; frame < frames; frame++) {
                for (int bin = 0; bin < width; bin++) {
                    int to = complex ? bin % (width / 2) * 2 + bin / (width / 2) : bin;
                    all[start + frame * width + to] = values[bin * frames + frame];
                }
            }
            finals += GrpcSequence.isLast(answer) ? 1 : 0;
            assertThat(answer.getParametersOrThrow("sequence_id").getInt64Param())
                    .isEqualTo(7);
        }
        return all;
    }

    private GrpcSequence stream() {
        return new GrpcSequence(client.channel());
    }

    private static float[] ones(int count) {
        float[] values = new float[count];
        Arrays.fill(values, 1);
        return values;
    }

    @Test
    void theFirstAnswerSaysTheLatencyAndTheLastOneReports() throws Exception {
        try (GrpcSequence stream = stream()) {
            stream.send(start("reconstruct", "a voice", SMALL).setId("first"));
            ModelInferResponse ready = stream.right();
            stream.send(with(next("reconstruct", "a voice", false), "magnitude", ones(33 * 20), 1, 33, 20));
            stream.right();
            stream.send(next("reconstruct", "a voice", true).setId("last"));
            ModelInferResponse report = stream.right();
            stream.halfClose();

            assertThat(ready.getId()).isEqualTo("first");
            assertThat(ready.getModelName()).isEqualTo("reconstruct");
            assertThat(ready.getModelVersion()).isEqualTo("1");
            assertThat(ready.getParametersOrThrow("sequence_id").getStringParam())
                    .isEqualTo("a voice");
            assertThat(ready.getParametersOrThrow("latency_samples").getInt64Param())
                    .isEqualTo(64 + 3 * 16);
            assertThat(ready.getParametersOrThrow("values_in").getInt64Param()).isEqualTo(33);
            assertThat(ready.getOutputs(0).getName()).isEqualTo("audio");
            assertThat(ready.getOutputs(0).getShapeList()).containsExactly(1L, 0L);
            assertThat(ready.getRawOutputContents(0).size()).isZero();
            assertThat(report.getId()).isEqualTo("last");
            assertThat(report.getParametersOrThrow("frames").getInt64Param()).isEqualTo(20);
            assertThat(report.getParametersOrThrow("length").getInt64Param()).isEqualTo(19 * 16);
            assertThat(report.getParametersOrThrow("algorithm").getStringParam())
                    .isEqualTo("live");
            assertThat(GrpcSequence.isLast(report)).isTrue();
            assertThat(stream.end().isOk()).isTrue();
        }
    }

    /** As elsewhere: n_fft is 2 (bins - 1) unless given. */
    @Test
    void theFirstFramesTellTheirTransform() throws Exception {
        for (String model : List.of("reconstruct", "istft")) {
            firstFrames(model, Map.of("hop_length", 16), 19 * 16);
            firstFrames(model, Map.of("hop_length", 16, "nfft", 65), 19 * 16 + 1);
        }
    }

    private void firstFrames(String model, Map<String, Object> parameters, int samples) throws Exception {
        try (GrpcSequence stream = stream()) {
            ModelInferRequest.Builder all =
                    start(model, 1, parameters).putParameters("sequence_end", GrpcClient.parameter(true));
            stream.send(
                    model.equals("istft")
                            ? with(all, "spectrogram", ones(2 * 33 * 20), 1, 2, 33, 20)
                            : with(all, "magnitude", ones(33 * 20), 1, 33, 20));

            assertThat(rest(stream)).isEqualTo(samples);
        }
    }

    /** One request begins, brings all and ends; its answer comes in parts, of which the last one says so. */
    @Test
    void aLongAnswerComesInParts() throws Exception {
        try (GrpcSequence stream = stream()) {
            ModelInferRequest.Builder all = start("stft", 1, SMALL)
                    .putParameters("sequence_end", GrpcClient.parameter(true))
                    .setId("all");
            stream.send(with(all, "audio", ones(4000), 1, 4000));
            int frames = 0;
            int parts = 0;
            for (boolean last = false; !last; parts++) {
                ModelInferResponse part = stream.right();
                last = GrpcSequence.isLast(part);
                assertThat(part.getId()).isEqualTo("all");
                assertThat(part.getOutputs(0).getShapeList()).startsWith(1L, 2L, 33L);
                assertThat(part.getRawOutputContents(0).size()).isLessThanOrEqualTo(4096);
                assertThat(part.containsParameters("latency_samples")).isEqualTo(parts == 0);
                frames += (int) part.getOutputs(0).getShape(3);
            }
            assertThat(frames).isEqualTo(4000 / 16 + 1);
            assertThat(parts).isGreaterThan(10);
        }
    }

    /** The number of values in all answers to a request. */
    private static int rest(GrpcSequence stream) throws Exception {
        ModelInferResponse answer = stream.right();
        int values = GrpcSequence.output(answer).length;
        return GrpcSequence.isLast(answer) ? values : values + rest(stream);
    }

    /** The answer to each is what it is alone; the ids 7 and "7" are two. */
    @Test
    void sequencesAndOtherRequestsShareAStream() throws Exception {
        float[] noise = GrpcServiceTest.noise(640, 3);
        try (GrpcSequence stream = stream()) {
            stream.send(with(start("stft", 7, SMALL), "audio", noise, 1, 640));
            int begun = rest(stream);
            stream.send(with(start("mel", "7", Map.of("mel", "hifigan")), "audio", noise, 1, 640));
            rest(stream);
            stream.send(GrpcClient.raw("stft", Map.of("audio", GrpcClient.Sent.of(noise, 1, 640)), SMALL)
                    .setId("whole"));
            ModelInferResponse whole = stream.right();
            stream.send(next("mel", "7", true));
            assertThat(stream.right().getOutputs(0).getName()).isEqualTo("mel");
            stream.send(next("stft", 7, true));
            int ended = rest(stream);

            assertThat(whole.getId()).isEqualTo("whole");
            assertThat(GrpcSequence.isLast(whole)).isTrue();
            assertThat(whole.containsParameters("sequence_id")).isFalse();
            assertThat(begun + ended).isEqualTo(GrpcSequence.output(whole).length);
        }
    }

    /** An id of 0 is none, and parameters may be said again. */
    @Test
    void whatTritonsClientsSendBesideIsTaken() throws Exception {
        try (GrpcSequence stream = stream()) {
            stream.send(with(next("stft", 0, false), "audio", ones(64), 1, 64)
                    .putParameters("n_fft", GrpcClient.parameter(64))
                    .putParameters("priority", GrpcClient.parameter(1)));
            assertThat(stream.right().containsParameters("sequence_id")).isFalse();
            stream.send(start("stft", 9, SMALL)
                    .putParameters("triton_enable_empty_final_response", GrpcClient.parameter(true)));
            stream.right();
            stream.send(with(next("stft", 9, false), "audio", ones(64), 1, 64)
                    .putParameters("n_fft", GrpcClient.parameter(64))
                    .putParameters("hop_length", GrpcClient.parameter(16)));
            stream.right();
            // Typed contents, and the output by its name.
            ModelInferRequest.Builder typed =
                    GrpcClient.typed("stft", Map.of("audio", GrpcClient.Sent.of(ones(3), 1, 3)), Map.of());
            stream.send(typed.putParameters("sequence_id", GrpcClient.parameter(9))
                    .putParameters("sequence_end", GrpcClient.parameter(true))
                    .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                            .setName("spectrogram")));
            assertThat(stream.right().getParametersOrThrow("length").getInt64Param())
                    .isEqualTo(67);
        }
    }

    /** The messages are written by sequence.py, without protobuf, as Triton's Python client fills them. */
    @Test
    void theBytesOfAStockClient() throws Exception {
        Path golden = Path.of("src", "test", "resources", "golden", "grpc");
        ModelInferRequest first = ModelInferRequest.parseFrom(Files.readAllBytes(golden.resolve("sequence_start.bin")));
        ModelInferRequest last = ModelInferRequest.parseFrom(Files.readAllBytes(golden.resolve("sequence_end.bin")));
        assertThat(first.getUnknownFields().asMap()).isEmpty();
        assertThat(first.getParametersOrThrow("priority").getUint64Param()).isEqualTo(3);
        try (GrpcSequence stream = stream()) {
            stream.send(first.toBuilder());
            ModelInferResponse ready = stream.right();
            stream.send(last.toBuilder());
            ModelInferResponse report = stream.right();

            assertThat(ready.getId()).isEqualTo("1");
            assertThat(report.getId()).isEqualTo("2");
            assertThat(report.getParametersOrThrow("frames").getInt64Param()).isEqualTo(3);
            // The cosine of frames of ones is an impulse where each window begins.
            assertThat(ready.getOutputs(0).getShape(1) + report.getOutputs(0).getShape(1))
                    .isEqualTo(4);
        }
    }
}
