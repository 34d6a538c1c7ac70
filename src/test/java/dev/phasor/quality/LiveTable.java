package dev.phasor.quality;

import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.LiveReconstructor;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.stft.Stft;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What live reconstruction reaches and costs: {@code benchmarks/live FOLDER} runs it. Prints a row for each look-ahead
 * and n_iter: the mean spectral convergence over the recordings, and the time of a push on its thread's processor,
 * warm. {@code LiveTable FOLDER quality} prints the section of QUALITY.md, with the median and the worst recording, and
 * no times.
 */
final class LiveTable {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final double RATE = 22050;
    private static final int WARM = 600;
    private static final int[][] ROWS = {{0, 4}, {0, 8}, {1, 8}, {3, 4}, {3, 8}, {3, 16}, {5, 8}, {7, 8}, {7, 16}};

    private LiveTable() {}

    public static void main(String[] arguments) throws IOException {
        List<Clip> clips = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".wav")).sorted().toList()) {
                clips.add(Clip.of(file));
            }
        }
        if (arguments.length > 1) {
            quality(clips);
            return;
        }
        System.out.println("| algorithm, look-ahead, n_iter | latency at 22.05 kHz, S1 / S2, ms | S1, dB | S2, dB |"
                + " S1, ms a hop, median / 99 % | real-time factor |");
        System.out.println("|---|---|---|---|---|---|");
        row(clips, Algorithm.RTPGHI, 0, 1);
        row(clips, Algorithm.RTPGHI_LOOKAHEAD, 1, 1);
        row(clips, Algorithm.GSRTISI_LA, 3, 8);
        for (int[] row : ROWS) {
            row(clips, Algorithm.LIVE, row[0], row[1]);
        }
    }

    private static void quality(List<Clip> clips) {
        System.out.println("\n## Live; magnitudes consistent\n");
        System.out.println("Frame by frame, with the look-ahead in hops, and n_iter iterations for each new frame."
                + " docs/live.md has the latency and the cost.\n");
        System.out.println("| algorithm, look-ahead, n_iter | S1, Hann 1024/256 | S2, Hann 2048/256 |");
        System.out.println("|---|---|---|");
        qualityRow(clips, Algorithm.RTPGHI, 0, 1);
        qualityRow(clips, Algorithm.RTPGHI_LOOKAHEAD, 1, 1);
        qualityRow(clips, Algorithm.GSRTISI_LA, 3, 8);
        for (int[] row : ROWS) {
            qualityRow(clips, Algorithm.LIVE, row[0], row[1]);
        }
    }

    private static void qualityRow(List<Clip> clips, Algorithm algorithm, int lookahead, int iterations) {
        System.out.printf("| %s, %d, %d |", algorithm.wireName(), lookahead, iterations);
        for (Setting setting : List.of(Setting.S1, Setting.S2)) {
            double[] all = convergences(clips, setting, algorithm, lookahead, iterations);
            Arrays.sort(all);
            double median = (all[(all.length - 1) / 2] + all[all.length / 2]) / 2;
            System.out.printf(
                    " %.1f / %.1f / %.1f |", Arrays.stream(all).average().orElseThrow(), median, all[all.length - 1]);
        }
        System.out.println();
    }

    private static void row(List<Clip> clips, Algorithm algorithm, int lookahead, int iterations) {
        double[] times = times(clips.get(0), algorithm, lookahead, iterations);
        System.out.printf(
                "| `%s`, %d, %d | %.0f / %.0f | %.1f | %.1f | %.2f / %.2f | %.3f |%n",
                algorithm.wireName(),
                lookahead,
                iterations,
                1000 * latency(Setting.S1, algorithm, lookahead),
                1000 * latency(Setting.S2, algorithm, lookahead),
                mean(clips, Setting.S1, algorithm, lookahead, iterations),
                mean(clips, Setting.S2, algorithm, lookahead, iterations),
                times[times.length / 2],
                times[times.length * 99 / 100],
                Arrays.stream(times).average().orElseThrow() / (1000 * 256 / RATE));
    }

    /** In seconds. */
    private static double latency(Setting setting, Algorithm algorithm, int lookahead) {
        int hops = live(setting, algorithm, lookahead, 1).lookahead();
        return (setting.stft().fftSize() + hops * setting.stft().hopLength()) / RATE;
    }

    private static LiveReconstructor live(Setting setting, Algorithm algorithm, int lookahead, int iterations) {
        return LiveReconstructor.of(
                algorithm,
                Kernels.best(),
                new Stft(setting.stft()),
                parameters(setting, lookahead, iterations),
                0,
                Integer.MAX_VALUE,
                (block, offset, count) -> {});
    }

    private static ReconstructionParameters parameters(Setting setting, int lookahead, int iterations) {
        return ReconstructionParameters.of(setting.stft())
                .withIterations(iterations)
                .withLookahead(lookahead);
    }

    private static double mean(List<Clip> clips, Setting setting, Algorithm algorithm, int lookahead, int iterations) {
        return Arrays.stream(convergences(clips, setting, algorithm, lookahead, iterations))
                .average()
                .orElseThrow();
    }

    /** In dB, of each recording. */
    private static double[] convergences(
            List<Clip> clips, Setting setting, Algorithm algorithm, int lookahead, int iterations) {
        return clips.stream()
                .mapToDouble(clip -> {
                    AudioSignal audio = clip.between(setting.stft().fftSize());
                    MagnitudeSpectrogram magnitude = Magnitudes.CONSISTENT.of(audio, setting.stft());
                    return PhaseReconstructor.of(algorithm)
                            .reconstruct(
                                    magnitude,
                                    parameters(setting, lookahead, iterations).withLength(audio.length()),
                                    Progress.NONE)
                            .report()
                            .spectralConvergenceDb()
                            .get(0);
                })
                .toArray();
    }

    /** Of the pushes of a clip after as many that warm, in milliseconds, sorted. */
    private static double[] times(Clip clip, Algorithm algorithm, int lookahead, int iterations) {
        AudioSignal audio = clip.between(Setting.S1.stft().fftSize());
        float[] magnitude = Magnitudes.CONSISTENT.of(audio, Setting.S1.stft()).values(0);
        int bins = Setting.S1.stft().bins();
        int frames = magnitude.length / bins;
        LiveReconstructor live = live(Setting.S1, algorithm, lookahead, iterations);
        double[] times = new double[frames];
        for (int i = 0; i < WARM + frames; i++) {
            int frame = i % frames;
            float[] pushed = Arrays.copyOfRange(magnitude, frame * bins, (frame + 1) * bins);
            long start = THREADS.getCurrentThreadCpuTime();
            live.push(pushed);
            times[i % frames] = (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
        }
        Arrays.sort(times);
        return times;
    }
}
