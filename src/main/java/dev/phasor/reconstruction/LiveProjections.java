package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.stft.FrameWindow;
import dev.phasor.stft.SlidingFrames.SampleSink;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.util.Arrays;

/**
 * The accelerated Griffin-Lim algorithm (Nenov, Nguyen, Balazs, Bot 2023) on the latest frames, once for each new frame
 * (Peer, Welker, Kolhoff, Gerkmann, "A Flexible Online Framework for Projection-Based STFT Phase Retrieval", 2023). The
 * samples that were handed out are fixed, the frames are not: each frame that still reaches an open sample moves. In
 * RTISI-LA a frame is fixed with the first of its samples. Measured: open frames gain 1 dB (Hann 1024/256, look-ahead
 * 3) to 12 dB (Hann 2048/256, none).
 *
 * <p>A new frame starts where the signal so far tells its phase, and elsewhere from {@link RealTimePghi}. The sum of
 * frames is divided by the sum of their squared windows, but at least by {@link #LEAST_OVERLAP} of the full sum: at the
 * edge of the last frame both sums vanish. The file is long because all of it works on the buffers of one window.
 */
final class LiveProjections implements LiveReconstructor {

    // The best of grids on the 12 recordings of benchmarks/QUALITY.md.

    private static final double LEAST_OVERLAP = 0.01;

    /** A bin keeps the phase of the signal so far where that has at least this part of its magnitude. */
    private static final float TOLD = 0.6f;

    /** AGLA's alpha, beta and gamma: t = (1 - g) d + g P(u), u = t + a (t - t'), d = t + b (t - t'). */
    private static final float ALPHA = 0.9f;

    private static final float BETA = 0.9f;
    private static final float GAMMA = 1.25f;

    private final IterationKernel kernel;
    private final FrameWindow window;
    private final RealTimePghi.Propagation propagation;
    private final RunningScale scale = new RunningScale();
    private final SampleSink sink;
    private final StftParameters stft;
    private final Stft transform;
    private final int lookahead;
    private final int iterations;
    private long limit;
    private final int bins;
    private final int hop;
    private final int newest;
    /** Samples of the window before this index were handed out. */
    private final int open;

    /** The window's magnitudes, scaled, oldest first; before the first frame and after the last, zeros. */
    private final float[][] rows;

    private final float[][] magnitude;
    private final float[][] re;
    private final float[][] im;
    private final float[] frameRe;
    private final float[] frameIm;
    /** The phases of the newest frame, and those that RTPGHI gives the next one. */
    private final float[] last;

    private final float[] next;
    private final float[] cos;
    private final float[] sin;

    // Of the window's samples: the sums of frames and of their squared windows, and the signal.
    private final double[] sum;
    private final double[] overlap;
    private final double[] gain;
    private final double[] full;
    private final float[] x;
    private final float[] velocity;
    private final float[] u;
    private final float[] d;
    private final float[] t;
    private final float[] block;
    private long frames;
    /** Samples handed out, with the padding before the first. */
    private long delivered;

    LiveProjections(
            Kernels kernels,
            Stft given,
            ReconstructionParameters parameters,
            RandomPhase random,
            long limit,
            SampleSink sink) {
        this.sink = sink;
        this.limit = limit;
        kernel = kernels.iteration();
        stft = given.parameters();
        hop = step(stft);
        transform = given;
        lookahead = parameters.lookahead();
        iterations = parameters.iterations();
        bins = stft.bins();
        int count = frames(parameters);
        newest = count - 1;
        window = new FrameWindow(hop == stft.hopLength() ? given : kernels.stft(touching(stft)), count);
        propagation = new RealTimePghi.Propagation(stft, random);
        open = (overlapping(stft) - 2) * hop + Math.min(hop, stft.fftSize() - stft.padding());
        rows = new float[count][bins];
        magnitude = window.newPlane();
        re = window.newPlane();
        im = window.newPlane();
        frameRe = new float[bins];
        frameIm = new float[bins];
        last = new float[bins];
        next = new float[bins];
        cos = new float[bins];
        sin = new float[bins];
        int span = window.span();
        sum = new double[span];
        overlap = new double[span];
        gain = new double[span];
        full = new double[hop];
        for (int n = 0; n < stft.fftSize(); n++) {
            full[n % hop] += window.window(n) * window.window(n);
        }
        x = new float[span];
        velocity = new float[span];
        u = new float[span];
        d = new float[span];
        t = new float[span];
        block = new float[span];
        delivered = stft.padding();
    }

