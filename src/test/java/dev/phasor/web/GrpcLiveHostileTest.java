package dev.phasor.web;

import static dev.phasor.web.GrpcSequence.next;
import static dev.phasor.web.GrpcSequence.start;
import static dev.phasor.web.GrpcSequence.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.phasor.compute.MemoryBudget;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Sequences that go wrong end with a code, nothing else notices, and what they held comes back. */
@TestPropertySource(
        properties = {
            "phasor.live.sessions=4",
            "phasor.live.send-wait=1",
            "phasor.live.buffer=4KB",
            "phasor.connection.answer-wait=3600"
        })
class GrpcLiveHostileTest extends GrpcServiceTest {

    private static final Map<String, Object> SMALL = Map.of("n_fft", 64, "hop_length", 16);

    @Autowired
    private MemoryBudget budget;

    @Autowired
    private MeterRegistry meters;

    private GrpcSequence stream() {
        return new GrpcSequence(client.channel());
    }

    private static ModelInferRequest.Builder begin(Map<String, Object> parameters) {
        return start("reconstruct", 5, parameters);
    }

    private static ModelInferRequest.Builder begin(String name, Object value) {
        return begin(SMALL).putParameters(name, GrpcClient.parameter(value));
    }

    private static ModelInferRequest.Builder frame(float value) {
        float[] values = new float[33];
        values[7] = value;
        return with(next("reconstruct", 5, false), "magnitude", values, 1, 33, 1);
    }

    private static ModelInferRequest.Builder tensor(String name, String datatype, int bytes, long... shape) {
        return next("reconstruct", 5, false)
                .addInputs(GrpcClient.tensor(name, datatype, shape))
                .addRawInputContents(ByteString.copyFrom(new byte[bytes]));
    }

    private static Arguments first(String name, ModelInferRequest.Builder request, String code, String message) {
        return Arguments.of(name, false, request, code, message);
    }

    private static Arguments later(String name, ModelInferRequest.Builder request, String code, String message) {
        return Arguments.of(name, true, request, code, message);
    }

