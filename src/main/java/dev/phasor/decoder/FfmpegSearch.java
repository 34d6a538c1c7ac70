package dev.phasor.decoder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which program decodes, and why no other. By itself it takes the one that comes with the service, else the first of
 * PATH, and proves that it starts.
 *
 * @param ffmpeg null where there is none
 * @param reason what was looked at
 */
record FfmpegSearch(@Nullable Ffmpeg ffmpeg, String reason) {

    /** The first that reads from a descriptor in which it can seek. */
    private static final int OLDEST = 6;

    private static final Pattern VERSION = Pattern.compile("ffmpeg version n?((\\d+)\\S*)");

    private static final int LONGEST_ANSWER = 1 << 14;

    static FfmpegSearch run(DecoderSettings settings) {
        List<String> reasons = new ArrayList<>();
        if (settings.path().equals("off")) {
            return new FfmpegSearch(null, "phasor.decoder.path is off");
        }
        if (!settings.path().equals("auto")) {
            return new FfmpegSearch(
                    tried(Path.of(settings.path()).toAbsolutePath(), settings, reasons), String.join("; ", reasons));
        }
        try {
            Path bundled = BundledFfmpeg.program();
            if (bundled == null) {
                reasons.add("none comes with the service for this machine");
            } else {
                Ffmpeg ffmpeg = tried(bundled, settings, reasons);
                if (ffmpeg != null) {
                    return new FfmpegSearch(ffmpeg, String.join("; ", reasons));
                }
            }
        } catch (IOException e) {
            reasons.add("the one that comes with the service cannot be unpacked: " + e.getMessage());
        }
        Path found = ofPath();
        if (found == null) {
            reasons.add("none is in PATH");
            return new FfmpegSearch(null, String.join("; ", reasons));
        }
        return new FfmpegSearch(tried(found, settings, reasons), String.join("; ", reasons));
    }

    private static @Nullable Path ofPath() {
        @Nullable String path = System.getenv("PATH");
        for (String folder : (path == null ? "" : path).split(":")) {
            Path program = Path.of(folder, "ffmpeg").toAbsolutePath();
            if (!folder.isEmpty() && Files.isExecutable(program)) {
                return program;
            }
        }
        return null;
    }

    private static @Nullable Ffmpeg tried(Path program, DecoderSettings settings, List<String> reasons) {
        try {
            Process asked = new Ffmpeg(program, "", settings).askVersion();
            try {
                asked.getOutputStream().close();
                String answer = new String(asked.getInputStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
                String fault = new String(asked.getErrorStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
                Matcher version = VERSION.matcher(answer);
                if (!version.lookingAt()) {
                    reasons.add(program + " does not start: " + Complaint.of(fault));
                } else if (Integer.parseInt(version.group(2)) < OLDEST) {
                    reasons.add(program + " is " + version.group(1) + ", older than " + OLDEST + ".0");
                } else {
                    reasons.add(program + " is " + version.group(1));
                    return new Ffmpeg(program, version.group(1), settings);
                }
            } finally {
                asked.destroyForcibly();
            }
        } catch (IOException e) {
            reasons.add(program + " does not start: " + e.getMessage());
        }
        return null;
    }
}
