package dev.phasor.spark;

import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.FlacWriter;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyWriter;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavReader;
import dev.phasor.codec.WavWriter;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A corpus: pieces of real recordings, as WAV, FLAC and NPY in several folders, and broken ones among them. */
final class Cuts {

    /** The broken ones, by their path. */
    static final List<String> BROKEN =
            List.of("broken/empty.wav", "broken/short.flac", "broken/text.wav", "broken/lie.npy", "broken/zip.npz");

    private static final int MOST = 24_000;

    private Cuts() {}

    /** @param count of the pieces that are whole */
    static void into(Path folder, int count) throws IOException {
        Random random = new Random(23);
        List<Path> sources = sources();
        List<AudioSignal> sounds = new ArrayList<>();
        for (Path source : sources) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(source))) {
                sounds.add(WavReader.readAll(in, new CodecLimits(CodecLimits.LARGEST)));
            }
        }
        for (int i = 0; i < count; i++) {
            AudioSignal sound = sounds.get(i % sounds.size());
            int length = Math.min(sound.length(), 4000 + random.nextInt(MOST - 4000));
            AudioSignal piece = piece(sound, random.nextInt(sound.length() - length + 1), length);
            String ending = List.of("wav", "flac", "npy").get(i / sounds.size() % 3);
            Path file = folder.resolve("part " + i % 7).resolve("piece-" + i + "." + ending);
            Files.createDirectories(file.getParent());
            try (OutputStream out = Files.newOutputStream(file)) {
                switch (ending) {
                    case "wav" -> WavWriter.write(piece, WavEncoding.FLOAT32, out);
                    case "flac" -> FlacWriter.write(piece, 24, out);
                    default -> NpyWriter.write(NpyArray.of(piece), out);
                }
            }
        }
        broken(folder.resolve("broken"), folder);
    }

    private static void broken(Path broken, Path folder) throws IOException {
        Files.createDirectories(broken);
        Files.createFile(broken.resolve("empty.wav"));
        Files.writeString(broken.resolve("text.wav"), "this is no sound\n");
        Files.write(broken.resolve("zip.npz"), new byte[] {'P', 'K', 3, 4, 9, 9, 9});
        Files.write(broken.resolve("short.flac"), half(folder, "flac"));
        byte[] lie = half(folder, "npy");
        System.arraycopy("9".getBytes(StandardCharsets.US_ASCII), 0, lie, 100, 1);
        Files.write(broken.resolve("lie.npy"), lie);
    }

    private static byte[] half(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            byte[] whole =
                    Files.readAllBytes(files.filter(file -> file.toString().endsWith(ending))
                            .sorted()
                            .findFirst()
                            .orElseThrow());
            return Arrays.copyOf(whole, whole.length / 2);
        }
    }

    /** The recordings beside the project, if they are there, else those of its examples. */
    private static List<Path> sources() throws IOException {
        Path shared = Path.of("../../shared/audio");
        try (Stream<Path> files = Files.list(Files.isDirectory(shared) ? shared : Path.of("../examples/audio"))) {
            return files.filter(file -> file.toString().endsWith(".wav"))
                    .sorted()
                    .toList();
        }
    }

    private static AudioSignal piece(AudioSignal sound, int from, int length) {
        float[][] samples = new float[sound.items()][];
        // FLAC has no samples beyond full scale.
        Arrays.setAll(samples, item -> {
            float[] part = Arrays.copyOfRange(sound.samples(item), from, from + length);
            for (int i = 0; i < length; i++) {
                part[i] *= 0.25f;
            }
            return part;
        });
        return new AudioSignal(sound.items() == 1 ? Shape.of() : sound.leading(), samples, sound.sampleRate());
    }
}
