package dev.phasor.quality;

import dev.phasor.Recordings;
import dev.phasor.compute.BlockSettings;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Blocks;
import dev.phasor.reconstruction.BlockwiseReconstructor;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/**
 * Magnitudes in blocks beside the whole: {@code BlocksTable FOLDER [FRAMES]}, with blocks of the service's size unless
 * told. A row a sound: the spectral convergence of {@code auto} with 32 iterations, whole and in blocks, and the error
 * of the frames near a join against that of all frames. With FRAMES, the sounds are the recordings; without, they are
 * long, made of the recordings of a kind and rate, all channels one after the other, again and again; as many sounds as
 * recordings, each of which begins one.
 */
final class BlocksTable {

    private static final Kernels KERNELS = Kernels.best();

    /** Frames on each side of the middle of what two blocks share. */
    private static final int NEAR = 32;

    /** As {@code phasor.blocks.size} by default. */
    private static final DataSize SIZE = DataSize.ofMegabytes(8);

    private static final int LONG_SECONDS = 180;

    /** In all recordings of a kind. */
    private static final int LEAST_SECONDS = 20;

    private BlocksTable() {}

    private record Row(String name, int blocks, double wholeDb, double blocksDb, double joinsDb) {}

    public static void main(String[] arguments) throws IOException {
        boolean told = arguments.length > 1;
        List<Sound> recordings;
        try (Stream<Path> all = Files.list(Path.of(arguments[0]))) {
            recordings = all.filter(file -> file.toString().endsWith(".wav"))
                    .sorted()
                    .map(file -> Sound.read(file, !told))
                    .toList();
        }
        List<Sound> sounds = told ? recordings : joined(recordings);
        for (int fftSize : new int[] {1024, 2048}) {
            StftParameters stft = StftParameters.hann(fftSize, 256);
            int values = told ? Integer.parseInt(arguments[1]) * stft.bins() : new BlockSettings(null, SIZE).values();
            System.out.printf(
                    "%n| Hann %d/256, blocks of at most %d frames | blocks | whole, dB | in blocks, dB | difference |"
                            + " near a join, dB |%n|---|---|---|---|---|---|%n",
                    fftSize, values / stft.bins());
            List<Row> rows =
                    sounds.stream().map(sound -> row(sound, stft, values)).toList();
            rows.forEach(BlocksTable::print);
            print(new Row(
                    "mean",
                    0,
                    mean(rows.stream().mapToDouble(Row::wholeDb)),
                    mean(rows.stream().mapToDouble(Row::blocksDb)),
                    mean(rows.stream().mapToDouble(Row::joinsDb))));
        }
    }

    /** Samples of one or more recordings. */
    private record Sound(String name, float[] samples, int rate) {

        /** @param all channels, else the first */
        static Sound read(Path file, boolean all) {
            AudioSignal audio = Recordings.read(file);
            float[] samples = new float[(all ? audio.items() : 1) * audio.length()];
            for (int at = 0; at < samples.length; at += audio.length()) {
                System.arraycopy(audio.samples(at / audio.length()), 0, samples, at, audio.length());
            }
            return new Sound(file.getFileName().toString(), samples, audio.sampleRate());
        }

        String kind() {
            return name.substring(0, name.indexOf('_')) + " " + rate;
        }
    }

    /** Of each kind that has some seconds in all. */
    private static List<Sound> joined(List<Sound> recordings) {
        Map<String, List<Sound>> kinds =
                recordings.stream().collect(Collectors.groupingBy(Sound::kind, TreeMap::new, Collectors.toList()));
        return kinds.values().stream()
                .filter(kind ->
                        kind.stream().mapToInt(sound -> sound.samples.length).sum() > LEAST_SECONDS * kind.get(0).rate)
                .flatMap(kind -> IntStream.range(0, kind.size()).mapToObj(first -> from(kind, first)))
                .toList();
    }

