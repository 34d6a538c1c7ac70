package dev.phasor.decoder;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program that decodes and resamples, and how it is started: with no environment, in the root folder, and under
 * limits that the system keeps. It writes no file, opens few, and takes no more memory and time than it may.
 *
 * @param program the path of ffmpeg; libraries in its folder come before the system's
 * @param version as it says itself
 */
record Ffmpeg(Path program, String version, DecoderSettings settings) {

    /** Descriptors: the three of every program, and those of libraries while they are loaded. */
    private static final int FILES = 32;

    /** Seconds from the signal that ffmpeg ends at to the one that ends every program. */
    private static final int GRACE_SECONDS = 5;

    /** POSIX; the units of ulimit are kibibytes, seconds and blocks. A limit that cannot be set is a failure. */
    private static final String LIMITED = "ulimit -c 0 && ulimit -f 0 && ulimit -n %d && ulimit -v %d"
            + " && ulimit -S -t %d && ulimit -H -t %d && exec \"$@\"";

    private static final List<String> ALWAYS = List.of("-hide_banner", "-nostdin", "-loglevel", "error");

    /** What decodes a format's usual content. Video, subtitles and rare codecs are never touched. */
    private static final String CODECS = "mp3float,mp3,mp2float,mp2,mp1float,mp1,aac,alac,opus,libopus,vorbis,flac,"
            + "libspeex,speex,pcm_s8,pcm_u8,pcm_s16be,pcm_s16le,pcm_s24be,pcm_s24le,pcm_s32be,pcm_s32le,pcm_f32be,"
            + "pcm_f32le,pcm_f64be,pcm_f64le,pcm_mulaw,pcm_alaw";

    /** WAV of float32, whose header tells the rate and the channels. */
    private static final List<String> TO_WAV = List.of("-c:a", "pcm_f32le", "-bitexact", "-f", "wav", "pipe:1");

    /**
     * swr's sinc filter, chosen by measurement: flat to 0.001 dB up to 95 % of the lower Nyquist frequency, and what is
     * above it by 2 % or more is below -125 dB (docs/api.md).
     */
    private static final String FILTER = ":filter_size=256:cutoff=0.98:kaiser_beta=12";

    /** Its length, in samples of the lower rate. */
    private static final int FILTER_SIZE = 256;

    /** Decodes the first sound of a file. The format is told, not guessed: a playlist is none. */
    Process decode(ForeignFormat format, File file) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-threads", "1", "-protocol_whitelist", "fd"));
        arguments.addAll(List.of("-format_whitelist", format.demuxer(), "-codec_whitelist", CODECS));
        arguments.addAll(List.of("-f", format.demuxer(), "-i", "fd:", "-map", "0:a:0", "-vn", "-sn", "-dn"));
        arguments.addAll(TO_WAV);
        return start(arguments, file);
    }

    /** Resamples interleaved floats that are written to it. */
    Process resample(int channels, int from, int to) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-protocol_whitelist", "pipe", "-f", "f32le"));
        arguments.addAll(List.of("-ar", String.valueOf(from), "-ac", String.valueOf(channels), "-i", "pipe:0"));
        arguments.addAll(List.of("-filter_threads", "1", "-af", "aresample=" + to + FILTER));
        arguments.addAll(TO_WAV);
        return start(arguments, null);
    }

    /** Samples behind the end without which the last ones are missing: swr wants one and a half of its filter. */
    static int reach(int from, int to) {
        return (int) Math.ceil(2.0 * FILTER_SIZE * Math.max(1, (double) from / to));
    }

    /** What it says of itself. */
    Process askVersion() throws IOException {
        return start(List.of("-version"), null);
    }

    private Process start(List<String> arguments, @Nullable File input) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", limited(), "sh", program.toString()));
        command.addAll(ALWAYS);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(new File("/"));
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("LC_ALL", "C");
        environment.put(
                "LD_LIBRARY_PATH", String.valueOf(program.toAbsolutePath().getParent()));
        environment.put("MALLOC_ARENA_MAX", "1"); // each arena would take 64 MB of address space
        return builder.redirectInput(input == null ? Redirect.PIPE : Redirect.from(input))
                .start();
    }

    private String limited() {
        int seconds = settings.cpuTime();
        return LIMITED.formatted(FILES, settings.memory().toKilobytes(), seconds, seconds + GRACE_SECONDS);
    }
}