    /** All frames of a problem at once, each from the phase of the given one. */
    static void whole(Problem problem, ComplexSpectrogram given, SampleSink sink) {
        LiveProjections live = new LiveProjections(
                problem.kernels(), problem.stft(), problem.parameters(), problem.randomPhase(), problem.length(), sink);
        float[] re = new float[problem.bins()];
        float[] im = new float[re.length];
        for (int at = 0; at < problem.magnitude().length; at += re.length) {
            System.arraycopy(given.re(problem.item()), at, re, 0, re.length);
            System.arraycopy(given.im(problem.item()), at, im, 0, re.length);
            live.push(re, im);
        }
        live.end();
    }

    /** Samples from frame to frame in the window. Frames that do not overlap are stored without the gap. */
    private static int step(StftParameters stft) {
        return Math.min(stft.hopLength(), stft.fftSize());
    }

    private static StftParameters touching(StftParameters stft) {
        return new StftParameters(
                stft.fftSize(), step(stft), stft.windowLength(), stft.window(), stft.framing(), stft.padMode());
    }

    private static int overlapping(StftParameters stft) {
        return Math.max(2, (stft.fftSize() + step(stft) - 1) / step(stft));
    }

    /** Frames that move at once. */
    static int frames(ReconstructionParameters parameters) {
        return parameters.lookahead() + overlapping(parameters.stft());
    }

    /** The most bytes that an instance holds, without its {@link Stft}. */
    static long bytes(ReconstructionParameters parameters, TransformCost transform) {
        int count = frames(parameters);
        StftParameters stft = parameters.stft();
        long span = (count - 1L) * step(stft) + stft.fftSize();
        return FrameWindow.bytes(transform, count, 3)
                + transform.plane(count + 6L)
                + RealTimePghi.bytes(stft)
                + span * (3 * Double.BYTES + 6 * Float.BYTES)
                + (long) Double.BYTES * step(stft);
    }

    @Override
    public int lookahead() {
        return lookahead;
    }

    @Override
    public long frames() {
        return frames;
    }

    @Override
    public void push(float[] pushed) {
        begin(pushed);
        window.analyzeOne(x, newest, frameRe, frameIm);
        propagation.propagate(pushed, null, last, next);
        Angles.cosSin(next, cos, sin);
        float[] m = rows[newest];
        for (int bin = 0; bin < bins; bin++) {
            float length = (float) Math.hypot(frameRe[bin], frameIm[bin]);
            boolean told = length > 0 && length >= TOLD * m[bin];
            frameRe[bin] = m[bin] * (told ? frameRe[bin] / length : cos[bin]);
            frameIm[bin] = m[bin] * (told ? frameIm[bin] / length : sin[bin]);
        }
        proceed();
        window.take(re, newest, frameRe);
        window.take(im, newest, frameIm);
        kernel.angle(frameRe, frameIm, last);
    }

    /**
     * The next frame with a phase to start from: measured, that of {@link StretchedSpectrogram} is 0.2 dB better than
     * what the signal so far tells.
     *
     * @param zRe one value a bin, as in {@code zIm}: z, whose magnitudes the sound comes near to. Not modified.
     */
    void push(float[] zRe, float[] zIm) {
        kernel.magnitude(zRe, zIm, next, 0, bins);
        begin(next);
        double factor = scale.factor();
        for (int bin = 0; bin < bins; bin++) {
            frameRe[bin] = (float) (zRe[bin] * factor);
            frameIm[bin] = (float) (zIm[bin] * factor);
        }
        proceed();
    }

    /** Makes room for a frame of these magnitudes. */
    private void begin(float[] pushed) {
        rescale(scale.follow(pushed));
        slide();
        double factor = scale.factor();
        for (int bin = 0; bin < bins; bin++) {
            rows[newest][bin] = (float) (pushed[bin] * factor);
        }
    }

    /** Adds the new frame to the sum, and iterates. */
    private void proceed() {
        window.synthesizeOne(frameRe, frameIm, newest, sum);
        int offset = newest * hop;
        for (int n = 0; n < stft.fftSize(); n++) {
            overlap[offset + n] += window.window(n) * window.window(n);
        }
        iterate();
        frames++;
        if (frames > lookahead) {
            handOut(frames - 1 - lookahead, hop);
        }
    }

