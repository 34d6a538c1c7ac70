package dev.phasor.mel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the trainers of known models make of audio, as values of request parameters: one line of {@code presets.csv}
 * each. An empty cell leaves a parameter at its own default.
 */
public final class MelPresets {

    private static final Map<String, Map<String, String>> ALL = read();

    private MelPresets() {}

    /** Their names and values, in the order of the file. */
    public static Map<String, Map<String, String>> all() {
        return ALL;
    }

    /** Their names. */
    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    private static Map<String, Map<String, String>> read() {
        try (InputStream in = Objects.requireNonNull(MelPresets.class.getResourceAsStream("presets.csv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String[] names = lines.readLine().split(",");
            Map<String, Map<String, String>> presets = new LinkedHashMap<>();
            lines.lines().forEach(line -> {
                String[] cells = line.split(",", -1);
                Map<String, String> values = new LinkedHashMap<>();
                for (int i = 1; i < names.length; i++) {
                    if (!cells[i].isEmpty()) {
                        values.put(names[i], cells[i]);
                    }
                }
                presets.put(cells[0], Collections.unmodifiableMap(values));
            });
            return Collections.unmodifiableMap(presets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
