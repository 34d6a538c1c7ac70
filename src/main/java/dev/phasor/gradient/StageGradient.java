package dev.phasor.gradient;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import org.jspecify.annotations.Nullable;

/**
 * What {@link OutputStage#vjp} takes a cotangent back to.
 *
 * @param spectrogram dL/dre + i dL/dim of z
 * @param magnitude dL/dM, where a magnitude was given
 * @param singularBins bins whose phase gradient the policy bounded; none where no magnitude was given
 * @param saturated values on the way that float32 could not hold and that became +-max float
 */
public record StageGradient(
        ComplexSpectrogram spectrogram, @Nullable RealSpectrogram magnitude, long singularBins, long saturated) {}