    /** What is wrong, whether with the first request or with a later one, and what is answered. */
    static Stream<Arguments> wrong() {
        return Stream.of(
                later(
                        "not a number",
                        frame(Float.NaN),
                        "non_finite_input",
                        "must be finite, got NaN at frame 0, value 7"),
                later("infinity", frame(Float.POSITIVE_INFINITY), "non_finite_input", "must be finite, got Infinity"),
                later("a negative magnitude", frame(-1), "negative_magnitude", "must be >= 0, got -1.0"),
                later(
                        "half a frame",
                        tensor("magnitude", "FP32", 80, 1, 20, 1),
                        "shape_mismatch",
                        "must be [1, 33, -1]"),
                later("two channels", tensor("magnitude", "FP32", 264, 2, 33, 1), "shape_mismatch", "got [2, 33, 1]"),
                later("an axis too few", tensor("magnitude", "FP32", 132, 33, 1), "shape_mismatch", "got [33, 1]"),
                later(
                        "half a value",
                        tensor("magnitude", "FP32", 131, 1, 33, 1),
                        "bad_parameter",
                        "132 bytes for FP32"),
                later(
                        "fewer values than told",
                        tensor("magnitude", "FP32", 132, 1, 33, 2),
                        "bad_parameter",
                        "264 bytes"),
                later("another datatype", tensor("magnitude", "INT32", 132, 1, 33, 1), "bad_parameter", "got INT32"),
                later(
                        "another tensor",
                        tensor("mel", "FP32", 132, 1, 33, 1),
                        "bad_parameter",
                        "magnitude in this sequence"),
                later(
                        "two tensors",
                        with(frame(0), "mel", new float[33], 1, 33, 1),
                        "bad_parameter",
                        "one tensor in a sequence, got 2"),
                later("no frame", next("reconstruct", 5, true), "shape_mismatch", "at least one frame, got none"),
                later("a second start", begin(SMALL), "bad_parameter", "true once in a sequence"),
                later(
                        "another model",
                        next("istft", 5, false),
                        "bad_parameter",
                        "that of the sequence, reconstruct, got istft"),
                later("no such model", next("vocoder", 5, false), "not_found", "the model must be one of"),
                later(
                        "a parameter that changes",
                        next("reconstruct", 5, false).putParameters("n_fft", GrpcClient.parameter(128)),
                        "bad_parameter",
                        "given at the start of the sequence, 64, got 128"),
                later(
                        "an output that it has not",
                        next("reconstruct", 5, false)
                                .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                                        .setName("phase")),
                        "bad_parameter",
                        "one of [audio], got phase"),
                first(
                        "a time map",
                        with(start("stretch", 5, SMALL), "time_map", new float[4], 1, 2, 2),
                        "bad_parameter",
                        "one of [audio] in a sequence, got time_map"),
                first(
                        "a stretch of the whole",
                        start("stretch", 5, Map.of("algorithm", "descent")),
                        "bad_parameter",
                        "algorithm must be live in a live session"),
                first("no start", frame(0), "bad_parameter", "true in the first request of a sequence"),
                first("an end that never began", next("reconstruct", 5, true), "bad_parameter", "5 is not open"),
                first(
                        "a start without an id",
                        GrpcClient.request("stft", SMALL).putParameters("sequence_start", GrpcClient.parameter(true)),
                        "bad_parameter",
                        "parameters.sequence_id must be given with sequence_start, and not 0, got none"),
                first(
                        "an id of another kind",
                        begin("sequence_id", 0.5),
                        "bad_parameter",
                        "a whole number or a string, got 0.5"),
                first("a long id", begin("sequence_id", "x".repeat(129)), "bad_parameter", "at most 128 characters"),
                first("a start that is no flag", begin("sequence_start", 1), "bad_parameter", "true or false, got 1"),
                first(
                        "a model that is not fed",
                        start("phase", 5, Map.of()),
                        "bad_parameter",
                        "the model of a sequence"),
                first(
                        "audio for magnitudes",
                        with(begin(SMALL), "audio", new float[16], 1, 16),
                        "bad_parameter",
                        "one of [magnitude, mel] in a sequence, got audio"),
                first("an iteration too many", begin("n_iter", 257), "bad_parameter", "at most 256 in a live session"),
                first("an algorithm on the whole", begin("algorithm", "griffinlim"), "bad_parameter", "frame by frame"),
                first("a parameter that is none", begin("n_ftt", 3), "bad_parameter", "n_fft"),
                first(
                        "the preset of the whole",
                        start("mel", 5, Map.of("mel", "whisper")),
                        "bad_parameter",
                        "log_range must be left out in a live session"),
                first(
                        "frames that cannot be inverted",
                        start("istft", 5, Map.of("n_fft", 64, "hop_length", 64)),
                        "nola",
                        "hop"),
                first("more than the memory", begin(Map.of("n_fft", 1048576, "hop_length", 1)), "too_large", ""),
                first(
                        "frames of too much work",
                        begin(Map.of("n_fft", 2048, "hop_length", 1, "n_iter", 256, "lookahead", 7)),
                        "too_large",
                        "phasor.live.frame-work"));
    }

    /** The code and the message are answered, the sequence is over, and the stream goes on. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void whatIsWrongEndsTheSequenceAlone(
            String name, boolean later, ModelInferRequest.Builder request, String code, String message)
            throws Exception {
        try (GrpcSequence stream = stream()) {
            if (later) {
                stream.send(begin(SMALL));
                stream.right();
            }
            stream.send(request.setId("wrong"));
            ModelStreamInferResponse answer = stream.hear();

            assertThat(answer.getErrorMessage()).contains(message).isNotEmpty();
            ModelInferResponse about = answer.getInferResponse();
            assertThat(about.getId()).isEqualTo("wrong");
            assertThat(about.getParametersOrThrow("phasor_code").getStringParam())
                    .isEqualTo(code);
            assertThat(GrpcSequence.isLast(about)).isTrue();
            assertThat(sessions()).isZero();
            stream.send(begin(SMALL));
            stream.right();
            stream.send(with(next("reconstruct", 5, true), "magnitude", new float[66], 1, 33, 2));
            assertThat(stream.right().getParametersOrThrow("frames").getInt64Param())
                    .isEqualTo(2);
        }
    }

    /** The fifth of four is refused, and has its place when one of them has ended. */
    @Test
    void thereAreNoMoreThanTheSettingsSay() throws Exception {
        try (GrpcSequence stream = stream()) {
            for (int id = 1; id <= 4; id++) {
                stream.send(start("stft", id, SMALL));
                stream.right();
            }
            stream.send(start("stft", 5, SMALL));
            ModelStreamInferResponse fifth = stream.hear();
            assertThat(fifth.getErrorMessage()).contains("phasor.live.sessions");
            assertThat(fifth.getInferResponse()
                            .getParametersOrThrow("phasor_code")
                            .getStringParam())
                    .isEqualTo("busy");
            stream.send(with(next("stft", 1, true), "audio", new float[64], 1, 64));
            stream.right();
            stream.send(start("stft", 5, SMALL));
            stream.right();
        }
    }

    /** One sample makes a frame of 33 values: the answer is more than the transport holds. */
    @Test
    void aClientThatStopsReadingIsDropped() throws Exception {
        try (GrpcSequence stream = stream()) {
            stream.send(start("stft", 1, Map.of("n_fft", 64, "hop_length", 1)));
            stream.right();
            stream.stopReading();
            for (int i = 0; i < 8; i++) {
                stream.send(with(next("stft", 1, false), "audio", new float[1 << 16], 1, 1 << 16));
            }
            returned();
        }
    }

    /** Each request has one answer, which is less than the transport holds; together they are more. */
    @Test
    void aClientThatReadsNoSingleAnswersIsDropped() throws Exception {
        try (GrpcSequence stream = stream()) {
            stream.send(start("stft", 1, SMALL));
            stream.right();
            stream.stopReading();
            for (int i = 0; i < 1000; i++) {
                stream.send(with(next("stft", 1, false), "audio", new float[128], 1, 128));
            }
            returned();
            assertThat(stream.hasEnded()).isFalse();
        }
    }

    /** A flood waits in the transport, which takes no more than its window: one request is read at a time. */
    @Test
    void aFloodIsAnsweredAtItsPace() throws Exception {
        try (GrpcSequence stream = stream()) {
            stream.send(begin(SMALL));
            for (int i = 0; i < 2000; i++) {
                stream.send(frame(1));
            }
            stream.send(next("reconstruct", 5, true));
            int answers = 0;
            for (ModelInferResponse answer = stream.right();
                    !answer.containsParameters("frames");
                    answer = stream.right()) {
                answers++;
            }
            assertThat(answers).isGreaterThanOrEqualTo(2001);
        }
    }

    /** The work would take minutes, and its answer fills no buffer meanwhile whose sending would fail. */
    @Test
    void whoLeavesIsNotComputedFor() throws Exception {
        for (int i = 0; i < 2; i++) {
            GrpcSequence stream = stream();
            stream.send(with(
                    start(
                            "reconstruct",
                            1,
                            Map.of(
                                    "n_mels",
                                    1,
                                    "power",
                                    1,
                                    "sample_rate",
                                    16000,
                                    "n_fft",
                                    64,
                                    "hop_length",
                                    1,
                                    "n_iter",
                                    256)),
                    "mel",
                    new float[10_000],
                    1,
                    1,
                    10_000));
            await().until(() -> sessions() == 1);
            stream.close();
            returned();
        }
    }

    /** The client says no more, but never that the sequence ends. */
    @Test
    void aStreamThatIsHalfClosedLeavesNothing() throws Exception {
        try (GrpcSequence stream = stream()) {
            stream.send(begin(SMALL));
            stream.right();
            stream.halfClose();
            assertThat(stream.end()).isEqualTo(Status.OK);
        }
    }

    /** However they end, and however many; a connection of its own for some, since one may not reset a thousand. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aThousandLeaveNothing(int quarter) throws Exception {
        try (GrpcClient own = new GrpcClient(grpcPort())) {
            for (int i = 0; i < 250; i++) {
                leave(new GrpcSequence(own.channel()), 250 * quarter + i);
                if (i % 4 == 3) {
                    returned();
                }
            }
        }
    }

    private static void leave(GrpcSequence sequence, int way) throws Exception {
        try (GrpcSequence stream = sequence) {
            stream.send(begin(SMALL));
            if (way % 2 == 0) {
                stream.right();
            }
            switch (way % 6) {
                case 0 -> stream.send(frame(Float.NaN));
                case 1 -> stream.send(tensor("magnitude", "FP32", 80, 1, 20, 1));
                case 2 -> stream.send(frame(1));
                case 3 -> stream.send(begin(SMALL));
                case 4 -> stream.stopReading();
                default -> stream.halfClose();
            }
        }
    }

    @AfterEach
    void everythingIsReturned() {
        returned();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> meters.get("phasor.grpc.calls").gauge().value() == 0);
    }

    private void returned() {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> sessions() == 0 && budget.reserved() == 0);
    }

    private double sessions() {
        return meters.get("phasor.live.sessions").gauge().value();
    }
}
