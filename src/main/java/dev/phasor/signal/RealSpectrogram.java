package dev.phasor.signal;

/**
 * One real value per bin and frame: a phase in radians, or a cotangent or gradient of a phase or a magnitude. Each item
 * is one plane [frame][bin]. Arrays are not copied; a caller must not modify an array after passing it in.
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
