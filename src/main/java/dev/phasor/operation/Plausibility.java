package dev.phasor.operation;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Fade;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mistakes that can be seen in what was sent or in what came of it. Each check is a rule, a threshold with its origin,
 * and a remedy. What is surely a mistake is refused with {@code SHAPE_MISMATCH}; what may be one is a warning in the
 * report. A given {@code n_fft} is believed. The figures are of the first 3 s of twelve recordings of speech, music and
 * noise, with n_fft 512, 1024 and 2048 at a hop of n_fft/4, and 400 at 160. The file is long because each check has its
 * rule, its figures and its remedy.
 */
final class Plausibility {

    /** Frames shorter than this are those of examples and tests. */
    private static final int SHORTEST_FRAME = 64;

    /** Numbers of mels that the models in use have (docs/api.md) and that no usual n_fft has as bins. */
    private static final Set<Integer> MELS = Set.of(40, 80, 96, 100, 120, 160, 229);

    /** More channels than any microphone array has, of fewer samples than any sound. */
    private static final int MOST_CHANNELS = 64;

    private static final int FEWEST_SAMPLES = 8;

    /**
     * Of the largest value: the median of a spectrogram in decibels above its floor is 0.3 and more, that of magnitudes
     * at most 0.009, that of white noise 0.24.
     */
    private static final float LARGEST_MEDIAN = 0.25f;

    /** Below so many values the largest of noise is no larger than a few medians. */
    private static final int FEWEST_VALUES = 4096;

    /** As many tell the median. */
    private static final int MOST_VALUES = 1 << 15;

    /** The inconsistency of the recordings' own spectrograms is at most -27.9 dB, with another hop at least -16.5. */
    private static final double LARGEST_INCONSISTENCY_DB = -20;

    /** {@code auto} comes to at most -20.8 dB in 32 iterations from magnitudes, from powers to at least -14.5. */
    private static final double LARGEST_CONVERGENCE_DB = -17;

    /** An algorithm that iterates less may be so far away from magnitudes too. */
    private static final int FEWEST_ITERATIONS = 16;

    /**
     * How many times as steep peaks are as an STFT's. Of 28 stretches of the recordings, with windows of Hann, Hamming
     * and Blackman of 256 to 4096 and hops of a fourth and an eighth, the upper quartile is at least 1.00; of their
     * roots below 0.85 in 99 of 100 cases, of log1p in 88: the others are quiet, where log1p changes little. The lower
     * quartile is at most 1.20; of powers above 1.4 in 98 cases.
     */
    private static final double BLUNTEST = 0.85;

    private static final double SHARPEST = 1.4;

    /** In Hz: no sound has a lower one, and kHz are not meant. */
    private static final int LEAST_RATE = 1000;

    /** Samples in [-1, 1] are nominal, and those of integers of 16 bits go to 32768. */
    private static final float LOUDEST = 256;

    private Plausibility() {}

    private static boolean isPowerOfTwo(int fftSize) {
        return Integer.bitCount(fftSize) == 1;
    }

    /** Whether a transform of this size is in use: 2^a 3^b 5^c, or a multiple of 10 ms at 44.1 kHz. */
    private static boolean isUsual(int fftSize) {
        int rest = fftSize;
        for (int factor : new int[] {2, 3, 5}) {
            while (rest > 0 && rest % factor == 0) {
                rest /= factor;
            }
        }
        return rest == 1 || fftSize % 441 == 0;
    }

    /** {@code unusual_n_fft}: n_fft follows from the bins, and nobody uses it. */
    static void fftSize(SpectrogramShape shape, Report report) {
        int inferred = 2 * (shape.bins() - 1);
        if (inferred >= SHORTEST_FRAME && !isUsual(inferred)) {
            int turned = 2 * (shape.frames() - 1);
            if (turned >= SHORTEST_FRAME && isPowerOfTwo(turned)) {
                throw mismatch(transposed(shape));
            }
            report.warn("unusual_n_fft: n_fft=" + inferred + " was taken from " + shape.bins()
                    + " bins, 2 (bins - 1); give n_fft if it is " + (inferred + 1)
                    + ", and send all n_fft/2+1 bins of an STFT, [..., bins, frames]"
                    + (isPowerOfTwo(shape.bins())
                            ? ", or the first " + (shape.bins() / 2 + 1) + " where it is two-sided"
                            : "")
                    + "; of a mel say which, as mel=hifigan");
        }
    }

