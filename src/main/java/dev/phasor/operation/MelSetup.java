package dev.phasor.operation;

import static dev.phasor.operation.Parameter.*;
import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.NpyArray;
import dev.phasor.gradient.MelTransform;
import dev.phasor.mel.MelFilters;
import dev.phasor.mel.MelLog;
import dev.phasor.mel.MelStatistics;
import dev.phasor.mel.MelValue;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a request says of its mels, by itself or by a preset. */
final class MelSetup {

    private final MelTransform transform;
    /** Each mel of bins at their least. */
    private final double[] silence;

    private MelSetup(MelTransform transform) {
        this.transform = transform;
        silence = silence(transform);
    }

    /**
     * @param stft the transform, read before
     * @param sampleRate of the audio, Hz
     * @throws InvalidInputException {@code BAD_PARAMETER}, {@code SHAPE_MISMATCH} for inputs that do not fit the mels
     */
    static MelSetup of(Call call, Stft stft, int sampleRate) {
        Parameters parameters = call.parameters();
        if (sampleRate == AudioSignal.UNKNOWN_RATE && !call.inputs().has(Input.FILTERBANK)) {
            throw badParameter("sample_rate", "given with a mel, in Hz, or by a preset (mel=hifigan)", "none");
        }
        MelFilters filters = filters(call, stft.parameters(), sampleRate);
        MelStatistics statistics =
                new MelStatistics(each(call, Input.MEAN, filters.mels()), each(call, Input.STD, filters.mels()));
        return new MelSetup(new MelTransform(
                stft,
                filters,
                value(parameters),
                statistics,
                parameters.get(PREEMPHASIS),
                parameters.get(DROP_LAST_FRAME)));
    }

    private static MelFilters filters(Call call, StftParameters stft, int sampleRate) {
        Parameters parameters = call.parameters();
        if (!call.inputs().has(Input.FILTERBANK)) {
            return MelFilters.triangles(
                    sampleRate,
                    stft.fftSize(),
                    parameters.get(N_MELS),
                    parameters.get(FMIN),
                    parameters.get(FMAX, sampleRate / 2.0),
                    parameters.get(MEL_SCALE),
                    parameters.get(MEL_NORM));
        }
        for (Parameter<?> unused : new Parameter<?>[] {N_MELS, FMIN, FMAX, MEL_SCALE, MEL_NORM}) {
            if (parameters.isSent(unused)) {
                throw badParameter(
                        unused.wireName(),
                        "left out with the input filterbank",
                        parameters.get(unused).toString());
            }
        }
        NpyArray bank = call.inputs().matrix(Input.FILTERBANK, MOST_MELS);
        int bins = bank.shape().size(1);
        // Before it is copied: what is reserved for filters counts on it.
        MelFilters.checkBins(bins, stft.bins());
        float[][] matrix = new float[bank.shape().size(0)][];
        Arrays.setAll(matrix, mel -> Arrays.copyOfRange(bank.real(), mel * bins, (mel + 1) * bins));
        return MelFilters.of(matrix);
    }

    private static MelValue value(Parameters parameters) {
        boolean logarithm = parameters.get(LOG) != MelLog.NONE;
        for (Parameter<?> unused : new Parameter<?>[] {LOG_GUARD, LOG_FLOOR, LOG_RANGE}) {
            if (!logarithm && parameters.isSent(unused)) {
                throw badParameter(unused.wireName(), "left out with log=none, which does not use it", "it");
            }
        }
        return new MelValue(
                parameters.get(POWER),
                parameters.get(POWER_FLOOR),
                parameters.get(POWER_OFFSET),
                parameters.get(LOG),
                parameters.get(LOG_GUARD),
                parameters.get(LOG_FLOOR),
                parameters.get(LOG_RANGE, Double.POSITIVE_INFINITY),
                parameters.get(LOG_SCALE),
                parameters.get(LOG_OFFSET),
                parameters.get(LOG_CLIP, Double.POSITIVE_INFINITY));
    }

    private static float @Nullable [] each(Call call, Input input, int mels) {
        if (!call.inputs().has(input)) {
            return null;
        }
        float[] values = call.inputs().vector(input);
        if (values.length != mels) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    input.wireName() + " must have one value for each of the " + mels + " mels, got " + values.length);
        }
        for (float value : values) {
            if (input == Input.STD && !(value > 0)) {
                throw badParameter("std", "above 0", value);
            }
        }
        return values;
    }

    /** From audio to its mel. */
    MelTransform transform() {
        return transform;
    }

    MelFilters filters() {
        return transform.filters();
    }

    MelValue value() {
        return transform.value();
    }

    double preemphasis() {
        return transform.preemphasis();
    }

    int mels() {
        return filters().mels();
    }

    private StftParameters stft() {
        return transform.stft().parameters();
    }

    /** Samples of the sound of a mel, where nothing else is asked for. */
    int defaultLength(int frames) {
        return transform.dropsLastFrame()
                ? Math.multiplyExact(frames, stft().hopLength())
                : stft().defaultLength(frames);
    }

    /**
     * Undoes {@link MelTransform#apply}; see {@link MelValue#undo}.
     *
     * @param report told what the values show of a wrong preset
     */
    void undo(float[] mels, Report report) {
        transform.statistics().undo(mels, mels());
        MelPlausibility.values(mels, value(), Arrays.stream(silence).max().orElse(0), report);
        undoValue(mels);
    }

    /** {@link #undo(float[], Report)} of a part of a mel, which alone shows nothing of its preset. */
    void undo(float[] mels) {
        transform.statistics().undo(mels, mels());
        undoValue(mels);
    }

    /**
     * The adjoint of the derivative of {@link #undo}.
     *
     * @param mels after {@code undo}. Not modified.
     * @param cotangent Modified: of the mels, then of the values.
     */
    void pullBackUndone(float[] mels, double[] cotangent) {
        value().pullBackUndone(mels, cotangent);
        transform.statistics().pullBackUndone(cotangent, mels());
    }

    private void undoValue(float[] mels) {
        value().undo(mels);
        if (value().ofBin(0) > 0) {
            raise(mels, silence);
        }
    }

    private static double[] silence(MelTransform of) {
        double least = of.value().ofBin(0);
        double[] silence = new double[of.filters().mels()];
        for (int mel = 0; least > 0 && mel < silence.length; mel++) {
            for (float weight : of.filters().weights(mel)) {
                silence[mel] += weight * least;
            }
        }
        return silence;
    }

    /** A mel that bins at their least make says only "at most", too. */
    private static void raise(float[] mels, double[] floor) {
        Ranges.inOrder(mels.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double most = Math.min(Float.MAX_VALUE, floor[i % floor.length]);
                if (Math.abs(mels[i]) <= most) {
                    mels[i] = (float) -most;
                }
            }
        });
    }

    /** The silent filters by their numbers, or nothing. */
    void warn(Report report) {
        int[] empty = filters().empty();
        if (empty.length > 0) {
            report.warn("empty_filters: " + empty.length + " of " + mels() + " mel filters are empty ("
                    + Arrays.stream(empty).limit(8).mapToObj(String::valueOf).collect(Collectors.joining(", "))
                    + (empty.length > 8 ? ", ..." : "") + "): they lie between two bins of n_fft " + stft().fftSize()
                    + "; use fewer n_mels or a larger n_fft");
        }
    }
}
