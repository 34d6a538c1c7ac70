package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Golden;
import dev.phasor.Recordings;
import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyReader;
import dev.phasor.codec.WavBytes;
import dev.phasor.codec.WavEncoding;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Spools;
import dev.phasor.signal.AudioSignal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.node.ObjectNode;

/** Spectrograms of long files, which wait on the disk: the values of those that are held, in numpy's other order. */
@TestPropertySource(properties = {"phasor.blocks.from=100KB", "phasor.blocks.size=64KB"})
class LongSpectrogramTest extends ServiceTest {

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

    private static NpyArray array(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode()).isEqualTo(200);
        return NpyReader.read(new ByteArrayInputStream(response.body()), new CodecLimits(1 << 28));
    }

    private static boolean isFortran(HttpResponse<byte[]> response) {
        return new String(response.body(), 0, 128, StandardCharsets.ISO_8859_1).contains("'fortran_order': True");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n_fft=512",
                "n_fft=512&layout=complex",
                "n_fft=512&output=magnitude",
                "nfft=512&hop=200",
                "n_fft=500&hop_length=130&output=power&pad_mode=reflect",
                "n_fft=512&output=db&center=false",
                "n_fft=512&output=magnitude&resample_to=24000",
                "n_fft=400&hop_length=160&framing=same&window=hamming"
            })
    void theValuesAreThoseOfTheWhole(String parameters) throws IOException {
        AudioSignal music = Recordings.read(Recordings.music());
        float[] left = Arrays.copyOf(music.samples(0), 60_001);
        float[] right = Arrays.copyOf(music.samples(1), 60_001);
        byte[] stereo = WavBytes.write(
                new AudioSignal(music.leading(), new float[][] {left, right}, music.sampleRate()), WavEncoding.FLOAT32);
        for (byte[] file : new byte[][] {stereo, bytes(Recordings.speech())}) {
            HttpResponse<byte[]> flowing = post("/v1/stft?" + parameters, WAV, file);
            HttpResponse<byte[]> held = postForm("/v1/stft?" + parameters, Map.of("file", file), Map.of());

            assertThat(isFortran(flowing)).isTrue();
            assertThat(isFortran(held)).isFalse();
            assertSame(flowing, held);
            assertThat(flowing.headers().firstValueAsLong("Content-Length")).hasValue(flowing.body().length);
            assertThat(stream("/v1/stft?" + parameters, WAV, file).body()).isEqualTo(flowing.body());
        }
    }

    /** Of integers as floats, and of samples between the frames that none sees. */
    @Test
    void theWarningsAreThoseOfTheWhole() throws IOException {
        float[] loud = new float[60_000];
        Arrays.fill(loud, 20_000, 40_000, 32767f);
        byte[] wav = WavBytes.write(AudioSignal.mono(loud, 8000), WavEncoding.FLOAT32);
        String asked = "/v1/stft?n_fft=1024&win_length=512&hop_length=600";
        HttpResponse<byte[]> flowing = post(asked, WAV, wav);

        assertThat(isFortran(flowing)).isTrue();
        assertThat(report(flowing).get("warnings").toString()).contains("full_scale", "gaps");
        assertSame(flowing, postForm(asked, Map.of("file", wav), Map.of()));
    }

    private void assertSame(HttpResponse<byte[]> flowing, HttpResponse<byte[]> held) throws IOException {
        NpyArray one = array(flowing).rowMajor();
        NpyArray other = array(held);
        assertThat(one.shape()).isEqualTo(other.shape());
        assertThat(one.dtype()).isEqualTo(other.dtype());
        assertThat(Arrays.mismatch(one.real(), other.real())).isEqualTo(-1);
        if (one.isComplex()) {
            assertThat(Arrays.mismatch(one.imaginary(), other.imaginary())).isEqualTo(-1);
        }
        assertThat(((ObjectNode) report(flowing)).without("milliseconds"))
                .isEqualTo(((ObjectNode) report(held)).without("milliseconds"));
    }

    /** Of a pipe, the header says no length; nor does a request in chunks. */
    @Test
    void aFileWhoseHeaderSaysNoLengthFlows() throws IOException {
        byte[] wav = bytes(Recordings.speech());
        byte[] flac = post("/v1/reconstruct?response_format=flac&encoding=pcm16", WAV, wav)
                .body();
        String asked = "/v1/stft?n_fft=512&output=magnitude";
        HttpResponse<byte[]> held = postForm(asked, Map.of("file", wav), Map.of());
        ByteBuffer.wrap(flac).putInt(22, 0).put(21, (byte) (flac[21] & 0xf0)); // total samples, of 36 bits
        for (int size : new int[] {0, -1}) {
            ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).putInt(40, size);
            for (HttpResponse<byte[]> flowing : List.of(stream(asked, WAV, wav), post(asked, WAV, wav))) {
                assertThat(isFortran(flowing)).isTrue();
                assertSame(flowing, held);
            }
        }
        for (HttpResponse<byte[]> flowing :
                List.of(stream(asked, "audio/flac", flac), post(asked, "audio/flac", flac))) {
            assertThat(isFortran(flowing)).isTrue();
            assertSame(flowing, held);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "speech.mp3, audio/mpeg, 24000",
        "music_with_cover.mp3, audio/mpeg, 16000",
        "speech.opus, audio/ogg, 48000",
        "speech_index_last.m4a, audio/mp4, 22050"
    })
    void whatFfmpegDecodesFlows(String name, String type, int rate) throws IOException {
        byte[] file = Golden.bytes("foreign/" + name);
        String asked = "/v1/stft?n_fft=512&output=magnitude&resample_to=" + rate;
        HttpResponse<byte[]> held = postForm(asked, Map.of("file", file), Map.of());
        for (HttpResponse<byte[]> flowing : List.of(post(asked, type, file), stream(asked, type, file))) {
            assertThat(isFortran(flowing)).isTrue();
            assertSame(flowing, held);
        }
    }

    @Test
    void whatIsNotFiniteIsCounted() throws IOException {
        float[] samples = new float[60_000];
        samples[50_000] = Float.NaN;
        byte[] file = WavBytes.write(AudioSignal.mono(samples, 8000), WavEncoding.FLOAT32);

        for (String asked : List.of("/v1/stft?n_fft=512", "/v1/stft?n_fft=512&resample_to=12000")) {
            HttpResponse<byte[]> response = post(asked, WAV, file);

            assertProblem(response, 422, "non_finite_input");
            assertThat(json(response).get("detail").asString()).contains("1 NaN", "[60000]", "[50000]");
        }
    }

    @Test
    void itsOwnAnswerBecomesSoundAgain() {
        byte[] magnitude = post("/v1/stft?n_fft=512&output=magnitude", WAV, bytes(Recordings.speech()))
                .body();

        HttpResponse<byte[]> sound = post("/v1/reconstruct?n_fft=512&n_iter=8&sample_rate=16000", NPY, magnitude);

        assertThat(sound.statusCode()).isEqualTo(200);
        assertThat(report(sound).get("blocks").asInt()).isPositive();
    }
}
