package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import dev.phasor.codec.NpyWriter;
import dev.phasor.codec.WavBytes;
import dev.phasor.codec.WavEncoding;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Spools;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Complex spectrograms that flow through {@code /v1/istft} give the sound of those that are held, as parts of a form
 * are.
 */
@TestPropertySource(properties = {"phasor.stream.from=1KB", "phasor.blocks.from=1KB"})
class LongComplexTest extends ServiceTest {

    private static final String ISTFT = "/v1/istft?sample_rate=16000&hop_length=16&";

    /** 1016 frames are a block. */
    private static final String FINE = "n_fft=512&hop_length=16";

    @Autowired
    private MemoryBudget budget;

    @Autowired
    private Spools spools;

    @AfterEach
    void nothingIsKept() {
        // It is given back after the answer's end.
        await().untilAsserted(() -> {
            assertThat(spools.onDisk()).isZero();
            assertThat(budget.reserved()).isZero();
        });
    }

    /** In Fortran order, as it is longer than blocks. */
    private byte[] spectrogram(AudioSignal audio, String transform) throws IOException {
        HttpResponse<byte[]> response = post("/v1/stft?" + transform, WAV, WavBytes.write(audio, WavEncoding.FLOAT32));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        assertThat(new String(response.body(), 0, 128, StandardCharsets.ISO_8859_1))
                .contains("'fortran_order': True");
        return response.body();
    }

    private static AudioSignal speech(int samples) throws IOException {
        AudioSignal speech = Recordings.read(Recordings.speech());
        return AudioSignal.mono(Arrays.copyOf(speech.samples(0), samples), 16_000);
    }

    private static AudioSignal stereo(int samples) throws IOException {
        float[] left = speech(samples).samples(0);
        float[] right = new float[samples];
        for (int i = 0; i < samples; i++) {
            right[i] = 0.5f * left[samples - 1 - i];
        }
        return new AudioSignal(Shape.of(2), new float[][] {left, right}, 16_000);
    }

    private HttpResponse<byte[]> held(String path, byte[] npy) {
        return postForm(path, Map.of("file", npy), Map.of());
    }

    /** What is held is written when it is whole; what flows says how long it is. */
    private static boolean flows(HttpResponse<byte[]> response) {
        return response.headers().firstValueAsLong("Content-Length").isPresent();
    }

    private void assertIsHeldOne(String path, byte[] npy) {
        HttpResponse<byte[]> held = held(path, npy);
        assertThat(held.statusCode()).as(text(held)).isEqualTo(200);
        for (HttpResponse<byte[]> flowing : new HttpResponse[] {post(path, NPY, npy), stream(path, NPY, npy)}) {
            assertThat(flowing.statusCode()).as(text(flowing)).isEqualTo(200);
            assertThat(flowing.body()).isEqualTo(held.body());
            assertThat(((ObjectNode) report(flowing)).without("milliseconds"))
                    .isEqualTo(((ObjectNode) report(held)).without("milliseconds"));
            assertThat(flowing.headers().firstValue("Content-Disposition"))
                    .isEqualTo(held.headers().firstValue("Content-Disposition"));
        }
    }

    /**
     * Blocks of 1016 frames and of 504, the last of which are short, one frame and whole; frames that overlap 64 times;
     * windows and framings.
     */
    @ParameterizedTest
    @CsvSource({
        "50000, n_fft=512&hop_length=16",
        "17001, n_fft=1024&hop_length=16",
        "32512, n_fft=512&hop_length=16",
        "32496, n_fft=512&hop_length=16",
        "48000, n_fft=500&hop_length=13&window=hamming",
        "48000, n_fft=511&hop_length=20",
        "48000, n_fft=512&hop_length=16&center=false&window=hamming",
        "48000, n_fft=400&hop_length=16&framing=same",
        "48000, n_fft=512&win_length=300&hop_length=20"
    })
    void theSoundIsThatOfTheWhole(int samples, String transform) throws IOException {
        String path = "/v1/istft?sample_rate=16000&" + transform;
        byte[] npy = spectrogram(speech(samples), transform);

        assertThat(flows(post(path, NPY, npy))).isTrue();
        assertIsHeldOne(path, npy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "encoding=pcm16",
                "response_format=flac",
                "length=30000",
                "length=1",
                "length=40015",
                "timeout=60",
                "layout=complex"
            })
    void whatIsAskedForIsAnswered(String asked) throws IOException {
        byte[] npy = spectrogram(speech(40_000), FINE);

        assertIsHeldOne(ISTFT + asked, npy);
    }

    @Test
    void whatIsShortOrReachesBeyondItsFramesIsHeld() throws IOException {
        byte[] npy = spectrogram(speech(40_000), FINE);
        byte[] few = spectrogram(speech(32_480), FINE);

        assertThat(flows(post(ISTFT, NPY, npy))).isTrue();
        assertThat(flows(post(ISTFT + "length=40015", NPY, npy))).isTrue();
        assertThat(flows(post(ISTFT + "length=40016", NPY, npy))).isFalse();
        assertThat(flows(post(ISTFT, NPY, few))).isFalse();
        assertThat(flows(held(ISTFT, npy))).isFalse();
    }

