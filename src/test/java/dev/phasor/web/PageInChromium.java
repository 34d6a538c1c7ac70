package dev.phasor.web;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A service of its own and Chromium on its page, which begins anew with each test. */
abstract class PageInChromium {

    @TempDir
    private static Path folder;

    static StartedService service;
    static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        service = StartedService.withHeap("1g", folder, jobsIn(folder));
        browser = Browser.open(service.port(), "/", 1280, 900, "light");
    }

    @AfterAll
    static void stop() {
        browser.close();
        service.close();
    }

    @BeforeEach
    void anew() {
        browser.shape(1280, 900, "light");
        browser.reload("/");
        browser.errors();
        browser.requests();
    }

    /** Setting of a service whose jobs nobody else has. */
    static String jobsIn(Path folder) {
        return "--phasor.jobs.folder=" + folder.resolve("jobs");
    }

    /** Reconstructs by so many iterations of Griffin-Lim. */
    static void run(Browser browser, int iterations) {
        browser.choose("[name=algorithm]", "griffinlim");
        browser.type("[name=n_iter]", String.valueOf(iterations));
        browser.click("#run");
    }

    /** Where the player is, in seconds. */
    static double place() {
        return Double.parseDouble(browser.attribute("#wave", "aria-valuenow"));
    }
}
