package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;
import dev.phasor.stft.FrameTransform;
import dev.phasor.stft.StftParameters;

/**
 * The spectrogram of stretched channels: magnitudes and phases of the source where each frame is heard, and a rotation
 * of each bin that makes them continue. The rotation is the same in all channels, so that they stay locked.
 *
 * <p>It is integrated from the largest bins to the smallest (Prusa, Holighaus, "Phase Vocoder Done Right", 2017): along
 * time by how much more the phase turns in a hop than between the two places in the source, and along frequency by the
 * group delay's part that the stretch adds. A turn in a hop is measured as that between two frames a hop apart, around
 * the middle of the two places: nothing is unwrapped, and no tempo is rounded. A frame whose energy lies at one
 * {@link Moment} is moved there as a whole instead. The file is long because all of it works on the same two frames.
 */
final class StretchedSpectrogram {

    /** Of the largest bin of two frames; smaller ones keep the source's phase. */
    private static final float TOLERANCE = 1e-6f;

    /** Bins between two looks at whether the work is still wanted. */
    private static final int LOOK = 1 << 14;

    private final StftParameters stft;
    private final FrameTransform transform;
    private final float[][] samples;
    private final TimeMap map;
    private final Moment moment;
    private final int bins;
    private final float[][][] now;
    private final float[][][] before;
    private final float[][][] early;
    private final float[][][] late;
    private final float[] magnitude;
    private final float[] lastMagnitude;
    private final double[] along;
    private final double[] across;
    private final double[] rotation;
    private final double[] last;
    private final boolean[] known;
    private Cancellation wanted = Cancellation.current();
    private long frame;
    private double place;

    StretchedSpectrogram(StftParameters stft, FrameTransform transform, float[][] samples, TimeMap map) {
        this.stft = stft;
        this.transform = transform;
        this.samples = samples;
        this.map = map;
        moment = new Moment(stft);
        bins = stft.bins();
        now = new float[2][samples.length][bins];
        before = new float[2][samples.length][bins];
        early = new float[2][samples.length][bins];
        late = new float[2][samples.length][bins];
        magnitude = new float[bins];
        lastMagnitude = new float[bins];
        along = new double[bins];
        across = new double[bins];
        rotation = new double[bins];
        last = new double[bins];
        known = new boolean[bins];
    }

    /** Bytes of the frames at work. */
    static long bytes(StftParameters stft, long channels) {
        return stft.bins() * (8 * Float.BYTES * channels + 80) + Moment.bytes(stft);
    }

    /**
     * Computes all frames.
     *
     * @param re Modified, as is {@code im}: a plane [frame][bin] a channel
     */
    void compute(int frames, float[][] re, float[][] im) {
        for (int at = 0; at < frames; at++) {
            next(0, re, im, at * bins);
        }
    }

    /** Frames computed. */
    long frames() {
        return frame;
    }

    /**
     * Computes the next frame.
     *
     * @param origin the position of the first sample that the channels hold; around what they hold are zeros
     * @param re Modified from {@code at} on, as is {@code im}: one value a bin, a channel each
     */
    void next(long origin, float[][] re, float[][] im, int at) {
        wanted = Cancellation.current();
        double center = center();
        double lastPlace = place;
        place = map.source(center) - stft.fftSize() / 2;
        analyze(Math.round(place) - origin, now);
        if (frame > 0) {
            long start = early(place, lastPlace) - origin;
            analyze(start, early);
            analyze(start + stft.hopLength(), late);
        }
        double stretch = 1 / map.slope(center);
        rotate(frame > 0, stretch);
        double gain = move(stretch, Math.round(place) - place);
        for (int channel = 0; channel < samples.length; channel++) {
            wanted.check();
            put(channel, at, gain, re[channel], im[channel]);
        }
        keep();
        frame++;
    }

    /** The sample of the result in the middle of the next frame. */
    private double center() {
        return (double) frame * stft.hopLength() - stft.pad() + stft.fftSize() / 2;
    }

    /** Where the first of two frames a hop apart starts, whose middle lies between two places. */
    private long early(double here, double before) {
        return Math.round((here + before - stft.hopLength()) / 2);
    }

    /** The first sample of the source that the next frame sees, and none after it sees one before. */
    long first() {
        double next = map.source(center()) - stft.fftSize() / 2;
        return frame == 0 ? Math.round(next) : Math.min(Math.round(next), early(next, place));
    }

    /** The position behind the last sample of the source that the next frame sees. */
    long end() {
        double next = map.source(center()) - stft.fftSize() / 2;
        long start = Math.round(next);
        return stft.fftSize() + (frame == 0 ? start : Math.max(start, early(next, place) + stft.hopLength()));
    }

