package dev.phasor.signal;

import dev.phasor.signal.InvalidInputException.Code;
import java.util.Arrays;

/** |STFT|: finite and not negative, linear in amplitude (power 1). */
public final class MagnitudeSpectrogram extends RealSpectrogram {

    /** @throws InvalidInputException {@code NEGATIVE_MAGNITUDE} with the count and the first index */
    public MagnitudeSpectrogram(SpectrogramShape shape, float[][] values) {
        this(shape, values, shape::index);
    }

    /**
     * Magnitudes for maps that treat each value by itself; see {@link PlaneOrder#planes}.
     *
     * @throws InvalidInputException as the constructor
     */
    public static MagnitudeSpectrogram ofElements(RealSpectrogram elements, PlaneOrder order) {
        float[][] planes = new float[elements.items()][];
        Arrays.setAll(planes, elements::values);
        SpectrogramShape shape = order.planes(elements.shape());
        return new MagnitudeSpectrogram(
                elements.shape(),
                planes,
                order == PlaneOrder.FRAMES_FIRST
                        ? shape::index
                        : (item, position) -> shape.shape().index(item * shape.planeSize() + position));
    }

    private interface Index {
        int[] of(int item, int position);
    }

    private MagnitudeSpectrogram(SpectrogramShape shape, float[][] values, Index index) {
        super(shape, values);
        long[] count = new long[1];
        String[] first = new String[1];
        for (int each = 0; each < values.length; each++) {
            int item = each;
            float[] plane = values[item];
            Ranges.inOrder(plane.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    if (plane[i] < 0 && count[0]++ == 0) {
                        first[0] = plane[i] + " at " + Arrays.toString(index.of(item, i));
                    }
                }
            });
        }
        if (count[0] > 0) {
            throw new InvalidInputException(
                    Code.NEGATIVE_MAGNITUDE,
                    "magnitude must be >= 0, got " + count[0] + " negative values, the first " + first[0]
                            + "; a logarithm (ln, dB, log-mel) must be undone, and real and imaginary parts are sent as"
                            + " complex64 or with layout=subbands");
        }
    }

    /** The magnitudes whose squares these are. */
    public MagnitudeSpectrogram squareRoot() {
        float[][] roots = shape().newPlanes();
        for (int item = 0; item < roots.length; item++) {
            float[] values = values(item);
            float[] root = roots[item];
            Ranges.forEach(values.length, values.length, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    root[i] = (float) Math.sqrt(values[i]);
                }
            });
        }
        return new MagnitudeSpectrogram(shape(), roots);
    }
}
