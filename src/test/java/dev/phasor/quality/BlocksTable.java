package dev.phasor.quality;

import dev.phasor.Recordings;
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
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Magnitudes in blocks beside the whole: {@code BlocksTable FOLDER [FRAMES]}, with blocks of at most 900 frames unless
 * told. A row a recording: the spectral convergence of {@code auto} with 32 iterations, whole and in blocks, and the
 * error of the frames near a join against that of all frames.
 */
final class BlocksTable {

    private static final Kernels KERNELS = Kernels.best();

    /** Frames on each side of the middle of what two blocks share. */
    private static final int NEAR = 32;

    private BlocksTable() {}

    private record Row(String name, int blocks, double wholeDb, double blocksDb, double joinsDb) {}

    public static void main(String[] arguments) throws IOException {
        int frames = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 900;
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(arguments[0]))) {
            files = all.filter(file -> file.toString().endsWith(".wav"))
                    .sorted()
                    .toList();
        }
        for (int fftSize : new int[] {1024, 2048}) {
            System.out.printf(
                    "%n| Hann %d/256, blocks of at most %d frames | blocks | whole, dB | in blocks, dB | difference |"
                            + " near a join, dB |%n|---|---|---|---|---|---|%n",
                    fftSize, frames);
            StftParameters stft = StftParameters.hann(fftSize, 256);
            List<Row> rows = files.stream().map(file -> row(file, stft, frames)).toList();
            rows.forEach(BlocksTable::print);
            print(new Row(
                    "mean",
                    0,
                    mean(rows.stream().mapToDouble(Row::wholeDb)),
                    mean(rows.stream().mapToDouble(Row::blocksDb)),
                    mean(rows.stream().mapToDouble(Row::joinsDb))));
        }
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

    private static Row row(Path file, StftParameters stft, int most) {
        float[] samples = Recordings.read(file).samples(0);
        MagnitudeSpectrogram magnitude = Magnitudes.CONSISTENT.of(
                AudioSignal.mono(samples, Recordings.read(file).sampleRate()), stft);
        ReconstructionParameters parameters =
                ReconstructionParameters.of(stft).withIterations(32).withLength(samples.length);
        float[] whole = PhaseReconstructor.of(Algorithm.AUTO, KERNELS)
                .reconstruct(magnitude, parameters, Progress.NONE)
                .audio()
                .samples(0);
        Blocks blocks = Blocks.of(stft, magnitude.shape().frames(), most * stft.bins());
        float[] joined = new float[samples.length];
        int[] written = new int[1];
        BlockwiseReconstructor reconstructor = new BlockwiseReconstructor(
                Algorithm.AUTO, KERNELS, parameters, 0, blocks, samples.length, (values, offset, count) -> {
                    System.arraycopy(values, offset, joined, written[0], count);
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
                file.getFileName().toString(),
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