    /** All that a magnitude may be instead. */
    static void magnitude(MagnitudeSpectrogram magnitude, boolean fftSizeGiven, Report report) {
        magnitude(magnitude, magnitude.shape(), fftSizeGiven, report);
    }

    /** {@link #magnitude} of some frames of a magnitude of this shape. */
    static void magnitude(MagnitudeSpectrogram part, SpectrogramShape shape, boolean fftSizeGiven, Report report) {
        sides(part);
        if (!fftSizeGiven) {
            bins(shape, report);
        }
        values(part, report);
    }

    /**
     * {@code mel}, {@code transposed}: the bins are none of a usual n_fft.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} where the other axis or the number of mels explains them
     */
    private static void bins(SpectrogramShape shape, Report report) {
        int bins = shape.bins();
        int inferred = 2 * (bins - 1);
        if (inferred < SHORTEST_FRAME || isPowerOfTwo(inferred)) {
            return;
        }
        String known = "; give n_fft=" + inferred + " if it is none";
        if (MELS.contains(bins) && !isUsual(inferred)) {
            throw mismatch("mel: a magnitude of " + bins + " bins looks like a mel spectrogram, " + shape
                    + "; say which, as mel=hifigan, or map it to n_fft/2+1 linear bins first"
                    + " (librosa.feature.inverse.mel_to_stft)" + known);
        }
        int transposed = 2 * (shape.frames() - 1);
        if (transposed >= SHORTEST_FRAME && isPowerOfTwo(transposed)) {
            String told = transposed(shape);
            if (!isUsual(inferred)) {
                throw mismatch(told);
            }
            report.warn(told);
        }
    }

    private static String transposed(SpectrogramShape shape) {
        return "transposed: " + shape + " must be [..., bins, frames], and looks like [..., frames, bins] of n_fft="
                + 2 * (shape.frames() - 1) + "; exchange its last two axes; give n_fft=" + 2 * (shape.bins() - 1)
                + " if it is none";
    }

    /**
     * {@code channels_last}: a spectrogram of one or two frames whose leading axis is that of the bins.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH}
     */
    static void frames(Shape shape) {
        if (shape.rank() >= 3 && shape.size(-1) <= 2 && shape.size(-2) > 2) {
            int bins = shape.size(-3);
            if (bins > SHORTEST_FRAME / 2 && isPowerOfTwo(bins - 1)) {
                throw mismatch("channels_last: a spectrogram must be [..., bins, frames], got " + shape
                        + ", which looks like [bins, frames, channels]; move its last axis to the front, or send"
                        + " complex values if it has real and imaginary parts");
            }
        }
    }

    /**
     * {@code two_sided}: bin k and bin N - k are alike.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH}
     */
    private static void sides(MagnitudeSpectrogram magnitude) {
        SpectrogramShape shape = magnitude.shape();
        int bins = shape.bins();
        if (bins < SHORTEST_FRAME || magnitude.items() == 0) {
            return;
        }
        float[] values = magnitude.values(0);
        double mirrored = 0;
        double shifted = 0;
        for (int frame = 0; frame < shape.frames(); frame += 1 + shape.frames() / SHORTEST_FRAME) {
            for (int k = 1; k < bins; k++) {
                float value = values[frame * bins + k];
                mirrored += Math.abs(value - values[frame * bins + bins - k]);
                shifted += Math.abs(value - values[frame * bins + k - 1]);
            }
        }
        // Rounding, beside what one bin differs from the next.
        if (shifted > 0 && mirrored < 1e-3 * shifted) {
            throw mismatch("two_sided: bin k and bin " + bins + " - k of " + shape
                    + " are alike, as in a two-sided spectrum; send its first " + (bins / 2 + 1) + " bins");
        }
    }

