package dev.phasor.gradient;

import dev.phasor.signal.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The measures of a waveform y against a target t of its shape. Each is the mean over the items (channels). */
public enum Loss {

    /** Mean of (y - t)^2 over the samples. */
    MSE,
    /** Mean of |y - t| over the samples. At agreement the gradient is 0. */
    L1,
    /** ||S - T|| / ||T|| (Frobenius) of the magnitudes; see {@link StftMagnitudeLoss}. */
    SPECTRAL_CONVERGENCE,
    /** Mean of |log S - log T| over the bins; see {@link StftMagnitudeLoss}. */
    LOG_STFT,
    /**
     * The sum of spectral convergence and log distance, averaged over three resolutions; see
     * {@link MultiResolutionStftLoss}.
     */
    MULTI_RESOLUTION_STFT,
    /** Anti-wrapping losses of phase, group delay and instantaneous frequency; see {@link AntiWrappingPhaseLoss}. */
    PHASE,
    /** Mean of |v - u| of a trainer's mels; see {@link MelLoss}. */
    MEL,
    /** The sum over seven scales of the mean |log10 distance| of mels; see {@link MultiScaleMelLoss}. */
    MULTI_SCALE_MEL;

    /** The name in a request, such as {@code multi_resolution_stft}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The loss of this name in a request.
     *
     * @throws InvalidInputException {@code BAD_PARAMETER} for an unknown name
     */
    public static Loss parse(String wireName) {
        return Arrays.stream(values())
                .filter(loss -> loss.wireName().equals(wireName))
                .findFirst()
                .orElseThrow(() -> InvalidInputException.badParameter(
                        "loss",
                        "one of " + Arrays.stream(values()).map(Loss::wireName).collect(Collectors.joining(", ")),
                        wireName));
    }
}