    private void analyze(long start, float[][][] into) {
        for (int channel = 0; channel < samples.length; channel++) {
            wanted.check();
            int end = (int) Math.min(samples[channel].length, Math.round(map.heard()));
            transform.analyze(samples[channel], end, start, into[0][channel], into[1][channel]);
        }
    }

    private void put(int channel, int at, double gain, float[] re, float[] im) {
        for (int k = 0; k < bins; k++) {
            double cos = gain * Math.cos(rotation[k]);
            double sin = gain * Math.sin(rotation[k]);
            double x = now[0][channel][k];
            double y = now[1][channel][k];
            re[at + k] = (float) (cos * x - sin * y);
            im[at + k] = (float) (cos * y + sin * x);
        }
    }

    private void keep() {
        for (int part = 0; part < 2; part++) {
            for (int channel = 0; channel < samples.length; channel++) {
                System.arraycopy(now[part][channel], 0, before[part][channel], 0, bins);
            }
        }
        System.arraycopy(magnitude, 0, lastMagnitude, 0, bins);
        System.arraycopy(rotation, 0, last, 0, bins);
    }

    /**
     * Moves a frame of one moment to where that is heard.
     *
     * @param late how far the frame begins behind its place, in samples
     * @return the gain of its magnitudes
     */
    private double move(double stretch, double late) {
        if (stretch == 1 && late == 0 || !moment.find(now[0], now[1])) {
            return 1;
        }
        double there = stretch * (moment.offset() + late);
        double turn = -2 * Math.PI * (there - moment.offset()) / stft.fftSize();
        for (int k = 0; k < bins; k++) {
            rotation[k] = wrap(k * turn);
        }
        return moment.gain(there);
    }

    private void rotate(boolean continues, double stretch) {
        float largest = 0;
        for (int k = 0; k < bins; k++) {
            double sum = 0;
            for (int channel = 0; channel < samples.length; channel++) {
                double x = now[0][channel][k];
                double y = now[1][channel][k];
                sum += x * x + y * y;
            }
            magnitude[k] = (float) Math.min(Float.MAX_VALUE, Math.sqrt(sum));
            largest = Math.max(largest, Math.max(magnitude[k], lastMagnitude[k]));
        }
        float threshold = Math.max(TOLERANCE * largest, Float.MIN_NORMAL);
        for (int k = 0; k < bins; k++) {
            if (k % LOOK == 0) {
                wanted.check();
            }
            rotation[k] = 0;
            known[k] = !continues || magnitude[k] <= threshold;
            along[k] = continues ? angle(late, k, early, k) - angle(now, k, before, k) : 0;
            // A frame's phases are of its start: those of its middle turn by pi more from bin to bin.
            across[k] = k + 1 < bins ? (stretch - 1) * wrap(angle(now, k + 1, now, k) + Math.PI) : 0;
        }
        if (continues && largest > threshold) {
            integrate(threshold, largest);
        }
    }

    /** The angle from one frame's bin to another's, of all channels together. */
    private double angle(float[][][] to, int k, float[][][] from, int l) {
        double re = 0;
        double im = 0;
        for (int channel = 0; channel < samples.length; channel++) {
            double x = to[0][channel][k];
            double y = to[1][channel][k];
            double u = from[0][channel][l];
            double v = from[1][channel][l];
            re += x * u + y * v;
            im += y * u - x * v;
        }
        return re == 0 && im == 0 ? 0 : Math.atan2(im, re);
    }

    static double wrap(double angle) {
        return angle - 2 * Math.PI * Math.rint(angle / (2 * Math.PI));
    }

    /** Positions 0..bins - 1 are bins of the frame before, the others bins of this frame. */
    private void integrate(float threshold, float largest) {
        MagnitudeQueue queue = new MagnitudeQueue(2 * bins, threshold, largest);
        for (int k = 0; k < bins; k++) {
            if (lastMagnitude[k] > threshold) {
                queue.add(k, lastMagnitude[k]);
            }
        }
        int polled = 0;
        for (int from = queue.poll(); from >= 0; from = queue.poll()) {
            if (++polled % LOOK == 0) {
                wanted.check();
            }
            if (from < bins) {
                reach(queue, from, last[from] + along[from]);
                continue;
            }
            int k = from - bins;
            if (k + 1 < bins) {
                reach(queue, k + 1, rotation[k] + across[k]);
            }
            if (k > 0) {
                reach(queue, k - 1, rotation[k] - across[k - 1]);
            }
        }
    }

    private void reach(MagnitudeQueue queue, int k, double angle) {
        if (!known[k]) {
            known[k] = true;
            rotation[k] = wrap(angle);
            queue.add(bins + k, magnitude[k]);
        }
    }
}
