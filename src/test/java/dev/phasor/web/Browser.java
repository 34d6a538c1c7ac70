package dev.phasor.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Chromium, as Debian has it, with the page in it. */
final class Browser implements AutoCloseable {

    /** Long enough for a machine that does much else: nothing waits for it to pass. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ChromeDriver driver;
    private final String origin;

    private Browser(ChromeDriver driver, String origin) {
        this.driver = driver;
        this.origin = origin;
    }

    /** Whether both programs are installed. */
    static boolean isThere() {
        return program("chromium").isPresent() && program("chromedriver").isPresent();
    }

    private static Optional<Path> program(String name) {
        return Arrays.stream(requireNonNull(System.getenv("PATH")).split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A window of so many CSS pixels on a service's page. */
    static Browser open(int port, String path, int width, int height, String scheme) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("chromium").orElseThrow().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // CI is root
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--window-size=" + width + "," + height);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program("chromedriver").orElseThrow().toFile())
                .build();
        Browser browser = new Browser(new ChromeDriver(service, options), "http://127.0.0.1:" + port);
        browser.shape(width, height, scheme);
        browser.reload(path);
        return browser;
    }

    void shape(int width, int height, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Opens a page, until its modules have run. */
    void reload(String path) {
        driver.get(origin + path);
        await().atMost(PATIENCE).until(() -> "complete".equals(driver.executeScript("return document.readyState")));
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    /** What is read there, in one line. */
    String text(String css) {
        return find(css).getText().replaceAll("\\s+", " ");
    }

    String attribute(String css, String name) {
        return requireNonNull(find(css).getAttribute(name));
    }

    void click(String css) {
        find(css).click();
    }

    void choose(String select, String value) {
        find(select + " option[value='" + value + "']").click();
    }

    void type(String field, String value) {
        WebElement element = find(field);
        element.clear();
        element.sendKeys(value);
    }

    void keys(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    @Nullable
    Object script(String code, Object... arguments) {
        return driver.executeScript(code, arguments);
    }

    /** What a script tells its last argument, at the latest after so long. */
    Object later(String code, Duration atMost) {
        driver.manage().timeouts().scriptTimeout(atMost);
        return requireNonNull(driver.executeAsyncScript(code));
    }

    /** Drops a file on the page, as a hand does. */
    void drop(String name, byte[] content) {
        script("""
                const bytes = Uint8Array.from(atob(arguments[1]), (letter) => letter.charCodeAt(0));
                const data = new DataTransfer();
                data.items.add(new File([bytes], arguments[0]));
                document.getElementById("picture").removeAttribute("data-state");
                document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
                """, name, Base64.getEncoder().encodeToString(content));
    }

    void awaitTrue(String what, String expression) {
        await(what).atMost(PATIENCE).until(() -> Boolean.TRUE.equals(script("return Boolean(" + expression + ")")));
    }

    /** Until all that is visible of the spectrogram is drawn. */
    void awaitPicture() {
        awaitTrue("the picture", "document.getElementById('picture').dataset.state === 'drawn'");
    }

    /** Until what runs has ended. */
    void awaitRun() {
        awaitTrue("the run", "!document.getElementById('run').disabled");
    }

    /** What the console says at the level of an error, since this was last asked. */
    List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The addresses that were asked for, since this was last asked. */
    List<String> requests() {
        JsonMapper mapper = new JsonMapper();
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> mapper.readTree(entry.getMessage()).get("message"))
                .filter(message -> message.get("method").asString().equals("Network.requestWillBeSent"))
                .map((JsonNode message) -> message.at("/params/request/url").asString())
                .toList();
    }

    /** Nothing went wrong in the console, and nothing was asked for elsewhere. */
    void assertQuiet() {
        assertThat(errors()).isEmpty();
        assertThat(requests()).allSatisfy(url -> assertThat(url).matches("(" + origin + "/|blob:|data:).*"));
    }

    /** What axe finds that keeps people out: each as its rule and where. */
    List<String> barriers() throws IOException {
        String axe = new String(
                requireNonNull(Browser.class.getResourceAsStream("/axe.min.js")).readAllBytes(),
                StandardCharsets.UTF_8);
        script(axe);
        // A color on its way to another has the contrast of neither.
        awaitTrue("the colors", "document.getAnimations().every((a) => !(a instanceof CSSTransition))");
        @Nullable Object found = driver.executeAsyncScript("""
                const done = arguments[0];
                axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then(({ violations }) =>
                  done(violations.filter(({ impact }) => impact === "serious" || impact === "critical")
                    .flatMap(({ id, nodes }) => nodes.map((node) => id + " " + node.target + " " + node.failureSummary))));
                """);
        return ((List<?>) requireNonNull(found)).stream().map(String::valueOf).toList();
    }

    /** The whole document, or one element of it, as PNG. */
    byte[] photograph(String css) {
        Object box = requireNonNull(script("""
                const box = document.querySelector(arguments[0]).getBoundingClientRect();
                return { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height, scale: 1 };
                """, css));
        Object data = driver.executeCdpCommand(
                        "Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip", box))
                .get("data");
        return Base64.getDecoder().decode(String.valueOf(data));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
