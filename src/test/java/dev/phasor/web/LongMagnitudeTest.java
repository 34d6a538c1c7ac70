package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import dev.phasor.codec.NpzBytes;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Spools;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Magnitudes that are reconstructed in blocks, from a file on the disk. */
@TestPropertySource(properties = {"phasor.blocks.from=100KB", "phasor.blocks.size=64KB"})
class LongMagnitudeTest extends ServiceTest {

    private static final String STFT = "n_fft=256&hop_length=64";
    private static final String PATH = "/v1/reconstruct?n_iter=8&sample_rate=44100&" + STFT;

    @Autowired
    private MemoryBudget budget;

    @Autowired
    private Spools spools;

    private byte[] mono;

    @BeforeEach
    void magnitude() {
        // As a form, so that it is held, in the order of rows.
        mono = postForm("/v1/stft?output=magnitude&" + STFT, Map.of("file", bytes(Recordings.speech())), Map.of())
                .body();
    }

    @AfterEach
    void nothingIsKept() {
        // It is given back after the answer's end.
        await().untilAsserted(() -> {
            assertThat(spools.onDisk()).isZero();
            assertThat(budget.reserved()).isZero();
        });
    }

    @Test
    void everyChannelHasItsSound() {
        HttpResponse<byte[]> one = post(PATH, NPY, mono);
        HttpResponse<byte[]> two = post(PATH + "&seed=0", NPY, twice(mono));

        assertThat(two.statusCode()).isEqualTo(200);
        assertThat(two.headers().firstValue("Content-Type")).hasValue(WAV);
        assertThat(report(two).get("blocks").asInt()).isGreaterThan(3);
        assertThat(report(two).get("algorithm").asString()).isEqualTo("coarse_to_fine");
        assertThat(report(two).get("spectral_convergence_db")).hasSize(2);
        assertThat(report(two).get("spectral_convergence_db").get(0))
                .isEqualTo(report(one).get("spectral_convergence_db"));
    }

    /** The same samples, whichever axis varies fastest in the file. */
    @Test
    void theOrderOfTheFileChangesNothing() {
        byte[] rows = mono;
        byte[] columns = fortran(mono);

        HttpResponse<byte[]> ofRows = post(PATH, NPY, rows);
        HttpResponse<byte[]> ofColumns = post(PATH, "application/octet-stream", columns);

        assertThat(ofRows.statusCode()).isEqualTo(200);
        assertThat(ofColumns.statusCode()).isEqualTo(200);
        assertThat(Arrays.mismatch(ofRows.body(), ofColumns.body())).isEqualTo(-1);
    }

    @Test
    void aBodyOfUnknownLengthFlowsWhereItsArrayIsLong() {
        HttpResponse<byte[]> known = post(PATH, NPY, mono);
        HttpResponse<byte[]> unknown = stream(PATH, NPY, mono);

        assertThat(report(unknown).get("blocks").asInt()).isGreaterThan(3);
        assertThat(Arrays.mismatch(unknown.body(), known.body())).isEqualTo(-1);
    }

    /** As the service answers it, with what it says of it. */
    @ParameterizedTest
    @ValueSource(strings = {"magnitude", "power"})
    void anNpzFlows(String output) {
        byte[] npz = stream(
                        "/v1/stft?response_format=npz&output=" + output + "&" + STFT, WAV, bytes(Recordings.speech()))
                .body();

        HttpResponse<byte[]> known = post("/v1/reconstruct?n_iter=8", NPZ, npz);
        HttpResponse<byte[]> unknown = stream("/v1/reconstruct?n_iter=8", NPZ, npz);

        assertThat(known.statusCode()).as(text(known)).isEqualTo(200);
        assertThat(report(known).get("blocks").asInt()).isGreaterThan(3);
        assertThat(report(known).get("hop_length").asInt()).isEqualTo(64);
        assertThat(report(known).get("sample_rate").asInt()).isEqualTo(16000);
        assertThat(Arrays.mismatch(unknown.body(), known.body())).isEqualTo(-1);
    }

    /** As numpy writes it for someone who names his arrays, and what he says of them, as he likes. */
    @ParameterizedTest
    @ValueSource(strings = {"S", "arr_0", "magnitude"})
    void anNpzFlowsWhateverStandsBeforeItsArray(String name) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("n_fft.npy", NpzBytes.scalar(256));
        entries.put("sample_rate.npy", NpzBytes.scalar(16000));
        entries.put(name + ".npy", mono);

