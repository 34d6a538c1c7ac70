package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.compute.Limits;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Framing;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.List;

/** Reads the transform's parameters: librosa's names, meanings and defaults. */
final class TransformSettings {

    private static final int DEFAULT_FFT_SIZE = 2048;

    private final Limits limits;

    TransformSettings(Limits limits) {
        this.limits = limits;
    }

    /** For audio, and for mels, which do not tell it: n_fft is 2048 unless given or of a preset. */
    StftParameters forAudio(Parameters parameters) {
        return read(parameters, DEFAULT_FFT_SIZE);
    }

    /** For a spectrogram: n_fft is 2 (bins - 1) unless given, and must have as many bins. */
    StftParameters forSpectrogram(Parameters parameters, SpectrogramShape shape) {
        StftParameters transform = read(parameters, 2 * (shape.bins() - 1));
        if (transform.bins() != shape.bins()) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "a spectrogram of n_fft " + transform.fftSize() + " has " + transform.bins() + " bins, got "
                            + shape.bins() + " in shape " + shape + Plausibility.hint(shape, transform.bins()));
        }
        return transform;
    }

    private StftParameters read(Parameters parameters, int defaultFftSize) {
        int fftSize = parameters.get(Parameter.N_FFT, defaultFftSize);
        if (fftSize < 2) {
            throw badParameter("n_fft", "given where the spectrogram has one bin", fftSize);
        }
        int hopLength = parameters.get(Parameter.HOP_LENGTH, Math.max(1, fftSize / 4));
        int windowLength = parameters.get(Parameter.WIN_LENGTH, fftSize);
        if (windowLength > fftSize && parameters.isOfPreset(Parameter.WIN_LENGTH)) {
            throw badParameter(
                    "win_length",
                    "given with n_fft=" + fftSize + ", in 1.." + fftSize + ", since that of mel="
                            + parameters.find(Parameter.MEL).orElseThrow() + " is longer",
                    windowLength);
        }
        return new StftParameters(
                fftSize,
                hopLength,
                windowLength,
                window(parameters),
                framing(parameters),
                parameters.get(Parameter.PAD_MODE));
    }

    private static Framing framing(Parameters parameters) {
        Framing framing = parameters.get(Parameter.FRAMING, Framing.centered(parameters.get(Parameter.CENTER)));
        if (parameters.isSent(Parameter.CENTER) && framing != Framing.centered(parameters.get(Parameter.CENTER))) {
            throw badParameter(
                    "center",
                    "left out with framing=" + Parameters.wire(framing)
                            + (parameters.isSent(Parameter.FRAMING) ? "" : ", which the preset has; send framing=none"),
                    parameters.get(Parameter.CENTER));
        }
        return framing;
    }

    private static Window window(Parameters parameters) {
        Window.Kind kind = parameters.get(Parameter.WINDOW);
        double shape = Window.DEFAULT;
        for (Parameter<Double> of : List.of(Parameter.BETA, Parameter.STD)) {
            if (of.wireName().equals(kind.parameterName())) {
                shape = parameters.get(of, Window.DEFAULT);
            } else if (parameters.has(of)) {
                throw badParameter(of.wireName(), "left out with window " + kind.wireName(), parameters.get(of));
            }
        }
        return new Window(kind, shape);
    }
}
