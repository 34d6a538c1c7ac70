package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

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
                "n_fft=512&output=magnitude",
                "n_fft=500&hop_length=130&output=power&pad_mode=reflect",
                "n_fft=512&output=db&center=false",
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
            // A body of unknown length is held.
            HttpResponse<byte[]> held = stream("/v1/stft?" + parameters, WAV, file);

            assertThat(isFortran(flowing)).isTrue();
            assertThat(isFortran(held)).isFalse();
            NpyArray one = array(flowing).rowMajor();
            NpyArray other = array(held);
            assertThat(one.shape()).isEqualTo(other.shape());
            assertThat(one.dtype()).isEqualTo(other.dtype());
            assertThat(Arrays.mismatch(one.real(), other.real())).isEqualTo(-1);
            if (one.isComplex()) {
                assertThat(Arrays.mismatch(one.imaginary(), other.imaginary())).isEqualTo(-1);
            }
            assertThat(flowing.headers().firstValueAsLong("Content-Length")).hasValue(flowing.body().length);
            assertThat(report(flowing).get("length")).isEqualTo(report(held).get("length"));
        }
    }

    @Test
    void whatIsNotFiniteIsCounted() throws IOException {
        float[] samples = new float[60_000];
        samples[50_000] = Float.NaN;
        byte[] file = WavBytes.write(AudioSignal.mono(samples, 8000), WavEncoding.FLOAT32);

        HttpResponse<byte[]> response = post("/v1/stft?n_fft=512", WAV, file);

        assertProblem(response, 422, "non_finite_input");
        assertThat(json(response).get("detail").asString()).contains("[50000]");
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
