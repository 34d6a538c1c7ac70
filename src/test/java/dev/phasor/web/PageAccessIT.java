package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/**
 * Who can use the page, and with what: by keyboard, on small screens, with a key, with long files; and the API's page.
 */
@EnabledIf(
        value = "dev.phasor.web.Browser#isThere",
        disabledReason = "THE PAGE IS NOT TESTED: chromium and chromedriver are not in PATH")
class PageAccessIT extends PageInChromium {

    private static final String KEY = "open-sesame";

    /** The status that Swagger UI shows of what was answered. */
    private static final String ANSWER = ".live-responses-table .response .response-col_status";

    /** By Tab alone, from the top to the end: each control once, and each can be seen when it has the focus. */
    @Test
    void itIsWalkedByKeyboard() {
        Set<String> walked = new LinkedHashSet<>();
        walk(walked, "example-array");
        assertThat(walked).containsExactly("skip", "brand", "key-button", "quiet", "file", "example", "example-array");
        browser.script("document.getElementById('example').focus()");
        browser.keys(Keys.ENTER);
        browser.awaitPicture();
        browser.awaitTrue("the diagnosis", "document.getElementById('recipes')");
        walk(walked, "copy");
        assertThat(walked)
                .contains("open-other", "play", "wave", "view", "axis", "range", "picture", "save-png")
                .contains("n_fft", "algorithm", "run", "diagnose", "call-python", "copy")
                .noneMatch(name -> name.startsWith("hidden"));

        browser.script("document.getElementById('picture').focus()");
        browser.keys("+");
        browser.keys("+");
        browser.keys(Keys.ARROW_RIGHT);
        assertThat(Double.parseDouble(browser.attribute("#picture", "aria-valuenow")))
                .isGreaterThan(1);
        browser.awaitPicture();
        browser.script("document.getElementById('wave').focus()");
        browser.keys(Keys.ARROW_RIGHT);
        assertThat(place()).isCloseTo(1, within(0.05));
        browser.assertQuiet();
    }

    /** 640 pixels are 1280 at 200 %, 320 are the narrowest that WCAG asks for. */
    @ParameterizedTest
    @CsvSource({"1280, light", "1280, dark", "640, light", "390, dark", "320, light"})
    void nothingKeepsPeopleOut(int width, String scheme) throws IOException {
        browser.shape(width, 800, scheme);
        assertThat(browser.barriers()).isEmpty();
        browser.click("#example");
        browser.awaitPicture();
        browser.awaitTrue("the diagnosis", "document.getElementById('recipes')");
        browser.choose("[name=algorithm]", "griffinlim");
        browser.type("[name=n_iter]", "5");
        browser.click("#run");
        browser.awaitTrue("the report", "document.querySelector('#report dl')");
        browser.awaitRun();
        browser.script(
                "[...document.querySelectorAll('#sounds button')].find((b) => /Curve/.test(b.textContent)).click()");
        browser.awaitTrue("the curve", "document.querySelectorAll('#chart circle').length === 3");
        browser.awaitRun();

        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing stands beyond the right edge")
                .isEqualTo(true);
        browser.assertQuiet();
    }

