package dev.phasor.operation;

import static dev.phasor.operation.Parameter.*;
import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.NpyArray;
import dev.phasor.mel.MelFilters;
import dev.phasor.mel.MelLog;
import dev.phasor.mel.MelValue;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of its mels, by itself or by a preset.
 *
 * @param filters the bank
 * @param value what is made of magnitudes and mels
 * @param mean of each mel, which a trainer takes away; null for none
 * @param std of each mel, by which a trainer divides; null for none
 */
record MelSetup(
        StftParameters stft,
        MelFilters filters,
        MelValue value,
        float @Nullable [] mean,
        float @Nullable [] std,
        double preemphasis,
        boolean dropsLastFrame) {

    /**
     * @param stft the transform, read before
     * @param sampleRate of the audio, Hz
     * @throws InvalidInputException {@code BAD_PARAMETER}, {@code SHAPE_MISMATCH} for inputs that do not fit the mels
     */
    static MelSetup of(Call call, StftParameters stft, int sampleRate) {
        Parameters parameters = call.parameters();
        if (sampleRate == AudioSignal.UNKNOWN_RATE && !call.inputs().has(Input.FILTERBANK)) {
            throw badParameter("sample_rate", "given with a mel, in Hz, or by a preset (mel=hifigan)", "none");
        }
        MelFilters filters = filters(call, stft, sampleRate);
        filters.checkBins(stft.bins());
        return new MelSetup(
                stft,
                filters,
                value(parameters),
                each(call, Input.MEAN, filters.mels()),
                each(call, Input.STD, filters.mels()),
                parameters.get(PREEMPHASIS),
                parameters.get(DROP_LAST_FRAME));
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
        float[][] matrix = new float[bank.shape().size(0)][];
        Arrays.setAll(matrix, mel -> Arrays.copyOfRange(bank.real(), mel * bins, (mel + 1) * bins));
        return MelFilters.of(matrix);
    }

    private static MelValue value(Parameters parameters) {
        boolean logarithm = parameters.get(LOG) != MelLog.NONE;
        for (Parameter<?> unused : new Parameter<?>[] {LOG_GUARD, LOG_RANGE}) {
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

    int mels() {
        return filters.mels();
    }

    /** Frames of a sound's mel. */
    int frames(int samples) {
        int frames = stft.frames(samples);
        return dropsLastFrame && frames > 1 ? frames - 1 : frames;
    }

    /** Samples of the sound of a mel, where nothing else is asked for. */
    int defaultLength(int frames) {
        return dropsLastFrame ? Math.multiplyExact(frames, stft.hopLength()) : stft.defaultLength(frames);
    }

    /** Applies {@link MelValue#apply}, {@code mean} and {@code std} to an item's mels, [frame][mel]. */
    void apply(float[] mels) {
        value.apply(mels);
        if (mean == null && std == null) {
            return;
        }
        Ranges.inOrder(mels.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                int mel = i % mels();
                double centered = mean == null ? mels[i] : (double) mels[i] - mean[mel];
                mels[i] = (float) (std == null ? centered : centered / std[mel]);
            }
        });
    }

    /** Undoes {@link #apply}; see {@link MelValue#undo}. */
    void undo(float[] mels) {
        Ranges.inOrder(mels.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                int mel = i % mels();
                double scaled = std == null ? mels[i] : (double) mels[i] * std[mel];
                mels[i] = (float) (mean == null ? scaled : scaled + mean[mel]);
            }
        });
        value.undo(mels);
        double least = value.ofBin(0);
        if (least > 0) {
            raise(mels, least);
        }
    }

    /** A mel that bins at their least make says only "at most", too. */
    private void raise(float[] mels, double least) {
        double[] floor = new double[mels()];
        for (int mel = 0; mel < floor.length; mel++) {
            for (float weight : filters.weights(mel)) {
                floor[mel] += weight * least;
            }
        }
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
        int[] empty = filters.empty();
        if (empty.length > 0) {
            report.warn(empty.length + " of " + mels() + " mel filters are empty ("
                    + Arrays.stream(empty).limit(8).mapToObj(String::valueOf).collect(Collectors.joining(", "))
                    + (empty.length > 8 ? ", ..." : "") + "): they lie between two bins of n_fft " + stft.fftSize()
                    + "; use fewer n_mels or a larger n_fft");
        }
    }
}
