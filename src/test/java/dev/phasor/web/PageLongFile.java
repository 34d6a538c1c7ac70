package dev.phasor.web;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How soon the page shows a stereo file of ten minutes at 44.1 kHz, and how smoothly it moves through it: {@code mvn
 * test -Dtest=PageLongFile} prints it ({@code benchmarks/page-long}). No check of every day: its name keeps it out of
 * them. Run it on a quiet machine.
 */
class PageLongFile {

    private static final int ROUNDS = 3;

    @TempDir
    private static Path folder;

    /** A file of noise under sines, made in the page, and the time from its drop to all that is visible. */
    private static final String DROP = """
            const done = arguments[arguments.length - 1];
            const rate = 44100, samples = rate * 600;
            const bytes = new ArrayBuffer(44 + 4 * samples);
            const view = new DataView(bytes);
            const text = (at, letters) => [...letters].forEach((each, i) => view.setUint8(at + i, each.charCodeAt(0)));
            text(0, "RIFF"); view.setUint32(4, 36 + 4 * samples, true); text(8, "WAVEfmt ");
            view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 2, true);
            view.setUint32(24, rate, true); view.setUint32(28, 4 * rate, true);
            view.setUint16(32, 4, true); view.setUint16(34, 16, true);
            text(36, "data"); view.setUint32(40, 4 * samples, true);
            const values = new Int16Array(bytes, 44);
            for (let t = 0, noise = 1; t < samples; t++) {
              noise = Math.imul(noise, 1664525) + 1013904223 | 0;
              values[2 * t] = 8000 * Math.sin(2e-9 * t * t) + (noise >> 20);
              values[2 * t + 1] = noise >> 19;
            }
            const file = new File([bytes], "long.wav");
            const data = new DataTransfer();
            data.items.add(file);
            const picture = document.getElementById("picture");
            picture.removeAttribute("data-state");
            const began = performance.now();
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
            const look = () => {
              if (picture.dataset.state === "drawn") done(performance.now() - began);
              else requestAnimationFrame(look);
            };
            look();
            """;

    /** Zooms in, then turns the wheel through the file for ten seconds; the longest time between two frames. */
    private static final String MOVE = """
            const done = arguments[arguments.length - 1];
            const picture = document.getElementById("picture");
            for (let i = 0; i < 4; i++) document.getElementById("zoom-in").click();
            const gaps = [], tasks = [];
            new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => tasks.push(duration)))
              .observe({ type: "longtask" });
            const box = picture.getBoundingClientRect();
            const began = performance.now();
            let before = began, steps = 0;
            const step = (now) => {
              gaps.push(now - before);
              before = now;
              if (now - began > 10000) {
                gaps.sort((a, b) => a - b);
                done({ frames: gaps.length, worst: gaps.at(-1), p99: gaps[Math.floor(0.99 * gaps.length)],
                  longTasks: tasks.length, longestTask: Math.max(0, ...tasks) });
                return;
              }
              const way = Math.floor(steps++ / 300) % 2 ? -1 : 1;
              const place = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
              picture.dispatchEvent(new WheelEvent("wheel",
                { deltaX: 40 * way, deltaY: 0, bubbles: true, cancelable: true, ...place }));
              requestAnimationFrame(step);
            };
            requestAnimationFrame(step);
            """;

    @Test
    void tenMinutes() throws IOException {
        try (StartedService service = StartedService.withHeap("1g", folder, "--phasor.warmup=5s");
                Browser browser = Browser.open(service.port(), "/", 1280, 900, "light")) {
            await().atMost(Duration.ofMinutes(1)).until(() -> service.log().contains(" warm after "));
            for (int round = 0; round < ROUNDS; round++) {
                browser.reload("/");
                Object first = browser.later(DROP, Duration.ofMinutes(2));
                Map<?, ?> moved = (Map<?, ?>) browser.later(MOVE, Duration.ofMinutes(2));
                System.out.printf(
                        "10 minutes of stereo: first picture after %.0f ms; the wheel through it for 10 s: %s%n",
                        ((Number) first).doubleValue(), moved);
            }
        }
    }
}
