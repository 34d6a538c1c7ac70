package dev.phasor.decoder;

import java.util.List;
import java.util.stream.Collectors;

/** What ffmpeg says of a fault, for people. */
final class Complaint {

    private static final int MOST_LINES = 3;
    private static final int LONGEST_LINE = 120;

    private Complaint() {}

    /** The first lines, without addresses in memory, repetitions, and the loader's remarks on empty libraries. */
    static String of(String said) {
        List<String> lines = said.lines()
                .filter(line -> !line.contains("no version information available"))
                .map(line -> line.replaceAll("^(\\[[^\\]]*\\] )+", "").strip())
                .filter(line -> !line.isEmpty() && !line.startsWith("Last message repeated"))
                .distinct()
                .limit(MOST_LINES)
                .map(line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "..." : line)
                .toList();
        return lines.isEmpty() ? "it says nothing" : lines.stream().collect(Collectors.joining("; "));
    }
}
