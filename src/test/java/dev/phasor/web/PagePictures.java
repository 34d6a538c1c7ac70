package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the pictures of docs/page.md: {@code mvn test -Dtest=PagePictures}. No check of every day: its name keeps it
 * out of them.
 */
class PagePictures {

    private static final Path FOLDER = Path.of("docs", "page");

    @TempDir
    private static Path folder;

    private static StartedService service;

    @BeforeAll
    static void start() throws IOException {
        service = StartedService.withHeap("1g", folder, PageInChromium.jobsIn(folder));
        Files.createDirectories(FOLDER);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aSoundAndItsReconstruction() throws IOException {
        try (Browser browser = Browser.open(service.port(), "/", 1200, 900, "light")) {
            browser.click("#example");
            browser.awaitPicture();
            browser.awaitTrue("the diagnosis", "document.getElementById('recipes')");
            browser.click(".tally li:nth-child(4) input");
            for (String algorithm : new String[] {"griffinlim", "auto"}) {
                browser.choose("[name=algorithm]", algorithm);
                browser.click("#run");
                browser.awaitTrue("the report", "document.querySelector('#report dl')");
                browser.awaitRun();
                browser.script("[...document.querySelectorAll('#sounds button')].filter((button) =>"
                        + " /Curve/.test(button.textContent)).at(-1).click()");
                browser.awaitRun();
            }
            browser.awaitTrue("both curves", "document.querySelectorAll('#chart circle').length === 14");
            browser.awaitPicture();
            browser.script("document.activeElement.blur()");
            keep("look.png", browser.photograph("#look"));
            keep("reconstruct.png", browser.photograph("#make"));
        }
    }

    @Test
    void hazardsInTheDark() throws IOException {
        try (Browser browser = Browser.open(service.port(), "/", 1200, 900, "dark")) {
            browser.click("#example-array");
            browser.awaitPicture();
            browser.awaitTrue("the diagnosis", "document.getElementById('recipes')");
            browser.awaitTrue("no more to draw", "document.getElementById('diagnose').disabled === false");
            keep("hazards.png", browser.photograph("body"));
        }
    }

    @Test
    void onATelephone() throws IOException {
        try (Browser browser = Browser.open(service.port(), "/", 390, 844, "light")) {
            browser.click("#example");
            browser.awaitPicture();
            keep("telephone.png", browser.photograph("#look"));
        }
    }

    private static void keep(String name, byte[] png) throws IOException {
        assertThat(png).hasSizeGreaterThan(10_000);
        Files.write(FOLDER.resolve(name), png);
    }
}
