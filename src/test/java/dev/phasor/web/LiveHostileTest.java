package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.compute.MemoryBudget;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Sessions that go wrong end with a code, nothing else notices, and what they held comes back. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"phasor.live.sessions=4", "phasor.live.send-wait=1"})
class LiveHostileTest {

    private static final String START =
            "{\"type\":\"start\",\"operation\":\"reconstruct\",\"n_fft\":64,\"hop_length\":16}";
    private static final float[] FRAME = new float[33];

    @LocalServerPort
    private int port;

    @Autowired
    private MemoryBudget budget;

    @Autowired
    private MeterRegistry meters;

    /** What a client does. */
    @FunctionalInterface
    interface Deed {
        void on(LiveClient client) throws Exception;
    }

    private static Deed started(Deed then) {
        return client -> {
            client.say(START);
            assertThat(client.hear().path("type").asString()).isEqualTo("ready");
            then.on(client);
        };
    }

    private static Deed frame(float value) {
        float[] frame = FRAME.clone();
        frame[7] = value;
        return started(client -> client.send(frame, 0, 33));
    }

    private static Deed stretch(String parameters) {
        return say("{\"type\":\"start\",\"operation\":\"stretch\"," + parameters + "}");
    }

    private static Deed say(String text) {
        return client -> client.say(text);
    }

