package dev.phasor.speed;

import java.util.List;

/**
 * A line of the table.
 *
 * @param stage ours
 * @param opponent {@code torch}, {@code FFTW} or {@code ours}
 * @param against the opponent's stage
 * @param atMost the ratio that is aimed at, NaN for none
 * @param parts of a run that the time is given for, in {@code unit}
 */
record Row(String label, String stage, String opponent, String against, double atMost, int threads, double parts) {

    static final List<Row> ALL = List.of(
            torch("STFT, 60 s", "stft", 1.3),
            torch("ISTFT, 60 s", "istft", 0.5),
            torch("STFT, 16 x 10 s", "stft_batch", 0.5),
            torch("ISTFT, 16 x 10 s", "istft_batch", 0.5),
            torch("sum of two planes of 2.65 M, for comparison: the memory's own time", "sum", Double.NaN),
            torch("atan2 of 2.65 M bins", "atan2", 0.4),
            torch("phase and its VJP, 2.65 M bins", "phase_vjp", 0.18),
            torch("Griffin-Lim, 10 s, 32 iterations, momentum 0.99", "griffin_lim", 0.4),
            new Row("1000 real FFTs of 1024, of a batch of 10000", "rfft", "torch", "rfft", 0.5, 2, 10),
            new Row("1000 real FFTs of 1024, in cache", "rfft_cached", "FFTW", "rfft_cached", 2, 1, 1.6),
            new Row("HTTP request, 60 s WAV to WAV", "http", "in process", "in_process", 1.5, 2, 1),
            new Row("HTTP request, 10 min WAV to WAV", "http_10", "1 min", "http", 11, 2, 1));

    private static Row torch(String label, String stage, double atMost) {
        return new Row(label, stage, "torch", stage, atMost, 2, 1);
    }
}
