package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import org.jspecify.annotations.Nullable;

/**
 * A phase that the caller gives. Iterations start from it (init=given) and keep it where a mask marks it as known. Only
 * the direction of each value counts, not its magnitude; the value 0 has phase 0.
 */
public final class GivenPhase {

    private final ComplexSpectrogram direction;
    private final @Nullable RealSpectrogram known;

    private GivenPhase(ComplexSpectrogram direction, @Nullable RealSpectrogram known) {
        this.direction = direction;
        this.known = known;
    }

    /** The phase of a complex spectrogram. */
    public static GivenPhase of(ComplexSpectrogram spectrogram) {
        return new GivenPhase(spectrogram, null);
    }

    /** @param phase in radians, relative to the start of each frame */
    public static GivenPhase of(RealSpectrogram phase) {
        float[][] re = phase.shape().newPlanes();
        float[][] im = phase.shape().newPlanes();
        for (int item = 0; item < re.length; item++) {
            float[] angles = phase.values(item);
            float[] cos = re[item];
            float[] sin = im[item];
            Ranges.forEach(angles.length, angles.length, 1, (from, to) -> Angles.cosSin(angles, cos, sin, from, to));
        }
        return new GivenPhase(new ComplexSpectrogram(phase.shape(), re, im), null);
    }

    /**
     * This phase, which iterations keep in every bin whose mask is not 0.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if the mask has another shape
     */
    public GivenPhase knownWhere(RealSpectrogram mask) {
        checkShape("mask", mask.shape(), shape());
        return new GivenPhase(direction, mask);
    }

    public SpectrogramShape shape() {
        return direction.shape();
    }

    ComplexSpectrogram direction() {
        return direction;
    }

    @Nullable
    RealSpectrogram known() {
        return known;
    }

    void checkShape(SpectrogramShape magnitude) {
        checkShape("given phase", shape(), magnitude);
    }

    private static void checkShape(String name, SpectrogramShape got, SpectrogramShape expected) {
        if (!got.equals(expected)) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH, name + " must have the shape " + expected + ", got " + got);
        }
    }
}
