package dev.phasor.operation;

import dev.phasor.signal.Ranges;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How steeply magnitudes fall off from their loudest peaks, beside what the window and the hop make of any signal. The
 * logarithm of an STFT with a Gaussian window has one curvature wherever there is no zero (its Laplacian: Flandrin,
 * Time-Frequency Filtering Based on Spectrogram Zeros, IEEE SPL 22, 2015, section II); the peaks of other windows come
 * near it. A power has twice the curvature, a root half, a logarithm less.
 *
 * @param lower the first quartile of the peaks, 1 for an STFT's magnitudes
 * @param upper the third quartile
 */
record Peaks(double lower, double upper) {

    /** Fewer tell nothing. */
    private static final int FEWEST = 16;

    /** The loudest that are looked at. */
    private static final int MOST = 256;

    /** On each side of the loudest value, the frames that are looked at. */
    private static final int FRAMES = 512;

    /** Bins in which a tone meets its mirror image at negative frequencies. */
    private static final int MIRRORED = 4;

    /** Of the loudest value: sidelobes are quieter. */
    private static final float LEAST = 0.1f;

    /** Of a peak: nothing beside it is taken for quieter. */
    private static final double QUIETEST = 1e-3;

    /** Of the window's own fall in nepers, twice: a flatter one is lost in what else sounds. */
    private static final double LEAST_FALL = 0.05;

    /** No model uses a larger one, and the window of one is made in no time. */
    private static final int LARGEST_FFT = 1 << 16;

    /** Hops of a window that see a peak from both sides. */
    private static final int HOPS = 4;

    /**
     * Looks at a plane.
     *
     * @param plane [frame][bin], all at least 0
     * @return empty where the transform or the plane tells nothing
     */
    static Optional<Peaks> of(float[] plane, SpectrogramShape shape, StftParameters transform) {
        if (transform.fftSize() > LARGEST_FFT || transform.hopLength() > transform.windowLength() / HOPS) {
            return Optional.empty();
        }
        double[] window =
                transform.window().coefficients(transform.windowLength(), transform.fftSize(), transform.hopLength());
        double overFrequency = overFrequency(window, transform.fftSize());
        double overTime = overTime(window, transform.hopLength());
        boolean tells = overFrequency >= LEAST_FALL && overTime >= LEAST_FALL;
        List<Integer> found = tells ? loudest(plane, shape) : List.of();
        if (found.size() < FEWEST) {
            return Optional.empty();
        }
        int bins = shape.bins();
        double[] falls = found.stream()
                .mapToDouble(at -> fall(plane, at, 1) / overFrequency + fall(plane, at, bins) / overTime)
                .sorted()
                .toArray();
        return Optional.of(new Peaks(falls[falls.length / 4], falls[falls.length * 3 / 4]));
    }

    /** That of the logarithm from a peak to its neighbours on both sides. */
    private static double fall(float[] plane, int at, int step) {
        double peak = plane[at];
        double before = Math.max(plane[at - step], QUIETEST * peak);
        double after = Math.max(plane[at + step], QUIETEST * peak);
        return 2 * Math.log(peak) - Math.log(before) - Math.log(after);
    }

    /** The fall of a tone from bin to bin. */
    private static double overFrequency(double[] window, int fftSize) {
        int middle = window.length / 2;
        double sum = 0;
        double next = 0;
        for (int i = 0; i < window.length; i++) {
            sum += window[i];
            next += window[i] * Math.cos(2 * Math.PI * (i - middle) / fftSize);
        }
        return 2 * Math.log(sum / Math.abs(next));
    }

    /** The fall of a click from frame to frame. */
    private static double overTime(double[] window, int hopLength) {
        int middle = window.length / 2;
        int beside = middle + hopLength;
        return beside < window.length ? 2 * Math.log(window[middle] / window[beside]) : 0;
    }

    /** The places of the loudest peaks in the plane, near its loudest value. */
    private static List<Integer> loudest(float[] plane, SpectrogramShape shape) {
        int bins = shape.bins();
        int[] loudest = new int[1];
        Ranges.inOrder(plane.length, (from, to) -> {
            int place = loudest[0];
            for (int i = from; i < to; i++) {
                place = plane[i] > plane[place] ? i : place;
            }
            loudest[0] = place;
        });
        float least = LEAST * plane[loudest[0]];
        if (least == 0) {
            return List.of();
        }
        int middle = loudest[0] / bins;
        int last = Math.min(shape.frames() - 2, middle + FRAMES);
        List<Integer> places = new ArrayList<>();
        for (int frame = Math.max(1, middle - FRAMES); frame <= last; frame++) {
            for (int at = frame * bins + MIRRORED; at < (frame + 1) * bins - MIRRORED; at++) {
                if (plane[at] >= least && isPeak(plane, at, bins)) {
                    places.add(at);
                }
            }
        }
        places.sort(Comparator.comparingDouble(at -> -plane[at]));
        return places.subList(0, Math.min(MOST, places.size()));
    }

    private static boolean isPeak(float[] plane, int at, int bins) {
        float value = plane[at];
        return value >= plane[at - 1]
                && value >= plane[at + 1]
                && value >= plane[at - bins]
                && value >= plane[at + bins];
    }
}
