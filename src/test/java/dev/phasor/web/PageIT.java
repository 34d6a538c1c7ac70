package dev.phasor.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Bytes;
import dev.phasor.Golden;
import dev.phasor.Recordings;
import dev.phasor.codec.NpyBytes;
import dev.phasor.codec.NpzBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the page shows, in Chromium: files, pixels, sounds, hazards, refusals, and the call that does the same. */
@EnabledIf(
        value = "dev.phasor.web.Browser#isThere",
        disabledReason = "THE PAGE IS NOT TESTED: chromium and chromedriver are not in PATH")
class PageIT extends PageInChromium {

    static Stream<Object[]> files() throws IOException {
        byte[] speech = Files.readAllBytes(Recordings.speech());
        return Stream.of(
                new Object[] {"speech.wav", speech, "16 kHz · 0:07.1 · mono · PCM 16"},
                new Object[] {"stereo.wav", Files.readAllBytes(Recordings.music()), "44.1 kHz · 0:10.7 · stereo"},
                new Object[] {"music.flac", Golden.bytes("codec/flac/music_16_bit.flac"), "kHz · 0:0"},
                new Object[] {"speech.mp3", Golden.bytes("foreign/speech.mp3"), "16 kHz · 0:01.5 · mono"},
                new Object[] {"audio.npy", NpyBytes.of("<f4", "(8000,)", tone(8000)), "16 kHz · 0:00.5 · mono"},
                new Object[] {"z.npy", NpyBytes.of("<c8", "(129, 50)", tone(2 * 129 * 50)), "complex spectrogram"},
                new Object[] {"m.npy", NpyBytes.of("<f4", "(129, 50)", squares(129 * 50)), "magnitude · [129, 50]"},
                new Object[] {"mel.npy", NpyBytes.of("<f4", "(80, 50)", tone(80 * 50)), "mel · [80, 50]"},
                new Object[] {
                    "m.npz",
                    NpzBytes.zip(Map.of("magnitude.npy", NpyBytes.of("<f8", "(2, 129, 50)", doubles(2 * 129 * 50)))),
                    "magnitude · [2, 129, 50]"
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void aFileThatIsDroppedIsShown(String name, byte[] content, String facts) throws IOException {
        browser.drop(name, content);
        browser.awaitPicture();

        assertThat(browser.text("#look-title")).isEqualTo(name);
        assertThat(browser.text("#facts")).contains(facts);
        assertThat(colours(canvas())).as("colours of the picture").hasSizeGreaterThan(20);
        browser.assertQuiet();
    }

    /** Every pixel in the middle of a frame, beside numpy's transform and a table of colours of its own. */
    @Test
    void thePictureIsThatOfAKnownTone() throws IOException {
        int bins = 129;
        ByteBuffer levels = Golden.buffer("page/tone.f32");
        int frames = levels.remaining() / Float.BYTES / bins;
        browser.drop("tone.wav", Golden.bytes("page/tone.wav"));
        browser.awaitPicture();
        browser.type("[name=n_fft]", "256");
        browser.type("[name=hop_length]", "64");
        browser.type("#top", "40");
        browser.awaitTrue(
                "its tiles",
                "document.getElementById('picture').dataset.level === '0,256,64,hann,0,16000'"
                        + " && document.getElementById('picture').dataset.state === 'drawn'");

        var picture = ImageIO.read(new ByteArrayInputStream(canvas()));
        int left = 58;
        int top = 8;
        int width = picture.getWidth() - left - 8;
        int height = picture.getHeight() - top - 24;
        byte[] table = Golden.bytes("page/levels.u8");
        int far = 0;
        int compared = 0;
        for (int frame = 2; frame < frames - 1; frame++) {
            int x = left + (int) Math.round(frame * 64 / 16000.0 * width);
            for (int row = 0; row < height; row++) {
                double bottom = (height - 1 - row) * (bins - 1.0) / height;
                double above = bottom + (bins - 1.0) / height;
                int bin = (int) Math.ceil(bottom);
                double middle = (bottom + above) / 2;
                int below = (int) middle;
                double level = bin < above
                        ? levels.getFloat(Float.BYTES * (frame * bins + bin))
                        : (below + 1 - middle) * levels.getFloat(Float.BYTES * (frame * bins + below))
                                + (middle - below) * levels.getFloat(Float.BYTES * (frame * bins + below + 1));
                int index = (int) Math.round(Math.min(255, Math.max(0, 255 + (level - 40) / 80 * 255)));
                int pixel = picture.getRGB(x, top + row);
                compared++;
                for (int part = 0; part < 3; part++) {
                    if (Math.abs((pixel >> (16 - 8 * part) & 255) - (table[3 * index + part] & 255)) > 4) {
                        far++;
                        break;
                    }
                }
            }
        }

        assertThat(compared).isGreaterThan(50_000);
        assertThat(far).as("pixels that are others, of " + compared).isLessThan(compared / 1000);
        browser.assertQuiet();
    }

    @Test
    void listeningToBKeepsThePlaceAndTheLevel() throws IOException {
        browser.drop("speech.wav", Files.readAllBytes(Recordings.speech()));
        browser.awaitPicture();
        browser.choose("[name=algorithm]", "pghi");
        browser.click("#run");
        browser.awaitTrue("a second sound", "document.querySelectorAll('#sounds tbody tr').length === 2");
        browser.awaitRun();
        browser.script("document.getElementById('wave').dispatchEvent(new PointerEvent('pointerdown', { clientX:"
                + " document.getElementById('wave').getBoundingClientRect().left + 300 }))");
        double before = place();
        assertThat(before).isGreaterThan(1);

        browser.click("#hear-b");
        assertThat(browser.attribute("#hear-b", "aria-pressed")).isEqualTo("true");
        assertThat(place()).isCloseTo(before, within(0.02));

        browser.click("#play");
        browser.awaitTrue("it plays", "Number(document.getElementById('wave').ariaValueNow) > " + (before + 0.2));
        double playing = place();
        browser.click("#hear-a");
        assertThat(browser.attribute("#play", "aria-label")).isEqualTo("Pause");
        assertThat(place()).isBetween(playing, playing + 3);
        browser.click("#play");

        browser.choose("#view", "difference");
        browser.awaitPicture();
        assertThat(browser.text("#report")).contains("Spectral convergence, dB", "pghi");
        browser.assertQuiet();
    }

    /** The text is run as it stands, in a folder with the file; Python's where its package finds numpy. */
    @Test
    void theCallThatIsShownDoesTheSame(@TempDir Path here) throws Exception {
        byte[] speech = Files.readAllBytes(Recordings.speech());
        Files.write(here.resolve("it's speech.wav"), speech);
        browser.drop("it's speech.wav", speech);
        browser.awaitPicture();
        browser.choose("[name=algorithm]", "pghi");
        browser.click("#run");
        browser.awaitTrue("the report", "document.querySelector('#report pre')");
        browser.awaitTrue("the call", "/pghi/.test(document.getElementById('call-text').textContent)");
        String figure = String.valueOf(browser.script("return String(JSON.parse(document.querySelector('#report pre')"
                + ".textContent).spectral_convergence_db).slice(0, 8)"));

        assertThat(run(here, "bash", "-euo", "pipefail", "-c", shownCall())).contains("\"algorithm\":\"pghi\"", figure);
        if (new ProcessBuilder("/usr/bin/python3", "-c", "import numpy").start().waitFor() == 0) {
            browser.click("#call-python");
            assertThat(run(here, "/usr/bin/python3", "-c", shownCall())).contains("pghi", figure);
        }
    }

    private static String shownCall() {
        return String.valueOf(browser.script("return document.getElementById('call-text').textContent"));
    }

    private static String run(Path here, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(here.toFile()).redirectErrorStream(true);
        builder.environment()
                .put(
                        "PYTHONPATH",
                        Path.of("clients", "python", "src").toAbsolutePath().toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** What was asked about in the forum: exact zeros, and parts so small that their squares are none. */
    @Test
    void hazardsAreListed() {
        float[] z = new float[2 * 65 * 20];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) Math.sin(1 + 0.7 * i);
        }
        for (int[] each : new int[][] {{3, 5}, {64, 19}}) {
            z[2 * (20 * each[0] + each[1])] = 0;
            z[2 * (20 * each[0] + each[1]) + 1] = 0;
        }
        z[2 * (20 * 7 + 2)] = 0;
        z[2 * (20 * 7 + 2) + 1] = 1e-25f;
        browser.drop("forum.npy", NpyBytes.of("<c8", "(65, 20)", Bytes.floats(z)));
        browser.awaitTrue("the diagnosis", "document.getElementById('recipes')");

        assertThat(browser.text(".tally")).contains("2 zero", "1 underflow", "0 overflow");
        assertThat(browser.text(".list")).contains("3, 5", "64, 19", "7, 2");
        assertThat(browser.text("#recipes")).containsPattern("naive [1-9]").containsPattern("safe 0");
        browser.assertQuiet();
    }

    @Test
    void aRefusalIsShownInTheServicesWords() {
        browser.drop("broken.flac", "fLaC, but no more than that".getBytes(UTF_8));
        browser.awaitTrue("the problem", "document.querySelector('.problem')");

        assertThat(browser.text(".problem")).contains("400 malformed_flac", "request ");
        assertThat(browser.errors()).allSatisfy(line -> assertThat(line).contains("status of 400"));
        browser.click(".problem button");
        assertThat(browser.text("#problem")).isEmpty();
    }

    private static byte[] canvas() {
        String url = String.valueOf(
                browser.script("return document.querySelector('#picture canvas').toDataURL('image/png')"));
        return Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1));
    }

    private static Set<Integer> colours(byte[] png) throws IOException {
        var picture = ImageIO.read(new ByteArrayInputStream(png));
        Set<Integer> colours = new LinkedHashSet<>();
        for (int y = 10; y < picture.getHeight() - 30; y++) {
            for (int x = 60; x < picture.getWidth() - 10; x++) {
                colours.add(picture.getRGB(x, y));
            }
        }
        return colours;
    }

    private static byte[] tone(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.5 * Math.sin(0.4 * i) + 0.1 * Math.sin(0.001 * i * i));
        }
        return Bytes.floats(values);
    }

    private static byte[] squares(int count) {
        float[] values = Bytes.toFloats(tone(count));
        for (int i = 0; i < count; i++) {
            values[i] *= values[i];
        }
        return Bytes.floats(values);
    }

    private static byte[] doubles(int count) {
        float[] values = Bytes.toFloats(squares(count));
        return Bytes.doubles(
                IntStream.range(0, count).mapToDouble(i -> values[i]).toArray());
    }
}
