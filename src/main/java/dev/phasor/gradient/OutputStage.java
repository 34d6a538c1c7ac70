package dev.phasor.gradient;

import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import org.jspecify.annotations.Nullable;

/**
 * The last layers of a model that emits a spectrogram z: the phase phi of z, recombined with a magnitude M, then the
 * least-squares inverse STFT. M may be given. Otherwise M = |z|, and M e^(i phi) is z itself: the exact gradient of the
 * recombination is the identity, without a division by |z| and without singular bins.
 */
public final class OutputStage {

    /** 2^64: both its product with the adjoint's largest gain and 2^128 divided by it are far below float32's limit. */
    private static final double SAFE = 0x1p64;

    private final Stft stft;
    private final Phase phase;
    private final GradientPolicy policy;
    private final Floor floor;

    /** @param policy with {@code floor}, the rule of the phase's gradient; at z = 0 the phase is 0 */
    public OutputStage(Stft stft, Phase phase, GradientPolicy policy, Floor floor) {
        this.stft = stft;
        this.phase = phase;
        this.policy = policy;
        this.floor = floor;
    }

    Stft stft() {
        return stft;
    }

    /**
     * ISTFT(M e^(i phi)). Samples beyond float32 saturate.
     *
     * @param magnitude M, or null for |z|
     * @throws InvalidInputException {@code SHAPE_MISMATCH} unless M has z's shape; {@code NOLA} if window and hop
     *     cannot be inverted
     */
    public AudioSignal forward(
            ComplexSpectrogram z, @Nullable MagnitudeSpectrogram magnitude, int length, int sampleRate) {
        return forward(z, magnitude, length, sampleRate, new Saturation());
    }

    AudioSignal forward(
            ComplexSpectrogram z,
            @Nullable MagnitudeSpectrogram magnitude,
            int length,
            int sampleRate,
            Saturation saturation) {
        if (magnitude == null) {
            return saturation.clamp(stft.inverse(z, length, sampleRate));
        }
        if (!magnitude.shape().equals(z.shape())) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "magnitude must have the spectrogram's shape " + z.shape() + ", got " + magnitude.shape());
        }
        return saturation.clamp(stft.inverse(phase.project(z, magnitude), length, sampleRate));
    }

    /** The gradients of {@link #forward} with respect to z and M for the upstream gradient {@code cotangent}. */
    public StageGradient vjp(ComplexSpectrogram z, @Nullable MagnitudeSpectrogram magnitude, AudioSignal cotangent) {
        var saturation = new Saturation();
        ComplexSpectrogram upstream = inverseVjp(cotangent, z.shape().frames(), saturation);
        return magnitude == null
                ? new StageGradient(upstream, null, 0, saturation.count())
                : recombinationVjp(z, magnitude, upstream, saturation);
    }

    /**
     * The adjoint divides by the overlapped squared window, which may be as small as 1e-10. The adjoint is linear, so a
     * cotangent beyond {@link #SAFE} is scaled down before it and scaled up after it.
     */
    private ComplexSpectrogram inverseVjp(AudioSignal cotangent, int frames, Saturation saturation) {
        if (cotangent.peak() <= SAFE) {
            return stft.inverseVjp(cotangent, frames);
        }
        AudioSignal reduced = new AudioSignal(
                cotangent.leading(),
                saturation.scaled(cotangent::samples, cotangent.items(), 1 / SAFE),
                cotangent.sampleRate());
        ComplexSpectrogram gradient = stft.inverseVjp(reduced, frames);
        return new ComplexSpectrogram(
                gradient.shape(),
                saturation.scaled(gradient::re, gradient.items(), SAFE),
                saturation.scaled(gradient::im, gradient.items(), SAFE));
    }

    /** y = M e^(i phi): dM = Re(conj(e^(i phi)) G), dphi = Re(conj(i y) G) = M Im(conj(e^(i phi)) G). */
    private StageGradient recombinationVjp(
            ComplexSpectrogram z, MagnitudeSpectrogram magnitude, ComplexSpectrogram upstream, Saturation saturation) {
        SpectrogramShape shape = z.shape();
        float[][] magnitudeGradient = shape.newPlanes();
        float[][] phaseCotangent = shape.newPlanes();
        for (int each = 0; each < shape.items(); each++) {
            int item = each;
            Ranges.inOrder(shape.planeSize(), (from, to) -> {
                for (int i = from; i < to; i++) {
                    double re = z.re(item)[i];
                    double im = z.im(item)[i];
                    double r = Math.sqrt(re * re + im * im); // float32 squares neither over- nor underflow in double
                    double cos = r == 0 ? 1 : re / r;
                    double sin = r == 0 ? 0 : im / r;
                    double upRe = upstream.re(item)[i];
                    double upIm = upstream.im(item)[i];
                    magnitudeGradient[item][i] = saturation.toFloat(cos * upRe + sin * upIm);
                    phaseCotangent[item][i] = saturation.toFloat(magnitude.values(item)[i] * (cos * upIm - sin * upRe));
                }
            });
        }
        var phaseGradient = phase.angleVjp(z, new RealSpectrogram(shape, phaseCotangent), policy, floor);
        saturation.add(phaseGradient.saturated());
        return new StageGradient(
                phaseGradient.gradient(),
                new RealSpectrogram(shape, magnitudeGradient),
                phaseGradient.singularBins(),
                saturation.count());
    }
}