    @Test
    void channelsFlowSideBySide() throws IOException {
        assertIsHeldOne(ISTFT, spectrogram(stereo(40_000), FINE));
    }

    /** Every other type that numpy has for complex values. */
    @ParameterizedTest
    @ValueSource(strings = {"<c16", ">c8", ">c16"})
    void otherTypesFlow(String type) throws IOException {
        for (AudioSignal audio : new AudioSignal[] {speech(40_000), stereo(40_000)}) {
            assertIsHeldOne(ISTFT, as(type, spectrogram(audio, FINE)));
        }
    }

    private static byte[] as(String type, byte[] npy) throws IOException {
        int start = header(npy);
        String header = new String(npy, 0, start, StandardCharsets.ISO_8859_1).replace("<c8'", type + "'");
        int longer = header.length() - start;
        // The dictionary is padded with spaces in front of its line's end.
        header = header.substring(0, header.length() - 1 - longer) + "\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(header.getBytes(StandardCharsets.ISO_8859_1));
        ByteBuffer values = ByteBuffer.wrap(npy, start, npy.length - start).order(ByteOrder.LITTLE_ENDIAN);
        boolean wide = type.endsWith("16");
        ByteBuffer other = ByteBuffer.allocate(values.remaining() * (wide ? 2 : 1))
                .order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
            if (wide) {
                other.putDouble(values.getFloat());
            } else {
                other.putFloat(values.getFloat());
            }
        }
        out.write(other.array());
        return out.toByteArray();
    }

    private static int header(byte[] npy) {
        return 10 + ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
    }

    @Test
    void samplesThatNoFrameReachesAreZeros() throws IOException {
        assertIsHeldOne(ISTFT + "length=100000", spectrogram(speech(40_000), FINE));
    }

    @Test
    void whatIsNotFiniteIsCounted() throws IOException {
        byte[] npy = spectrogram(stereo(40_000), FINE);
        ByteBuffer values = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
        for (int at : new int[] {npy.length - 8, npy.length - 4, header(npy) + 16 * 300 * 257, header(npy) + 20}) {
            values.putFloat(at, at % 8 == 0 ? Float.NaN : Float.POSITIVE_INFINITY);
        }

        HttpResponse<byte[]> held = held(ISTFT, npy);
        HttpResponse<byte[]> flowing = post(ISTFT, NPY, npy);

        assertProblem(flowing, 422, "non_finite_input");
        assertThat(json(flowing).get("detail")).isEqualTo(json(held).get("detail"));
    }

    @ParameterizedTest
    @CsvSource({"-1, declares", "-100000, declares", "1, no bytes after the data"})
    void moreOrLessThanItsShapeIsRefused(int more, String detail) throws IOException {
        byte[] npy = spectrogram(speech(40_000), FINE);
        byte[] other = Arrays.copyOf(npy, npy.length + more);

        for (HttpResponse<byte[]> refused : new HttpResponse[] {post(ISTFT, NPY, other), stream(ISTFT, NPY, other)}) {
            assertProblem(refused, 400, "malformed_npy");
            assertThat(json(refused).get("detail").asString()).contains(detail);
        }
        assertThat(json(post(ISTFT, NPY, other)).get("detail"))
                .isEqualTo(json(held(ISTFT, other)).get("detail"));
    }

    @ParameterizedTest
    @CsvSource({
        "window=boxcar&win_length=8, 422, nola",
        "n_fft=510, 422, shape_mismatch",
        "encoding=mp3, 400, bad_parameter",
        "length=0, 400, bad_parameter",
        "n_iter=3, 400, bad_parameter"
    })
    void whatIsRefusedOfTheWholeIsRefused(String asked, int status, String code) throws IOException {
        byte[] npy = spectrogram(speech(40_000), FINE);

        HttpResponse<byte[]> flowing = post(ISTFT + asked, NPY, npy);

        assertProblem(flowing, status, code);
        assertThat(json(flowing).get("detail"))
                .isEqualTo(json(held(ISTFT + asked, npy)).get("detail"));
    }

    @Test
    void soundNeedsARate() throws IOException {
        HttpResponse<byte[]> refused = post("/v1/istft?hop_length=16", NPY, spectrogram(speech(40_000), FINE));

        assertProblem(refused, 400, "bad_parameter");
        assertThat(json(refused).get("detail").asString()).startsWith("sample_rate must be given");
    }

    @Test
    void whatIsTooLoudForFloatsIsRefused() throws IOException {
        byte[] npy = NpyWriter.columnMajorHeader(true, 257, 2100);
        ByteBuffer loud = ByteBuffer.allocate(npy.length + 8 * 257 * 2100).order(ByteOrder.LITTLE_ENDIAN);
        loud.put(npy);
        while (loud.hasRemaining()) {
            loud.putFloat(3e38f);
        }

        // One frame sees the first samples, at the window's small beginning.
        String asked = ISTFT + "center=false&window=hamming";
        HttpResponse<byte[]> flowing = post(asked, NPY, loud.array());

        assertProblem(flowing, 422, "non_finite_input");
        assertThat(json(flowing).get("detail"))
                .isEqualTo(json(held(asked, loud.array())).get("detail"));
    }
}