    static Stream<Arguments> deeds() {
        return Stream.of(
                Arguments.of("a NaN", frame(Float.NaN), "non_finite_input", 1008),
                Arguments.of("a negative magnitude", frame(-1), "negative_magnitude", 1008),
                Arguments.of(
                        "half a frame",
                        started(client -> {
                            client.send(FRAME, 0, 20);
                            client.say("{\"type\":\"end\"}");
                        }),
                        "shape_mismatch",
                        1008),
                Arguments.of(
                        "half a value",
                        started(client -> {
                            client.send(new byte[4 * 33 + 3]);
                            client.say("{\"type\":\"end\"}");
                        }),
                        "shape_mismatch",
                        1008),
                Arguments.of("no frame", started(say("{\"type\":\"end\"}")), "shape_mismatch", 1008),
                Arguments.of(
                        "an iteration too many", say(START.replace("}", ",\"n_iter\":257}")), "bad_parameter", 1008),
                Arguments.of("text for binary", say("RIFF"), "malformed_json", 1008),
                Arguments.of("a list", say("[1, 2]"), "malformed_json", 1008),
                Arguments.of("more than an object", say(START + " {}"), "malformed_json", 1008),
                Arguments.of("half a surrogate", say("{\"type\":\"\\ud800\"}"), "bad_parameter", 1008),
                Arguments.of("no type", say("{}"), "bad_parameter", 1008),
                Arguments.of("binary before start", (Deed) client -> client.send(FRAME, 0, 33), "bad_parameter", 1008),
                Arguments.of("end before start", say("{\"type\":\"end\"}"), "bad_parameter", 1008),
                Arguments.of("a second start", started(say(START)), "bad_parameter", 1008),
                Arguments.of("no operation", say("{\"type\":\"start\"}"), "bad_parameter", 1008),
                Arguments.of(
                        "an operation on the whole",
                        say("{\"type\":\"start\",\"operation\":\"evaluate\"}"),
                        "bad_parameter",
                        1008),
                Arguments.of(
                        "an algorithm on the whole",
                        say(START.replace("}", ",\"algorithm\":\"griffinlim\"}")),
                        "bad_parameter",
                        1008),
                Arguments.of(
                        "a parameter that is none", say(START.replace("}", ",\"n_ftt\":3}")), "bad_parameter", 1008),
                Arguments.of(
                        "a parameter that is a list", say(START.replace("}", ",\"seed\":[]}")), "bad_parameter", 1008),
                Arguments.of(
                        "the preset of the whole",
                        say("{\"type\":\"start\",\"operation\":\"mel\",\"mel\":\"whisper\"}"),
                        "bad_parameter",
                        1008),
                Arguments.of(
                        "frames that cannot be inverted",
                        say("{\"type\":\"start\",\"operation\":\"istft\",\"n_fft\":64,\"hop_length\":64}"),
                        "nola",
                        1008),
                Arguments.of(
                        "more than the memory",
                        say("{\"type\":\"start\",\"operation\":\"reconstruct\",\"n_fft\":1048576,\"hop_length\":1}"),
                        "too_large",
                        1009),
                Arguments.of(
                        "frames of too much work",
                        say("{\"type\":\"start\",\"operation\":\"reconstruct\",\"n_fft\":2048,\"hop_length\":1,"
                                + "\"n_iter\":256,\"lookahead\":7}"),
                        "too_large",
                        1009),
                Arguments.of("a time map", stretch("\"time_map\":[[0,0],[1,2]]"), "bad_parameter", 1008),
                Arguments.of("a descent", stretch("\"algorithm\":\"descent\""), "bad_parameter", 1008),
                Arguments.of("a stretch too far", stretch("\"rate\":0.09"), "bad_parameter", 1008),
                Arguments.of("a stretch's iteration too many", stretch("\"n_iter\":257"), "bad_parameter", 1008),
                Arguments.of("hops of too much work", stretch("\"rate\":0.1,\"n_iter\":256"), "too_large", 1009),
                Arguments.of(
                        "a stretch of more than the memory",
                        stretch("\"n_fft\":1048576,\"rate\":10,\"semitones\":-24,\"n_iter\":1,\"lookahead\":0"),
                        "too_large",
                        1009),
                Arguments.of(
                        "a sample that is none",
                        (Deed) client -> {
                            stretch("\"rate\":2").on(client);
                            assertThat(client.hear().path("type").asString()).isEqualTo("ready");
                            client.send(new float[] {0, Float.NaN}, 0, 2);
                        },
                        "non_finite_input",
                        1008),
                Arguments.of("a long text", say("{\"type\":\"" + "x".repeat(20_000) + "\"}"), "too_large", 1009));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deeds")
    void endsWithACode(String name, Deed deed, String code, int status) throws Exception {
        try (LiveClient client = new LiveClient(port)) {
            deed.on(client);
            JsonNode error = client.hear();
            assertThat(error.path("type").asString()).as("%s", error).isEqualTo("error");
            assertThat(error.path("code").asString()).as("%s", error).isEqualTo(code);
            assertThat(error.path("detail").asString()).isNotEmpty();
            assertThat(client.closed()).isEqualTo(status);
        }
    }

    @Test
    void cancelAnswersNothingMore() throws Exception {
        try (LiveClient client = new LiveClient(port)) {
            started(say("{\"type\":\"cancel\"}")).on(client);
            assertThat(client.hear().path("type").asString()).isEqualTo("cancelled");
            assertThat(client.closed()).isEqualTo(1000);
        }
    }

    /** The fifth of four is refused, and has its place when one of them has left. */
    @Test
    void thereAreNoMoreThanTheSettingsSay() throws Exception {
        LiveClient[] four = new LiveClient[4];
        for (int i = 0; i < 4; i++) {
            four[i] = new LiveClient(port);
            started(client -> {}).on(four[i]);
        }
        try (LiveClient fifth = new LiveClient(port)) {
            assertThat(fifth.hear().path("code").asString()).isEqualTo("busy");
            assertThat(fifth.closed()).isEqualTo(1013);
        }
        for (LiveClient client : four) {
            client.vanish();
        }
    }

    /** One sample in makes a frame of 33 values: it is answered more than the connection's buffers hold. */
    @Test
    void aClientThatStopsReadingIsLeft() throws Exception {
        try (LiveClient client = new LiveClient(port)) {
            client.say("{\"type\":\"start\",\"operation\":\"stft\",\"n_fft\":64,\"hop_length\":1}");
            client.hear();
            client.stopReading();
            float[] samples = new float[1 << 14];
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                try {
                    client.send(samples, 0, samples.length);
                    return meters.get("phasor.live.sessions").gauge().value() == 0;
                } catch (ExecutionException | CompletionException | java.util.concurrent.TimeoutException e) {
                    return true;
                }
            });
        }
    }

    /**
     * Its work would take minutes, and the answer, a sample a frame, fills no buffer meanwhile whose sending would
     * fail.
     */
    @Test
    void whoLeavesIsNotComputedFor() throws Exception {
        float[] mels = new float[10_000];
        for (int i = 0; i < 2; i++) {
            LiveClient client = new LiveClient(port);
            client.say("{\"type\":\"start\",\"operation\":\"reconstruct\",\"input\":\"mel\",\"n_mels\":1,\"power\":1,"
                    + "\"sample_rate\":16000,\"n_fft\":64,\"hop_length\":1,\"n_iter\":256}");
            assertThat(client.hear().path("type").asString()).isEqualTo("ready");
            client.send(mels, 0, mels.length);
            client.vanish();
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> meters.get("phasor.live.sessions").gauge().value() == 0);
    }

    /** However they end, and however many. */
    @Test
    void aThousandLeaveNothing() throws Exception {
        Deed[] deeds = {
            frame(Float.NaN),
            started(client -> client.send(FRAME, 0, 20)),
            started(client -> client.send(FRAME, 0, 33)),
            say("nonsense"),
            started(say(START))
        };
        for (int i = 0; i < 1000; i++) {
            try (LiveClient client = new LiveClient(port)) {
                deeds[i % deeds.length].on(client);
                client.vanish();
            } catch (AssertionError | IllegalStateException e) {
                throw new AssertionError("session " + i, e);
            }
            if (i % 4 == 3) {
                returned();
            }
        }
    }

    @AfterEach
    void returned() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> budget.reserved() == 0
                        && meters.get("phasor.live.sessions").gauge().value() == 0);
    }
}
