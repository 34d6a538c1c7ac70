package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Trials around a bin of a signal's spectrogram. Each turns the phases in a box of bins where the error lies by one
 * angle, iterates {@link Admm} and descends again, all in a {@link NarrowBand}; what lowers the error there stays.
 */
final class Neighborhood {

    private static final int TRIALS = 12;

    private static final int WIDEST_BOX = 12;

    private static final double LONGEST_BOX = 0.6;

    /** Frames at both ends of a neighborhood, as a part of it, whose error is not tried at. */
    private static final int MARGIN = 6;

    /** Iterations of ADMM. */
    private static final int WANDERING = 12;

    /** Iterations between two looks at how a trial goes. */
    private static final int STRIDE = 5;

    /**
     * The most error, of that before the trial, after 5, 10, ... iterations. Of 3500 trials on four recordings, with
     * fewer iterations of ADMM, those that ended below 0.9 were all below this.
     */
    private static final double[] HOPEFUL = {30, 5, 2.2, 1.5, 1.15, 1.05, 1.02, 1, 1, 1, 1, 1, 1};

    /** So near its old error, and so slow, a trial is back where it began. */
    private static final double BACK = 0.004;

    private static final double SLOW = 0.01;

    /** From so many iterations on a descent ends when {@link #STRIDE} of them gain no more than this. */
    private static final int PATIENCE = 25;

    private static final double LEAST_GAIN = 0.002;

    /** Iterations of all trials before the last begins. */
    private static final int ITERATIONS = 25 * TRIALS;

    private final IterationKernel kernel;
    private final StftParameters whole;
    private final FrameLoop loop;
    private final Stft stft;
    private final Around place;
    private final float[] magnitude;
    private final SplittableRandom random;
    private final long pass;
    private final float[] samples;
    private float @Nullable [] errors;
    private long work;

    /**
     * Where a neighborhood lies.
     *
     * @param first of its frames
     * @param frames how many
     * @param frame whose error is high, counted from the first
     * @param lowest the band's first bin
     * @param bin whose error is high, counted from the lowest
     */
    record Around(int first, int frames, int frame, int lowest, int bin, long seed) {

        boolean meets(Around other) {
            return first < other.first + other.frames && other.first < first + frames;
        }
    }

    /**
     * @param loop over as many frames as the neighborhood has
     * @param band the transform of {@link NarrowBand#parameters}
     * @param magnitude of these frames, [frame][bin]
     * @param samples that these frames see. Modified.
     */
    Neighborhood(
            IterationKernel kernel,
            StftParameters whole,
            FrameLoop loop,
            Stft band,
            Around place,
            float[] magnitude,
            float[] samples) {
        this.kernel = kernel;
        this.whole = whole;
        this.loop = loop;
        stft = band;
        this.place = place;
        this.magnitude = magnitude;
        this.samples = samples;
        random = new SplittableRandom(place.seed());
        pass = (long) place.frames() * (whole.fftSize() / band.parameters().fftSize());
    }

    /** The most that {@link #work} can be. */
    static long mostWork(int frames, int factor) {
        int trial = 2 * (ITERATIONS + 1 + WANDERING + STRIDE * HOPEFUL.length) + 2;
        return (long) frames * 3 * factor + counted(frames, trial);
    }

    /** Passes over the band count by a quarter more than by its bins: what is small takes longer. */
    private static long counted(int frames, int passes) {
        return (long) frames * passes * 5 / 4;
    }

    /** Passes there or back over a frame of the band; one over a frame of the whole counts as its factor of them. */
    long work() {
        return work;
    }

    Around place() {
        return place;
    }

    /** The samples that these frames see. */
    float[] samples() {
        return samples;
    }

    /** (|z| - M)^2 of the samples, [frame][bin]; null if nothing better was found. */
    float @Nullable [] errors() {
        return errors;
    }

