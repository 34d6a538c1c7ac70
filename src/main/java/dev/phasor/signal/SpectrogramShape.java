package dev.phasor.signal;

import java.util.Arrays;

/**
 * The geometry of a spectrogram. A client sees {@code leading + [bins, frames]}; in memory each item is one plane
 * [frame][bin] with contiguous frames.
 *
 * @param leading the leading axes; their product is the number of items
 * @param bins frequencies per frame, n_fft/2 + 1 for a one-sided spectrum, at least 1
 * @param frames at least 1
 */
public record SpectrogramShape(Shape leading, int bins, int frames) {

    public SpectrogramShape {
        if (bins < 1 || frames < 1) {
            throw new IllegalArgumentException("bins and frames must be >= 1, got " + bins + " and " + frames);
        }
        Math.multiplyExact(bins, frames);
    }

    public int items() {
        return leading.count();
    }

    /** The values of one item's plane, bins times frames. */
    public int planeSize() {
        return bins * frames;
    }

    /** A new plane [frame][bin] for each item. */
    public float[][] newPlanes() {
        return new float[items()][planeSize()];
    }

    /** {@code leading + [bins, frames]}. */
    public Shape shape() {
        return leading.plus(bins, frames);
    }

    /** The client's index {@code [item..., bin, frame]} of a position in an item's plane. */
    public int[] index(int item, int position) {
        int[] lead = leading.index(item);
        int[] index = Arrays.copyOf(lead, lead.length + 2);
        index[lead.length] = position % bins;
        index[lead.length + 1] = position / bins;
        return index;
    }

    @Override
    public String toString() {
        return leading.plus(bins, frames).toString();
    }
}
