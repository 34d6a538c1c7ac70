package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.phasor.operation.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls of the README and of the pages, as they stand there, against the started service. */
class ReadmeTest extends ServiceTest {

    private static final Path README = Path.of("README.md");
    private static final Path PROTOCOL = Path.of("docs", "inference-protocol.md");
    private static final Path API = Path.of("docs", "api.md");
    private static final Path MEL = Path.of("docs", "mel.md");

    @TempDir
    private Path folder;

    @Test
    void theCallsWithCurl() throws Exception {
        assumeTrue(runs("curl", "--version"), "curl is not installed");

        String printed = run("bash", "-euo", "pipefail", "-c", tested(README, "sh"));

        assertThat(printed)
                .contains("\"algorithm\":\"coarse_to_fine\"", "\"algorithm\":\"istft\"")
                .contains("\"saturated\":0");
        assertThat(Files.size(folder.resolve("found.wav"))).isGreaterThan(4 * 113_000);
        assertThat(Files.size(folder.resolve("speech.wav"))).isGreaterThan(4 * 113_600);
        assertThat(folder.resolve("phase.npy")).exists();
        assertThat(folder.resolve("gradient.npy")).exists();
    }

    @Test
    void theSameFromPython() throws Exception {
        assumeTrue(runs("python3", "-c", "import numpy"), "python3 with numpy is not installed");

        assertThat(run("python3", "-c", tested(README, "python")))
                .contains("(513, 444)")
                .contains("True istft");
    }

    @Test
    void melsWithCurl() throws Exception {
        assumeTrue(runs("curl", "--version"), "curl is not installed");

        assertThat(run("bash", "-euo", "pipefail", "-c", tested(MEL, "sh")))
                .contains("\"mel\":\"whisper\"", "\"mel_convergence_db\":-3");
    }

    @Test
    void eachEndpointWithCurl() throws Exception {
        assumeTrue(runs("curl", "--version"), "curl is not installed");
        String page = Files.readString(API);
        String answers = page.substring(page.indexOf("from which this is taken:"));
        List<String> told = Pattern.compile("(?m)^(.*)\u2026$")
                .matcher(answers.substring(0, answers.indexOf("```\n\n")))
                .results()
                .map(line -> line.group(1))
                .toList();

        assertThat(told).hasSizeGreaterThan(14);
        assertThat(run("bash", "-euo", "pipefail", "-c", tested(API, "sh"))).contains(told);
        for (Endpoint endpoint : Endpoint.values()) {
            assertThat(tested(API, "sh")).contains("ask '" + endpoint.wireName().replace('_', '/'));
        }
    }

    @Test
    void theProtocolWithCurl() throws Exception {
        assumeTrue(runs("curl", "--version"), "curl is not installed");

        assertThat(run("bash", "-euo", "pipefail", "-c", tested(PROTOCOL, "sh")))
                .contains("\"id\":\"42\"", "\"shape\":[1,1,3]", "\"data\":[0.0,0.9272952,3.1415927]");
    }

    @Test
    void theProtocolFromPython() throws Exception {
        assumeTrue(runs("python3", "-c", "import numpy"), "python3 with numpy is not installed");

        assertThat(run("python3", "-c", tested(PROTOCOL, "python"))).startsWith("(1, 2, 257, 126) True [");
    }

    /** A page's block of a language that is marked as tested, with this service's port. */
    private String tested(Path page, String language) throws IOException {
        var block = Pattern.compile("<!-- tested -->\n```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(page));
        assertThat(block.find()).isTrue();
        return block.group(1).replace("http://127.0.0.1:8080", uri("").toString());
    }

    private String run(String... command) throws Exception {
        Path examples = folder.resolve("examples");
        Files.createSymbolicLink(examples, Path.of("examples").toAbsolutePath());
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
