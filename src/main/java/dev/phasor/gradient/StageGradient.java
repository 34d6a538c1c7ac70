package dev.phasor.gradient;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of an {@link OutputStage}.
 *
 * @param spectrogram dL/dre + i dL/dim with respect to z
 * @param magnitude dL/dM, if a magnitude was given
 * @param singularBins bins whose phase gradient the policy bounded; 0 without a magnitude
 * @param saturated intermediate values beyond the range of float32, limited to +-max float
 */
public record StageGradient(
        ComplexSpectrogram spectrogram, @Nullable RealSpectrogram magnitude, long singularBins, long saturated) {}