    /** What magnitudes may be instead that come beside something else, which tells their shape. */
    static void amplitudes(MagnitudeSpectrogram magnitude, StftParameters transform, Report report) {
        values(magnitude, report);
        peaks(magnitude, transform, report);
    }

    /** {@code blunt_peaks}, {@code sharp_peaks}: no STFT falls off so from its peaks. */
    static void peaks(MagnitudeSpectrogram magnitude, StftParameters transform, Report report) {
        if (magnitude.items() == 0 || transform.fftSize() < SHORTEST_FRAME) {
            return;
        }
        Peaks.of(magnitude.values(0), magnitude.shape(), transform).ifPresent(peaks -> {
            String elsewise = ", or hop_length, win_length or window are not those that the magnitudes were made with";
            if (peaks.upper() < BLUNTEST) {
                report.warn("blunt_peaks: most peaks fall off at most " + hundredths(peaks.upper())
                        + " times as steeply as those of an STFT with this window, as of a logarithm (log1p), a root,"
                        + " or of a model's mean" + elsewise + "; send |STFT|, expm1 undoes log1p");
            } else if (peaks.lower() > SHARPEST) {
                report.warn("sharp_peaks: most peaks fall off at least " + hundredths(peaks.lower())
                        + " times as steeply as those of an STFT with this window, as of a power" + elsewise
                        + "; send power=2 with a power");
            }
        });
    }

