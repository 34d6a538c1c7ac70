package dev.phasor.signal;

/**
 * One real value per bin and frame: a phase in radians, or a cotangent or gradient of a phase or a magnitude; one plane
 * [frame][bin] an item. The arrays are not copied: who hands them over no longer writes to them.
 */
public sealed class RealSpectrogram permits MagnitudeSpectrogram {

    private final SpectrogramShape shape;
    private final float[][] values;

    /** @param values [item][frame * bins + bin] */
    public RealSpectrogram(SpectrogramShape shape, float[][] values) {
        Planes.check(shape.leading(), values, shape.planeSize());
        this.shape = shape;
        this.values = values;
    }

    public SpectrogramShape shape() {
        return shape;
    }

    public int items() {
        return values.length;
    }

    /** The plane of an item, [frame][bin]. Not to be modified. */
    public float[] values(int item) {
        return values[item];
    }
}
