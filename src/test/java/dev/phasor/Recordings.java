package dev.phasor;

import dev.phasor.codec.WavBytes;
import dev.phasor.signal.AudioSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Real recordings for tests: those in {@code examples/audio}, or in the folder that {@code -Dphasor.audio} names. */
public final class Recordings {

    private static final Path EXAMPLES = Path.of("examples", "audio");

    private Recordings() {}

    /** Every WAV of the folder, by name. */
    public static List<Path> all() {
        try (var files = Files.list(Path.of(System.getProperty("phasor.audio", EXAMPLES.toString())))) {
            return files.filter(file -> file.toString().endsWith(".wav"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static AudioSignal read(Path wav) {
        try {
            return WavBytes.read(Files.readAllBytes(wav));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** 7.1 s of male speech, 16 kHz, mono, 16-bit. */
    public static Path speech() {
        return EXAMPLES.resolve("speech_en_m1_libri_16k.wav");
    }

    /** 10.7 s of tabla, 44.1 kHz, stereo, 16-bit. */
    public static Path music() {
        return EXAMPLES.resolve("music_tabla_lossless_stereo_44k.wav");
    }
}