    /** Ten minutes of stereo: the picture of the first seconds asks for those, and not for all. */
    @Test
    void ofALongFileOnlyWhatIsVisibleIsAskedFor() throws IOException {
        browser.script("""
                const [rate, seconds] = [44100, 600];
                const data = new DataView(new ArrayBuffer(44 + 4 * rate * seconds));
                [..."RIFF    WAVEfmt "].forEach((c, i) => data.setUint8(i, c.charCodeAt(0)));
                [..."data"].forEach((c, i) => data.setUint8(36 + i, c.charCodeAt(0)));
                data.setUint32(16, 16, true); data.setUint16(20, 1, true); data.setUint16(22, 2, true);
                data.setUint32(24, rate, true); data.setUint32(28, 4 * rate, true); data.setUint16(32, 4, true);
                data.setUint16(34, 16, true); data.setUint32(40, 4 * rate * seconds, true);
                const samples = new Int16Array(data.buffer, 44);
                for (let i = 0; i < samples.length; i++) samples[i] = 8000 * Math.sin(i * i / 4e8);
                const files = new DataTransfer();
                files.items.add(new File([data], "long.wav"));
                document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
                """);
        browser.awaitPicture();
        long first = tiles();
        assertThat(first).isBetween(1L, 8L);

        browser.script("document.getElementById('picture').focus()");
        browser.keys(Keys.END);
        browser.awaitTrue("the end", "Number(document.getElementById('picture').ariaValueNow) > 500");
        browser.awaitPicture();
        assertThat(tiles()).isBetween(1L, 8L);
        browser.keys("0");
        browser.awaitTrue("all of it", "Number(document.getElementById('picture').ariaValueNow) === 0");
        browser.awaitPicture();
        assertThat(tiles()).isBetween(1L, 8L);
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void aKeyIsAskedForWhereOneIsNeeded(@TempDir Path log) throws IOException {
        String hash = "d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7";
        try (StartedService locked =
                        StartedService.withHeap("1g", log, jobsIn(log), "--phasor.security.keys.ali=" + hash);
                Browser stranger = Browser.open(locked.port(), "/", 1280, 900, "light")) {
            stranger.awaitTrue("the dialog", "document.getElementById('key-dialog').open");
            stranger.type("#key", "wrong");
            stranger.keys(Keys.ENTER);
            stranger.awaitTrue("the next", "/not one of/.test(document.getElementById('key-detail').textContent)");
            stranger.type("#key", KEY);
            stranger.keys(Keys.ENTER);
            stranger.awaitTrue("the algorithms", "document.querySelector('[name=mel]').options.length > 3");
            stranger.click("#example");
            stranger.awaitPicture();
            run(stranger, 300);
            stranger.awaitTrue("a job's sound", "document.querySelectorAll('#sounds tbody tr').length === 2");

            assertThat(stranger.requests()).anyMatch(url -> url.contains("/v1/jobs/"));
            assertThat(stranger.text("#call-text")).contains("$PHASOR_KEY").doesNotContain(KEY);
            assertThat(stranger.errors()).allSatisfy(line -> assertThat(line).contains("status of 401"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stft",
                "mel",
                "istft",
                "phase",
                "phase_vjp",
                "phase_diagnose",
                "reconstruct",
                "evaluate",
                "algorithms"
            })
    void theExampleOfAnOperationRuns(String operation) {
        browser.reload("/docs");
        tryOut(browser, operation);
        browser.assertQuiet();
    }

    private static void tryOut(Browser browser, String operation) {
        browser.awaitTrue("the operations", "document.querySelectorAll('.opblock').length > 8");
        browser.click(".opblock[id$='v1-" + operation + "'] .opblock-summary-control");
        browser.awaitTrue("the button", "document.querySelector('.btn.execute')");
        browser.script("document.querySelector('.btn.execute').click()");
        browser.awaitTrue("the answer", "document.querySelector('" + ANSWER + "')");
        assertThat(browser.text(ANSWER)).startsWith("200");
    }

    /** The page by its reconstruction, a job; the API's page by an example. */
    @Test
    void behindThePrefixOfAProxyItIsTheSame(@TempDir Path log) throws IOException {
        try (StartedService behind =
                        StartedService.withHeap("1g", log, jobsIn(log), "--phasor.security.allowed-origins=*");
                PrefixProxy proxy = new PrefixProxy(behind.port());
                Browser outside = Browser.open(proxy.port(), PrefixProxy.PREFIX + "/", 1280, 900, "light")) {
            outside.click("#example");
            outside.awaitPicture();
            run(outside, 300);
            outside.awaitTrue("a job's sound", "document.querySelectorAll('#sounds tbody tr').length === 2");
            assertThat(outside.text("#call-text")).contains(PrefixProxy.PREFIX + "/v1/reconstruct");

            outside.reload(PrefixProxy.PREFIX + "/docs");
            tryOut(outside, "phase");
            assertThat(outside.errors()).isEmpty();
            assertThat(outside.requests())
                    .anyMatch(url -> url.endsWith("/events"))
                    .filteredOn(url -> url.startsWith("http"))
                    .allSatisfy(url -> assertThat(url).contains(PrefixProxy.PREFIX + "/"));
        }
    }

    /** By Tab to an element; each that has the focus on the way is added by its name, and stands on the screen. */
    private static void walk(Set<String> walked, String last) {
        for (int i = 0; i < 400 && !walked.contains(last); i++) {
            browser.keys(Keys.TAB);
            walked.add(String.valueOf(browser.script("""
                    const at = document.activeElement;
                    const box = at.getBoundingClientRect();
                    const visible = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
                    return visible ? at.id || at.name || at.className || at.tagName : "hidden " + at.outerHTML;
                    """)));
        }
    }

    /** Spectrograms that were asked for since this was last asked. */
    private static long tiles() {
        return browser.requests().stream()
                .filter(url -> url.contains("/v1/stft"))
                .count();
    }
}