    private static Sound from(List<Sound> kind, int first) {
        int rate = kind.get(0).rate;
        float[] samples = new float[LONG_SECONDS * rate];
        int at = 0;
        for (int i = first; at < samples.length; i++) {
            float[] next = kind.get(i % kind.size()).samples;
            int count = Math.min(next.length, samples.length - at);
            System.arraycopy(next, 0, samples, at, count);
            at += count;
        }
        return new Sound(kind.get(0).kind() + " Hz, from " + kind.get(first).name, samples, rate);
    }

    private static double mean(DoubleStream values) {
        return values.filter(Double::isFinite).average().orElse(Double.NaN);
    }

    private static void print(Row row) {
        System.out.printf(
                "| %s | %s | %.2f | %.2f | %+.2f | %.2f |%n",
                row.name,
                row.blocks == 0 ? "" : row.blocks,
                row.wholeDb,
                row.blocksDb,
                row.blocksDb - row.wholeDb,
                row.joinsDb);
    }

    private static Row row(Sound sound, StftParameters stft, int values) {
        float[] samples = sound.samples;
        MagnitudeSpectrogram magnitude = Magnitudes.CONSISTENT.of(AudioSignal.mono(samples, sound.rate), stft);
        ReconstructionParameters parameters =
                ReconstructionParameters.of(stft).withIterations(32).withLength(samples.length);
        float[] whole = PhaseReconstructor.of(Algorithm.AUTO, KERNELS)
                .reconstruct(magnitude, parameters, Progress.NONE)
                .audio()
                .samples(0);
        Blocks blocks = Blocks.of(stft, magnitude.shape().frames(), values);
        float[] joined = new float[samples.length];
        int[] written = new int[1];
        BlockwiseReconstructor reconstructor = new BlockwiseReconstructor(
                Algorithm.AUTO, KERNELS, parameters, 0, blocks, samples.length, (block, offset, count) -> {
                    System.arraycopy(block, offset, joined, written[0], count);
                    written[0] += count;
                });
        int bins = stft.bins();
        for (int block = 0; block < blocks.count(); block++) {
            reconstructor.push(
                    Arrays.copyOfRange(magnitude.values(0), blocks.from(block) * bins, blocks.to(block) * bins),
                    Progress.NONE);
        }
        while (reconstructor.rest()) {
            // until all is delivered
        }
        double[] errors = errors(magnitude, joined, stft);
        double[] energies = errors(magnitude, new float[samples.length], stft);
        return new Row(
                sound.name,
                blocks.count(),
                decibels(errors(magnitude, whole, stft), energies, 0, energies.length),
                decibels(errors, energies, 0, energies.length),
                nearJoins(blocks, errors, energies));
    }

    /** By frame: the sum of (|STFT(y)| - M)^2. */
    private static double[] errors(MagnitudeSpectrogram magnitude, float[] samples, StftParameters parameters) {
        int bins = parameters.bins();
        float[] found = Magnitudes.of(new Stft(parameters).forward(AudioSignal.mono(samples, 1)))
                .values(0);
        double[] errors = new double[magnitude.shape().frames()];
        for (int i = 0; i < found.length; i++) {
            double difference = found[i] - magnitude.values(0)[i];
            errors[i / bins] += difference * difference;
        }
        return errors;
    }

    private static double nearJoins(Blocks blocks, double[] errors, double[] energies) {
        double error = 0;
        double energy = 0;
        for (int block = 1; block < blocks.count(); block++) {
            int middle = blocks.from(block) + blocks.overlap() / 2;
            error += Arrays.stream(errors, middle - NEAR, middle + NEAR).sum();
            energy += Arrays.stream(energies, middle - NEAR, middle + NEAR).sum();
        }
        return 10 * Math.log10(error / energy);
    }

    private static double decibels(double[] errors, double[] energies, int from, int to) {
        return 10
                * Math.log10(Arrays.stream(errors, from, to).sum()
                        / Arrays.stream(energies, from, to).sum());
    }
}
