package dev.phasor.operation;

import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the service says about an answer beside the answer, in the order said. */
final class Report {

    private final long start = System.nanoTime();
    private final Map<String, Object> entries = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    Report put(String name, Object value) {
        entries.put(name, value);
        return this;
    }

    Report transform(StftParameters transform) {
        put("n_fft", transform.fftSize());
        put("hop_length", transform.hopLength());
        put("win_length", transform.windowLength());
        put("window", transform.window().kind().wireName());
        put("center", transform.centered());
        return this;
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    /** Everything said, the warnings and the milliseconds since this report was begun. */
    Map<String, Object> finish() {
        if (!warnings.isEmpty()) {
            entries.put("warnings", List.copyOf(warnings));
        }
        entries.put("milliseconds", Math.round((System.nanoTime() - start) / 1e3) / 1e3);
        return entries;
    }
}
