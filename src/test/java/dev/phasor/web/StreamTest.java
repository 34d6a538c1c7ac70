package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import dev.phasor.codec.WavBytes;
import dev.phasor.codec.WavEncoding;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.Spools;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Sound files that flow through in blocks: a body of unknown length always does. */
class StreamTest extends ServiceTest {

    @Autowired
    private ComputePool pool;

    @Autowired
    private Spools spools;

    private static final String PATH = "/v1/reconstruct?n_fft=1024&hop_length=256";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&encoding=pcm16",
                "&input=audio",
                "&center=true&pad_mode=reflect",
                "&floor_mode=absolute&floor=0.01"
            })
    void asIfHeldInMemory(String parameters) {
        byte[] file = bytes(Recordings.speech());

        HttpResponse<byte[]> flowing = stream(PATH + parameters, WAV, file);
        HttpResponse<byte[]> held = post(PATH + parameters, WAV, file);

        assertThat(flowing.statusCode()).isEqualTo(200);
        assertThat(flowing.headers().firstValueAsLong("Content-Length")).hasValue(flowing.body().length);
        assertThat(Arrays.mismatch(flowing.body(), held.body())).isEqualTo(-1);
        assertThat(withoutTime(report(flowing))).isEqualTo(withoutTime(report(held)));
        assertThat(report(flowing).get("spectral_convergence_db").asDouble()).isLessThan(-120);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"audio/wav;q=0, */*", "audio/flac;q=0, audio/*", "application/json;q=0.9, audio/flac;q=0.5"})
    void theFormIsThatOfOneHeldInMemory(String accept) {
        byte[] file = bytes(Recordings.speech());

        HttpResponse<byte[]> flowing = stream(PATH, WAV, file, "Accept", accept);
        HttpResponse<byte[]> held = post(PATH, WAV, file, "Accept", accept);

        assertThat(flowing.headers().firstValue("Content-Type"))
                .isPresent()
                .isEqualTo(held.headers().firstValue("Content-Type"));
    }

    private static JsonNode withoutTime(JsonNode report) {
        return ((ObjectNode) report).without("milliseconds");
    }

    /** The sound is the same, whichever form it came in, and goes out in. */
    @Test
    void flacFlowsAsWavDoes() {
        byte[] wav = bytes(Recordings.music());
        byte[] flac = post("/v1/reconstruct?response_format=flac&encoding=pcm16", WAV, wav)
                .body();
        String asked = "/v1/reconstruct?n_fft=1024&encoding=pcm16";

        HttpResponse<byte[]> toWav = stream(asked, "audio/flac", flac);
        HttpResponse<byte[]> toFlac = stream(asked + "&response_format=flac", "audio/flac", flac);

        assertThat(toWav.statusCode()).isEqualTo(200);
        assertThat(toFlac.statusCode()).isEqualTo(200);
        assertThat(toFlac.headers().firstValue("Content-Type")).hasValue("audio/flac");
        assertThat(toFlac.headers().firstValueAsLong("Content-Length")).hasValue(toFlac.body().length);
        byte[] held = post(asked, WAV, wav).body();
        assertThat(Arrays.mismatch(toWav.body(), held)).isEqualTo(-1);
        assertThat(Arrays.mismatch(
                        toFlac.body(),
                        post(asked + "&response_format=flac", WAV, wav).body()))
                .isEqualTo(-1);
    }

    /** 33 channels are more than flow through one process, and are held where they are resampled. */
    @ParameterizedTest
    @CsvSource({"1, 16000, 24000", "2, 44100, 16000", "2, 44100, 44100", "3, 8000, 8001", "33, 8000, 12000"})
    void whatIsResampledFlowsAsIfHeld(int channels, int rate, int to) throws IOException {
        AudioSignal music = Recordings.read(Recordings.music());
        float[][] samples = new float[channels][];
        Arrays.setAll(samples, channel -> Arrays.copyOfRange(music.samples(0), 999 * channel, 999 * channel + 20_011));
        Shape leading = channels == 1 ? Shape.SCALAR : Shape.of(channels);
        byte[] wav = WavBytes.write(new AudioSignal(leading, samples, rate), WavEncoding.FLOAT32);
        String asked = PATH + "&resample_to=" + to;

        HttpResponse<byte[]> flowing = stream(asked, WAV, wav);
        HttpResponse<byte[]> held = postForm(asked, Map.of("file", wav), Map.of());

        assertThat(flowing.statusCode()).as(text(flowing)).isEqualTo(200);
        assertThat(Arrays.mismatch(flowing.body(), held.body())).isEqualTo(-1);
        assertThat(withoutTime(report(flowing))).isEqualTo(withoutTime(report(held)));
        assertThat(WavBytes.read(flowing.body()).length()).isEqualTo((int) Math.ceil(20_011.0 * to / rate));
    }

    @Test
    void whatCannotBeResampledIsRefusedAsIfHeld() throws IOException {
        byte[] speech = bytes(Recordings.speech());
        byte[] slow = WavBytes.write(AudioSignal.mono(new float[100], 50), WavEncoding.FLOAT32);
        byte[] empty = WavBytes.write(AudioSignal.mono(new float[0], 8000), WavEncoding.FLOAT32);
        byte[] nothing = WavBytes.ofUnknownLength();
        byte[] broken = WavBytes.write(
                AudioSignal.mono(new float[] {0, Float.NaN, 0, Float.NEGATIVE_INFINITY}, 8000), WavEncoding.FLOAT32);
        String asked = PATH + "&resample_to=12000";
        for (byte[] file : List.of(slow, empty, nothing, broken, Arrays.copyOf(speech, 50_000))) {
            HttpResponse<byte[]> flowing = stream(asked, WAV, file);
            HttpResponse<byte[]> held = postForm(asked, Map.of("file", file), Map.of());

            assertThat(flowing.statusCode()).isBetween(400, 422).isEqualTo(held.statusCode());
            assertThat(json(flowing).get("code")).isEqualTo(json(held).get("code"));
        }
        HttpResponse<byte[]> otherRate = stream(asked + "&sample_rate=12000", WAV, speech);
        assertThat(json(otherRate).get("detail").asString()).contains("the file's, 16000 (resample_to");
    }

    /** More than the decoders' places send what is resampled, and stop in its middle. */
    @Test
    void whoSendsSlowlyKeepsNobodyFromResampling() throws IOException {
        String asked = PATH + "&resample_to=12000";
        byte[] begun = WavBytes.ofUnknownLength(new byte[10_000]);
        String head = "POST " + asked + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/wav\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(begun.length) + "\r\n";
        int senders = 4 * Math.max(2, Runtime.getRuntime().availableProcessors());
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < senders; i++) {
                sockets.add(connect(port, head.getBytes(StandardCharsets.ISO_8859_1), begun));
            }
            await().until(() -> spools.onDisk() == (long) senders * begun.length);

            assertThat(stream(asked, WAV, bytes(Recordings.speech())).statusCode())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        await().until(() -> spools.onDisk() == 0);
    }

    @Test
    void everyChannelIsKept() {
        byte[] file = bytes(Recordings.music());

        HttpResponse<byte[]> response = stream("/v1/reconstruct?encoding=pcm16", WAV, file);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(report(response).get("spectral_convergence_db")).hasSize(2);
        byte[] samples = Arrays.copyOfRange(file, file.length - 4000, file.length);
        byte[] answered = Arrays.copyOfRange(response.body(), response.body().length - 4000, response.body().length);
        assertThat(answered).isEqualTo(samples);
    }

    @Test
    void aCutFileIsRefusedWhenItsEndComes() {
        byte[] file = bytes(Recordings.speech());

        HttpResponse<byte[]> response = stream(PATH, WAV, Arrays.copyOf(file, file.length / 2));

        assertProblem(response, 400, "malformed_wav");
    }

    @Test
    void whatIsNotFiniteIsCounted() throws IOException {
        float[] samples = {0.5f, Float.NaN, 0.25f, Float.POSITIVE_INFINITY};
        byte[] file = WavBytes.write(AudioSignal.mono(samples, 8000), WavEncoding.FLOAT32);

        HttpResponse<byte[]> response = stream(PATH, WAV, file);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).get("detail").asString()).contains("2 NaN or infinite", "the first at [1]");
    }

    @Test
    void whatCannotBeInvertedIsRefused() {
        HttpResponse<byte[]> response =
                stream("/v1/reconstruct?n_fft=512&hop_length=512", WAV, bytes(Recordings.speech()));

        assertProblem(response, 422, "nola");
    }

    /**
     * A frame for each sample, and five transforms of a prime length for each frame, in blocks; of the shorter file all
     * at its end.
     */
    @ParameterizedTest
    @ValueSource(ints = {20_000, 3_700})
    void theDeadlineIsKeptInTheMiddleOfABlock(int samples) throws IOException {
        AudioSignal speech = Recordings.read(Recordings.speech());
        byte[] file = WavBytes.write(
                AudioSignal.mono(Arrays.copyOf(speech.samples(0), samples), speech.sampleRate()), WavEncoding.PCM16);
        long start = System.nanoTime();

        HttpResponse<byte[]> response = stream("/v1/reconstruct?n_fft=7603&hop_length=1&timeout=0.5", WAV, file);

        assertProblem(response, 503, "timeout");
        assertThat((System.nanoTime() - start) / 1e9).as("seconds").isLessThan(4);
        await().until(() -> pool.streams().running() == 0);
    }

    /** What came is not read while a block is computed, and hides the end of the connection from who only reads on. */
    @Test
    void theWorkEndsWhenItsClientResets() throws IOException {
        byte[] head = ("POST /v1/reconstruct?n_fft=2039&hop_length=1 HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: audio/wav\r\nContent-Length: 2000000\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (Socket client = connect(port, head)) {
            client.getOutputStream().write(bytes(Recordings.speech()), 0, 200_000);
            await().until(() -> pool.streams().running() == 1);
            client.setSoLinger(true, 0);
        }
        // So much takes more than ten seconds.
        await().atMost(Duration.ofSeconds(5)).until(() -> pool.streams().running() == 0);
    }
}