        HttpResponse<byte[]> response = post("/v1/reconstruct?n_iter=8&hop_length=64", NPZ, NpzBytes.stored(entries));

        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        assertThat(report(response).get("blocks").asInt()).isGreaterThan(3);
        assertThat(report(response).get("n_fft").asInt()).isEqualTo(256);
    }

    /** Real and imaginary parts on a last axis, as frameworks without complex numbers have them. */
    @Test
    void axesInAnotherOrderAreRefusedAsOfTheWhole() {
        int data = 10 + ByteBuffer.wrap(mono).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
        int frames = (mono.length - data) / 4 / 129 / 2;
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (129, " + frames + ", 2), }";
        ByteBuffer parts = ByteBuffer.allocate(128 + 4 * 129 * frames * 2);
        parts.put(mono, 0, 8).put((byte) 118).put((byte) 0);
        parts.put((header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        parts.put(mono, data, parts.remaining());

        HttpResponse<byte[]> response = post("/v1/reconstruct?n_iter=8&sample_rate=44100", NPY, parts.array());

        assertProblem(response, 422, "shape_mismatch");
        assertThat(json(response).get("detail").asString()).startsWith("channels_last");
    }

    @Test
    void anNpzOfMoreThanAMagnitudeIsRefused() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("magnitude.npy", mono);
        entries.put("phase.npy", mono);
        HttpResponse<byte[]> two = post(PATH, NPZ, NpzBytes.zip(entries));
        HttpResponse<byte[]> cut = post(PATH, NPZ, Arrays.copyOf(NpzBytes.zip(entries), mono.length / 2));

        assertProblem(two, 400, "bad_parameter");
        assertThat(json(two).get("detail").asString()).contains("the input phase must be left out beside a magnitude");
        assertProblem(cut, 400, "malformed_npz");
    }

    @Test
    void theSoundIsAsGoodAsThatOfTheWhole() {
        double blocks =
                report(post(PATH, NPY, mono)).get("spectral_convergence_db").asDouble();
        // An answer that is no sound file needs the whole.
        double whole = report(post(PATH + "&response_format=npy", NPY, mono))
                .get("spectral_convergence_db")
                .asDouble();

        assertThat(blocks).isLessThan(whole + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"&response_format=flac", "&encoding=pcm16", "&algorithm=fast_griffinlim", "&length=113500"})
    void whatAWholeMagnitudeCanBlocksCan(String more) {
        assertThat(post(PATH + more, NPY, mono).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"&algorithm=rtisi_la", "&algorithm=spsi", "&init=random", "&algorithm=istft", "&length=10"})
    void whatBlocksCannotIsSaid(String more) {
        String path = more.startsWith("&algorithm") ? PATH.replace("n_iter=8&", "") + more : PATH + more;
        assertProblem(post(path, NPY, mono), 400, "bad_parameter");
    }

    @Test
    void aSampleRateIsAskedFor() {
        assertProblem(post("/v1/reconstruct?" + STFT, NPY, mono), 400, "bad_parameter");
    }

    @Test
    void whatIsNoMagnitudeIsCounted() {
        byte[] broken = mono.clone();
        ByteBuffer values = ByteBuffer.wrap(broken).order(ByteOrder.LITTLE_ENDIAN);
        values.putFloat(128 + 4 * 1000, Float.NaN);
        HttpResponse<byte[]> nan = post(PATH, NPY, broken);
        values.putFloat(128 + 4 * 1000, -1);
        HttpResponse<byte[]> negative = post(PATH, NPY, broken);

        assertProblem(nan, 422, "non_finite_input");
        assertThat(json(nan).get("detail").asString()).contains("[0, 1000]");
        assertProblem(negative, 422, "negative_magnitude");
        assertThat(json(negative).get("detail").asString()).contains("[0, 1000]");
    }

    @Test
    void aFileThatLiesIsRefused() {
        assertProblem(post(PATH, NPY, Arrays.copyOf(mono, mono.length - 4)), 400, "malformed_npy");
        assertProblem(post(PATH, NPY, Arrays.copyOf(mono, mono.length + 1)), 400, "malformed_npy");
        assertProblem(post(PATH.replace("256", "512"), NPY, mono), 422, "shape_mismatch");
    }

    @Test
    void otherArraysGoTheirOwnWay() {
        byte[] complex =
                post("/v1/stft?" + STFT, WAV, bytes(Recordings.speech())).body();
        String known = "/v1/reconstruct?sample_rate=16000&" + STFT;

        HttpResponse<byte[]> response = post(known, NPY, complex);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(report(response).get("algorithm").asString()).isEqualTo("istft");
    }

    /** The same array as two channels. */
    private static byte[] twice(byte[] npy) {
        int data = 10 + ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
        String header = new String(npy, 0, data, StandardCharsets.ISO_8859_1).replace("(129,", "(2, 129,");
        byte[] shape = header.replace("   \n", "\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer two = ByteBuffer.allocate(shape.length + 2 * (npy.length - data));
        two.put(shape).put(npy, data, npy.length - data).put(npy, data, npy.length - data);
        return two.array();
    }

    /** The same array with the first axis varying fastest. */
    private static byte[] fortran(byte[] npy) {
        int data = 10 + ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
        int bins = 129;
        int frames = (npy.length - data) / 4 / bins;
        byte[] columns = npy.clone();
        ByteBuffer from = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.wrap(columns).order(ByteOrder.LITTLE_ENDIAN);
        for (int bin = 0; bin < bins; bin++) {
            for (int frame = 0; frame < frames; frame++) {
                to.putFloat(data + 4 * (frame * bins + bin), from.getFloat(data + 4 * (bin * frames + frame)));
            }
        }
        String header = new String(columns, 0, data, StandardCharsets.ISO_8859_1).replace("False, ", "True,  ");
        System.arraycopy(header.getBytes(StandardCharsets.ISO_8859_1), 0, columns, 0, data);
        return columns;
    }
}