    /** {@link #end()} of frames that stand for so many samples. */
    void end(long length) {
        limit = length;
        end();
    }

    @Override
    public void end() {
        int count = Math.toIntExact(frames);
        int length = limit == Long.MAX_VALUE ? stft.defaultLength(count) : Math.toIntExact(limit);
        transform.checkInvertible(count, length);
        limit = stft.determined(count, length);
        long first = Math.max(0, frames - lookahead);
        for (long frame = first; frame < frames; frame++) {
            slide();
            iterate();
            handOut(frame, frame == frames - 1 ? x.length - open : hop);
        }
        if (lookahead == 0) {
            handOut(frames - 1, x.length - open);
        }
        for (long left = length + stft.padding() - delivered; left > 0; left -= block.length) {
            Arrays.fill(block, 0);
            sink.samples(block, 0, (int) Math.min(left, block.length));
        }
    }

    private void rescale(double factor) {
        if (factor == 1) {
            return;
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] *= factor;
            x[i] *= (float) factor;
            velocity[i] *= (float) factor;
        }
        for (float[] row : rows) {
            for (int bin = 0; bin < bins; bin++) {
                row[bin] *= (float) factor;
            }
        }
    }

    /** Moves the window on by one frame, which is one of zeros so far. */
    private void slide() {
        float[] oldest = rows[0];
        System.arraycopy(rows, 1, rows, 0, newest);
        rows[newest] = oldest;
        Arrays.fill(oldest, 0);
        shift(sum);
        shift(overlap);
        shift(x);
        shift(velocity);
    }

    private void shift(double[] values) {
        System.arraycopy(values, hop, values, 0, values.length - hop);
        Arrays.fill(values, values.length - hop, values.length, 0);
    }

    private void shift(float[] values) {
        System.arraycopy(values, hop, values, 0, values.length - hop);
        Arrays.fill(values, values.length - hop, values.length, 0);
    }

    private void iterate() {
        Cancellation wanted = Cancellation.current();
        for (int frame = 0; frame <= newest; frame++) {
            wanted.check();
            window.put(rows[frame], frame, magnitude);
        }
        for (int i = open; i < x.length; i++) {
            double least = Math.max(overlap[i], LEAST_OVERLAP * full[i % hop]);
            gain[i] = least > 0 ? 1 / least : 0;
            x[i] = (float) (sum[i] * gain[i]);
        }
        wanted.check();
        System.arraycopy(x, 0, u, 0, x.length);
        for (int i = open; i < x.length; i++) {
            u[i] = x[i] + ALPHA * velocity[i];
            d[i] = x[i];
            t[i] = x[i];
        }
        for (int iteration = 0; iteration < iterations; iteration++) {
            wanted.check();
            project(wanted);
            wanted.check();
            for (int i = open; i < x.length; i++) {
                float before = x[i];
                float now = (float) (sum[i] * gain[i]);
                float stepped = (1 - GAMMA) * d[i] + GAMMA * now;
                float change = stepped - t[i];
                x[i] = now;
                velocity[i] = now - before;
                u[i] = stepped + ALPHA * change;
                d[i] = stepped + BETA * change;
                t[i] = stepped;
            }
        }
    }

    /** sum = the frames of u with the given magnitudes. */
    private void project(Cancellation wanted) {
        for (int tile = 0; tile < re.length; tile++) {
            window.analyze(u, tile, re[tile], im[tile]);
            wanted.check();
            kernel.project(magnitude[tile], re[tile], im[tile]);
        }
        Arrays.fill(sum, open, sum.length, 0);
        window.synthesize(re, im, open, sum);
    }

    /** Hands out {@code count} samples from those on that the given frame is the last to reach. */
    private void handOut(long frame, int count) {
        long position = (frame - overlapping(stft) + 1) * hop + open;
        long most = limit == Long.MAX_VALUE ? count : limit + stft.padding() - position;
        int skipped = (int) Math.min(count, Math.max(0, delivered - position));
        int kept = (int) Math.max(skipped, Math.min(count, most));
        double factor = Math.scalb(1.0, scale.exponent());
        for (int i = skipped; i < kept; i++) {
            block[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, factor * x[open + i]));
        }
        if (kept > skipped) {
            delivered = position + kept;
            sink.samples(block, skipped, kept - skipped);
        }
    }
}
