package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Bytes;
import dev.phasor.Recordings;
import dev.phasor.codec.NpyBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Long reconstructions of the page: jobs that tell how far they are, and end when they are told to. */
@EnabledIf(
        value = "dev.phasor.web.Browser#isThere",
        disabledReason = "THE PAGE IS NOT TESTED: chromium and chromedriver are not in PATH")
class PageJobsIT extends PageInChromium {

    private static final String SECOND_SOUND = "document.querySelectorAll('#sounds tbody tr').length === 2";

    @Test
    void aLongOneTellsHowFarItIsAndEndsWithWhatItHas() throws IOException {
        browser.drop("speech.wav", Files.readAllBytes(Recordings.speech()));
        browser.awaitPicture();
        run(browser, 10_000);
        browser.awaitTrue(
                "progress",
                "/^computing · [1-9]\\d*.of.10000.iterations · −\\d+\\.\\d.dB · \\d+.(s|min).left$/"
                        + ".test(document.getElementById('elapsed').textContent)");
        browser.awaitTrue("a part of the bar", "document.querySelector('#progress progress').position > 0");
        assertThat(browser.text("#cancel")).isEqualTo("Stop here");
        browser.click("#cancel");
        browser.awaitTrue("what there is", SECOND_SOUND);
        browser.awaitRun();

        assertThat(browser.text("#sounds")).containsPattern("griffinlim [1-9]\\d* of 10000 iterations −\\d+\\.\\d dB");
        assertThat(browser.find("#hear-b").isEnabled()).isTrue();
        assertThat(browser.text("#problem")).isEmpty();
        browser.assertQuiet();
    }

    @Test
    void whatNobodyWaitsForEnds() throws IOException {
        browser.drop("music.wav", Files.readAllBytes(Recordings.music()));
        browser.awaitPicture();
        run(browser, 10_000);
        browser.awaitTrue("progress", "/^computing/.test(document.getElementById('elapsed').textContent)");
        assertThat(service.metric("phasor_jobs{state=\"running\"}")).isEqualTo(1);

        browser.reload("/docs");
        await().atMost(Duration.ofMinutes(1)).until(() -> service.metric("phasor_jobs{state=\"running\"}") == 0);
    }

    @Test
    void aShortOneIsNoJob() throws IOException {
        browser.drop("speech.wav", Files.readAllBytes(Recordings.speech()));
        browser.awaitPicture();
        run(browser, 5);
        browser.awaitTrue("the sound", SECOND_SOUND);

        assertThat(browser.requests()).noneMatch(url -> url.contains("/v1/jobs/"));
        assertThat(browser.text("#sounds")).contains("griffinlim 5 iterations");
    }

    @Test
    void whatAJobFailsAtIsShownInTheServicesWords() {
        float[] magnitudes = new float[513 * 400];
        Arrays.fill(magnitudes, 1);
        magnitudes[7] = -1;
        browser.drop("m.npy", NpyBytes.of("<f4", "(513, 400)", Bytes.floats(magnitudes)));
        browser.awaitPicture();
        run(browser, 1000);
        browser.awaitTrue("the problem", "document.querySelector('.problem')");
        browser.awaitRun();

        assertThat(browser.text(".problem")).contains("422 negative_magnitude", "[0, 7]");
        assertThat(browser.requests()).anyMatch(url -> url.endsWith("/result"));
        assertThat(browser.errors()).allSatisfy(line -> assertThat(line).contains("status of 422"));
    }

    @Test
    void withoutJobsItIsAsItWas(@TempDir Path log) throws IOException {
        try (StartedService plain = StartedService.withHeap("1g", log, "--phasor.jobs.enabled=false");
                Browser other = Browser.open(plain.port(), "/", 1280, 900, "light")) {
            other.drop("speech.wav", Files.readAllBytes(Recordings.speech()));
            other.awaitPicture();
            run(other, 200);
            other.awaitTrue("the sound", SECOND_SOUND);

            assertThat(other.text("#sounds")).contains("griffinlim 200 iterations");
            other.assertQuiet();
        }
    }
}