    /** {@code logarithm}: the median is too near to the largest value for a magnitude. */
    private static void values(MagnitudeSpectrogram magnitude, Report report) {
        if (magnitude.items() == 0 || magnitude.shape().planeSize() < FEWEST_VALUES) {
            return;
        }
        float[] values = magnitude.values(0);
        // Odd, so that all bins are met.
        int step = values.length / MOST_VALUES | 1;
        float[] sorted = new float[(values.length + step - 1) / step];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = values[i * step];
        }
        Arrays.sort(sorted);
        float median = sorted[sorted.length / 2];
        float largest = sorted[sorted.length - 1];
        if (median > LARGEST_MEDIAN * largest) {
            report.warn("logarithm: the median of the magnitudes is " + median / largest
                    + " of the largest, which looks like decibels or another logarithm; send |STFT|, 10^(dB/20)");
        }
    }

    /**
     * {@code channels_last}: very many channels of very few samples.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH}
     */
    static void channels(Shape audio) {
        int channels = audio.dropLast(1).count();
        if (audio.size(-1) <= FEWEST_SAMPLES && channels > MOST_CHANNELS) {
            throw mismatch("channels_last: audio must be [..., samples], got " + audio + ", " + channels
                    + " channels of " + audio.size(-1) + " samples; exchange its last two axes");
        }
    }

    /** {@code full_scale}: the samples of integers as floats. */
    static void scale(float peak, Report report) {
        if (peak > LOUDEST) {
            report.warn("full_scale: the peak of the audio that came is " + peak
                    + ", and samples are in [-1, 1]: divide those of 16-bit integers by 32768");
        }
    }

    /** {@code sample_rate}: kHz instead of Hz. */
    static void rate(int sampleRate, Report report) {
        if (sampleRate < LEAST_RATE) {
            report.warn("sample_rate: " + sampleRate + " Hz is no rate of sound; give it in Hz, as 16000");
        }
    }

    /** {@code gaps}: samples between the frames that no frame sees. */
    static void gaps(StftParameters transform, Report report) {
        int gap = transform.hopLength() - transform.windowLength();
        if (gap > 0) {
            report.warn("gaps: hop_length=" + transform.hopLength() + " is more than win_length="
                    + transform.windowLength() + ": no frame sees " + gap + " samples of each hop; use a smaller"
                    + " hop_length");
        }
    }

    /** {@code short_target}: the sound is cut to its target. */
    static void target(int samples, long least, int frames, Report report) {
        if (samples < least) {
            report.warn("short_target: the target has " + samples + " samples, and the spectrogram's " + frames
                    + " frames have at least " + least + ": the sound is cut to the target; cut the spectrogram too, or"
                    + " check hop_length");
        }
    }

    /**
     * {@code no_audio}: as many channels as a usual n_fft has bins, of an array that nobody said is audio.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH}
     */
    static void planes(Shape shape) {
        if (areBins(shape)) {
            throw mismatch("no_audio: " + shape + " would be audio of " + shape.size(-2)
                    + " channels, and looks like the"
                    + " bins of a spectrogram; send a complex one as complex64, or its two planes, [..., 2, bins,"
                    + " frames], with layout=subbands; a magnitude has no phase, reconstruct finds one; give"
                    + " input=audio if it is audio");
        }
    }

    /** {@link #planes(Shape)} of an array that was named audio. */
    static void planes(Shape named, Report report) {
        if (areBins(named)) {
            report.warn("no_audio: " + named + " was taken for audio of " + named.size(-2)
                    + " channels, and looks like the bins of a spectrogram; send the sound, or the magnitude as"
                    + " magnitude");
        }
    }

    private static boolean areBins(Shape shape) {
        int channels = shape.rank() < 2 ? 0 : shape.size(-2);
        return channels > SHORTEST_FRAME && isPowerOfTwo(channels - 1);
    }

    /** {@code inconsistent}: no signal has nearly this spectrogram. */
    static void inconsistency(List<Double> decibels, Report report) {
        double worst = decibels.stream().mapToDouble(Double::doubleValue).max().orElse(-200);
        if (worst > LARGEST_INCONSISTENCY_DB) {
            report.warn("inconsistent: inconsistency_db is " + rounded(worst) + ", above " + LARGEST_INCONSISTENCY_DB
                    + ": hop_length, win_length, window or center differ from those of the spectrogram, or a model"
                    + " made it; check them");
        }
    }

    /** {@code far_from_converged}: no signal with nearly these magnitudes was found. */
    static void convergence(int iterations, List<Double> decibels, Report report) {
        double worst = decibels.stream().mapToDouble(Double::doubleValue).max().orElse(-200);
        if (iterations >= FEWEST_ITERATIONS && worst > LARGEST_CONVERGENCE_DB) {
            report.warn("far_from_converged: spectral_convergence_db is " + rounded(worst) + ", above "
                    + LARGEST_CONVERGENCE_DB + ": a power (power=2), a mel or a logarithm was sent as a magnitude, or"
                    + " hop_length, win_length or window are not those that it was made with; check them");
        }
    }

    /** {@code clips}: files of integers hold nothing above 1. */
    static void peak(float peak, Report report) {
        if (peak > 1) {
            report.warn("clips: the peak is " + peak + ", above 1: encoding=pcm16 and players clip it; divide by it");
        }
    }

    /** {@code fades}: frames that are not centered leave the ends almost no weight. */
    static void fade(Fade fade, Report report) {
        if (fade.first() + fade.last() > 0) {
            report.put("faded_samples", List.of(fade.first(), fade.last()));
            report.warn("fades: the first " + fade.first() + " and the last " + fade.last()
                    + " samples fade to 0, since with framing=none the window gives them almost no weight, and those"
                    + " beside them are up to 1000 times as loud where frames do not agree; use center=true");
        }
    }

    /** What the other axis says where the bins do not fit n_fft; empty where it says nothing. */
    static String hint(SpectrogramShape shape, int expected) {
        @Nullable String hint = null;
        if (shape.frames() == expected) {
            hint = "exchange the last two axes, [..., bins, frames]";
        } else if (shape.bins() == 2 * (expected - 1)) {
            hint = "it looks two-sided: send its first " + expected + " bins";
        } else if (shape.bins() == expected - 1) {
            hint = "the bin at half the sample rate is missing: add it, as zeros";
        } else if (MELS.contains(shape.bins())) {
            hint = "it looks like a mel spectrogram: map it to linear bins first";
        }
        return hint == null ? "" : "; " + hint;
    }

    private static double hundredths(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private static double rounded(double decibels) {
        return Math.round(decibels * 10) / 10.0;
    }

    private static InvalidInputException mismatch(String message) {
        return new InvalidInputException(Code.SHAPE_MISMATCH, message);
    }
}