    /** Runs the trials. */
    void search() {
        float[] re = new float[magnitude.length];
        float[] im = new float[magnitude.length];
        loop.analyze(samples, (tile, tileRe, tileIm) -> {
            loop.put(tileRe, tile, re);
            loop.put(tileIm, tile, im);
        });
        NarrowBand band = new NarrowBand(kernel, whole, stft, place.lowest(), magnitude, re, im);
        float[] correction = correction(band);
        work = pass + counted(place.frames(), band.passes());
        if (correction != null) {
            band.add(correction, re, im);
            synthesize(re, im);
            errors = measured();
            work += 2 * pass;
        }
    }

    /** Replaces the samples that no other frame sees. */
    private void synthesize(float[] re, float[] im) {
        float[] found = new float[samples.length];
        loop.synthesize(
                (tile, tileRe, tileIm) -> {
                    loop.cut(re, tile, tileRe);
                    loop.cut(im, tile, tileIm);
                },
                found);
        int from = whole.fftSize() - whole.hopLength();
        System.arraycopy(found, from, samples, from, place.frames() * whole.hopLength() - from);
    }

    private float[] measured() {
        float[] measured = new float[magnitude.length];
        loop.analyze(samples, (tile, re, im) -> {
            float[] wanted = new float[re.length];
            loop.cut(magnitude, tile, wanted);
            kernel.magnitude(re, im, re, 0, re.length);
            for (int i = 0; i < re.length; i++) {
                re[i] = (re[i] - wanted[i]) * (re[i] - wanted[i]);
            }
            loop.put(re, tile, measured);
        });
        return measured;
    }

    private float @Nullable [] correction(NarrowBand band) {
        float[] best = band.none();
        float[] left = new float[place.frames() * band.bins()];
        double start = band.errors(best, left);
        double least = start;
        int at = place.frame() * band.bins() + place.bin();
        for (int trial = 0; trial < TRIALS && band.passes() < 2 * ITERATIONS; trial++) {
            NarrowBand.Descending descent = band.new Descending(band.wandered(best, box(at, band.bins()), WANDERING));
            descend(descent, least);
            if (descent.least() < least) {
                best = descent.best();
                least = descent.least();
                band.errors(best, left);
            }
            at = drawn(left, band.bins());
        }
        return least < (1 - LEAST_GAIN / 2) * start ? best : null;
    }

    /** Draws the bin to try at, each as often as its error is large. */
    private int drawn(float[] left, int bins) {
        int from = place.frames() / MARGIN * bins;
        int to = left.length - from;
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += left[i];
        }
        sum *= random.nextDouble();
        int at = from;
        while (at < to - 1 && (sum -= left[at]) >= 0) {
            at++;
        }
        return at;
    }

    /** One angle in a box around a bin, 0 outside of it. */
    private float[] box(int at, int bins) {
        int wide = (int) between(1, WIDEST_BOX + 1);
        int longest = (int) between(2, LONGEST_BOX * place.frames() + 1);
        int firstFrame = at / bins - random.nextInt(longest);
        int firstBin = at % bins - random.nextInt(wide);
        float angle = (float) (Math.PI * (2 * random.nextDouble() - 1));
        float[] angles = new float[place.frames() * bins];
        for (int f = Math.max(0, firstFrame); f < Math.min(place.frames(), firstFrame + longest); f++) {
            for (int k = Math.max(0, firstBin); k < Math.min(bins, firstBin + wide); k++) {
                angles[f * bins + k] = angle;
            }
        }
        return angles;
    }

    /** Drawn between two values, small ones as likely as large ones. */
    private double between(double low, double high) {
        return low * Math.pow(high / low, random.nextDouble());
    }

    /** Descends for as long as there is hope. */
    private static void descend(NarrowBand.Descending descent, double before) {
        double last = Double.POSITIVE_INFINITY;
        for (int look = 0; look < HOPEFUL.length; look++) {
            double error = descent.iterate(STRIDE) / before;
            boolean back = Math.abs(error - 1) < BACK && Math.abs(last - error) < SLOW;
            boolean atBottom = look * STRIDE >= PATIENCE && last - error < LEAST_GAIN;
            if (!(error <= HOPEFUL[look]) || back || atBottom) {
                return;
            }
            last = error;
        }
    }
}
