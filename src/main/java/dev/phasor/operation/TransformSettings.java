package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.compute.Limits;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.PadMode;
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

    /** For audio: n_fft is 2048 unless given. */
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
                            + shape.bins() + " in shape " + shape);
        }
        return transform;
    }

    private StftParameters read(Parameters parameters, int defaultFftSize) {
        int fftSize = parameters.integer("n_fft", defaultFftSize, 2, limits.maxFftSize());
        if (fftSize < 2) {
            throw badParameter("n_fft", "given where the spectrogram has one bin", fftSize);
        }
        int hopLength = parameters.integer("hop_length", Math.max(1, fftSize / 4), 1, Integer.MAX_VALUE);
        int windowLength = parameters.integer("win_length", fftSize, 1, fftSize);
        return new StftParameters(
                fftSize,
                hopLength,
                windowLength,
                window(parameters),
                parameters.flag("center", true),
                parameters.choice("pad_mode", PadMode.CONSTANT));
    }

    private static Window window(Parameters parameters) {
        Window.Kind kind = parameters.choice("window", Window.Kind.HANN);
        for (String name : List.of("beta", "std")) {
            if (parameters.has(name) && !name.equals(kind.parameterName())) {
                throw badParameter(
                        name,
                        "left out with window " + kind.wireName(),
                        parameters.text(name).orElse(""));
            }
        }
        String name = kind.parameterName();
        return name == null || !parameters.has(name)
                ? new Window(kind, Window.DEFAULT)
                : new Window(kind, parameters.number(name, 0, 0, Double.MAX_VALUE));
    }
}
