package dev.phasor.stft;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Rows;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.RealFft.Order;
import dev.phasor.stft.RealFft.Scale;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The short-time Fourier transform, its least-squares inverse, and the adjoint of each.
 *
 * <p>With window w (zero outside its middle win_length of N = n_fft values), hop H and pad P (N/2 if centered, else 0):
 *
 * <pre>
 * Z[k, m] = sum_n w[n] x[m H + n - P] e^(-2 pi i k n / N),   k = 0..N/2
 * </pre>
 *
 * One-sided, not normalized, phases relative to the start of each frame, as in librosa and torch. SIMD transforms
 * compute in float, others in double (see {@link FftKernel}); frames are summed in double and planes are float. Results
 * are bit-identical for any number of threads. Instances are thread-safe.
 *
 * <p>Gradients of complex values are dL/dre + i dL/dim, torch's convention. The file is long because each map has its
 * adjoint directly beneath it.
 */
public final class Stft {

    /**
     * The shortest parallel range of an overlap-add, in frames. Both ranges at a border transform the frames that cross
     * it.
     */
    private static final int SHORTEST_RANGE = 8;

    /** Frames that a thread transforms before it puts them in rows: 256 bytes of each row at once. */
    static final int ROW_FRAMES = 64;

    private static final int LEAST_BLOCK = 1 << 16;

    /** Counts each bin once: an inverse transform counts the inner bins twice. */
    private static final Scale FORWARD_VJP = new Scale(1, 0.5);

    private final StftParameters parameters;
    private final FftKernel kernel;
    private final double[] window;
    private final Frames loop;
    /** For {@link FrameLoop}, {@link AdjointLoop} and {@link SlidingFrames}, which use the transform's own order. */
    private final Frames tiles;

    private final RealFft fft;
    /** The transform of {@link FrameTransform}. */
    private @Nullable JTransformsRealFft wide;

    private final Scale inverseScale;
    private final Scale inverseVjpScale;
    private volatile @Nullable Overlap lastOverlap;

    /** A transform by the fastest kernel that runs on this machine. */
    public Stft(StftParameters parameters) {
        this(parameters, FftKernel.best());
    }

    public Stft(StftParameters parameters, FftKernel kernel) {
        this(parameters, kernel, kernel.fft(parameters.fftSize()));
    }

    Stft(StftParameters parameters, FftKernel kernel, RealFft fft) {
        this.parameters = parameters;
        this.kernel = kernel;
        this.fft = fft;
        window = parameters
                .window()
                .coefficients(parameters.windowLength(), parameters.fftSize(), parameters.hopLength());
        loop = new Frames(parameters, window, fft, Order.FRAMES);
        tiles = new Frames(parameters, window, fft, Order.BINS);
        double n = parameters.fftSize();
        inverseScale = new Scale(1 / n, 1 / n);
        inverseVjpScale = new Scale(1 / n, 2 / n);
    }

    public StftParameters parameters() {
        return parameters;
    }

    /** The implementation of the Fourier transforms. */
    public FftKernel kernel() {
        return kernel;
    }

    /**
     * {@code [..., samples]} to {@code [..., bins, frames]}.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} on too few samples, {@code TOO_LARGE} on too large a result
     */
    public ComplexSpectrogram forward(AudioSignal audio) {
        SpectrogramShape shape = shape(audio.leading(), parameters.frames(audio.length()));
        float[][] re = shape.newPlanes();
        float[][] im = shape.newPlanes();
        forItems(shape, item -> forward(audio.samples(item), re[item], im[item]));
        return new ComplexSpectrogram(shape, re, im);
    }

    /**
     * The gradient of {@link #forward} with respect to audio of {@code length} samples.
     *
     * @param cotangent the gradient with respect to the spectrogram
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if audio of this length has another number of frames or bins
     */
    public AudioSignal forwardVjp(ComplexSpectrogram cotangent, int length) {
        SpectrogramShape shape = cotangent.shape();
        checkBins(shape);
        if (parameters.frames(length) != shape.frames()) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "cotangent must have " + parameters.frames(length) + " frames, as the spectrogram of " + length
                            + " samples, got " + shape.frames());
        }
        float[][] samples = new float[shape.items()][length];
        forItems(shape, item -> forwardVjp(cotangent.re(item), cotangent.im(item), samples[item]));
        return new AudioSignal(shape.leading(), samples, AudioSignal.UNKNOWN_RATE);
    }

    /**
     * {@code [..., bins, frames]} to {@code [..., length]}: the audio whose spectrogram is nearest in the least-squares
     * sense (Griffin, Lim 1984, eq. 6).
     *
     * @param length of the audio; samples beyond the longest signal of this number of frames are 0
     * @throws InvalidInputException {@code NOLA} if window and hop cannot be inverted on these samples
     */
    public AudioSignal inverse(ComplexSpectrogram z, int length, int sampleRate) {
        SpectrogramShape shape = z.shape();
        checkBins(shape);
        Overlap overlap = overlap(shape.frames(), length);
        float[][] samples = new float[shape.items()][length];
        forItems(shape, item -> inverse(overlap, z.re(item), z.im(item), samples[item]));
        return new AudioSignal(shape.leading(), samples, sampleRate);
    }

    /**
     * The gradient of {@link #inverse} with respect to a spectrogram of {@code frames} frames.
     *
     * @param cotangent the gradient with respect to the audio
     * @throws InvalidInputException {@code NOLA} if window and hop cannot be inverted on these samples
     */
    public ComplexSpectrogram inverseVjp(AudioSignal cotangent, int frames) {
        Overlap overlap = overlap(frames, cotangent.length());
        SpectrogramShape shape = shape(cotangent.leading(), frames);
        float[][] re = shape.newPlanes();
        float[][] im = shape.newPlanes();
        forItems(shape, item -> inverseVjp(overlap, cotangent.samples(item), re[item], im[item]));
        return new ComplexSpectrogram(shape, re, im);
    }

    /**
     * @return the samples at the ends that fade
     * @throws InvalidInputException {@code NOLA} unless {@code frames} frames determine each other of {@code length}
     *     samples
     */
    public Fade checkInvertible(int frames, int length) {
        return overlap(frames, length).fade();
    }

    /** Whether {@link #checkInvertible(int, int)} has nothing to refuse. */
    public boolean isInvertible(int frames, int length) {
        try {
            checkInvertible(frames, length);
            return true;
        } catch (InvalidInputException e) {
            if (e.code() != InvalidInputException.Code.NOLA) {
                throw e;
            }
            return false;
        }
    }

    /**
     * 1/s for each of {@code length} samples, where s is what the inverse of {@code frames} frames divides by; 0 where
     * no frame determines a sample.
     *
     * @throws InvalidInputException {@code NOLA}, see {@link #checkInvertible(int, int)}
     */
    public float[] inverseGains(int frames, int length) {
        Overlap overlap = overlap(frames, length);
        float[] gains = new float[length];
        int end = (int) Math.max(0, overlap.recoverable());
        double[] ones = new double[Math.min(end, LEAST_BLOCK)];
        Arrays.fill(ones, 1);
        for (int from = 0; from < end; from += ones.length) {
            overlap.divide(ones, 0, from, Math.min(ones.length, end - from), gains, from);
        }
        return gains;
    }

    /** What the ends of {@code length} samples of an inverse of {@code frames} frames weigh. */
    public EndRoots endRoots(int frames, int length) {
        return overlap(frames, length).roots();
    }

    /** The window of a frame, n_fft values: zeros outside its middle win_length. */
    public float[] frameWindow() {
        float[] values = new float[window.length];
        for (int n = 0; n < window.length; n++) {
            values[n] = (float) window[n];
        }
        return values;
    }

    /** {@link #checkInvertible(int, int)} for all frames of a signal of {@code length} samples. */
    public Fade checkInvertible(long length) {
        return overlap(parameters.framesOf(length), length).fade();
    }

    /**
     * {@link #forward(AudioSignal)} of one item.
     *
     * @param samples Not modified.
     * @param re Modified, [frame][bin], as is {@code im}
     */
    public void forward(float[] samples, float[] re, float[] im) {
        int count = parameters.frames(samples.length);
        checkPlanes(count, re, im);
        loop.analyze(samples, parameters.padMode(), count, Scale.ONE, re, im);
    }

    /**
     * {@link #forward(AudioSignal)} of one item in the order of an answer.
     *
     * @param samples Not modified.
     * @param re Modified, [bin][frame], as is {@code im}.
     */
    public void forward(float[] samples, Rows re, Rows im) {
        int count = parameters.frames(samples.length);
        int groups = (count + ROW_FRAMES - 1) / ROW_FRAMES;
        Ranges.forEach(groups, (long) count * parameters.bins(), 1, (from, to) -> {
            float[] groupRe = new float[ROW_FRAMES * parameters.bins()];
            float[] groupIm = new float[ROW_FRAMES * parameters.bins()];
            for (int group = from; group < to; group++) {
                int first = group * ROW_FRAMES;
                int end = Math.min(count, first + ROW_FRAMES);
                tiles.analyze(samples, parameters.padMode(), first, end, Scale.ONE, groupRe, groupIm, 0);
                tiles.put(groupRe, first, end - first, re);
                tiles.put(groupIm, first, end - first, im);
            }
        });
    }

    /**
     * A tile of {@link FrameLoop} and {@link SlidingFrames} from the order of a request.
     *
     * @param values Modified: the tile's values, zeros beyond the last frame.
     */
    public void cut(Rows rows, long tile, float[] values) {
        int first = (int) tile * FrameLoop.TILE_FRAMES;
        int count = Math.min(FrameLoop.TILE_FRAMES, rows.frames() - first);
        if (count < FrameLoop.TILE_FRAMES) {
            Arrays.fill(values, 0);
        }
        tiles.cut(rows, first, count, values);
    }

    /**
     * dx[t] = sum_p sum_m w[p - m H] sum_k Re(dZ[k, m] e^(2 pi i k (p - m H) / N)), where p runs over the padded
     * signal's positions that hold x[t]: t + P and, depending on the pad mode, positions in the padding.
     *
     * @param dRe Not modified, nor is {@code dIm}.
     * @param dSamples Modified.
     */
    public void forwardVjp(float[] dRe, float[] dIm, float[] dSamples) {
        int length = dSamples.length;
        int pad = parameters.pad();
        int count = parameters.frames(length);
        checkPlanes(count, dRe, dIm);
        double[] padded = new double[length + 2 * pad];
        Ranges.forEach(
                padded.length,
                dRe.length,
                SHORTEST_RANGE * parameters.fftSize(),
                (from, to) -> loop.overlapAdd(dRe, dIm, count, FORWARD_VJP, from, to, padded, from));
        Ranges.inOrder(pad, (from, to) -> {
            for (int p = from; p < to; p++) {
                fold(padded, p, length);
                fold(padded, pad + length + p, length);
            }
        });
        Ranges.inOrder(length, (from, to) -> {
            for (int t = from; t < to; t++) {
                dSamples[t] = (float) padded[pad + t];
            }
        });
    }

    /** Adds the value at a position of the padding to the sample that the padding repeats there. */
    private void fold(double[] padded, int position, int length) {
        int source = parameters.padMode().source((long) position - parameters.pad(), length);
        if (source != PadMode.NONE) {
            padded[parameters.pad() + source] += padded[position];
        }
    }

    /**
     * x[t] = sum_m w[n] y[n, m] / s[t], n = t + P - m H, with y[., m] the inverse real transform of Z[., m] and s[t] =
     * sum_m w[n]^2.
     *
     * @param re Not modified, nor is {@code im}.
     * @param samples Modified.
     */
    public void inverse(float[] re, float[] im, float[] samples) {
        int count = re.length / parameters.bins();
        checkPlanes(count, re, im);
        inverse(overlap(count, samples.length), re, im, samples);
    }

    private void inverse(Overlap overlap, float[] re, float[] im, float[] samples) {
        int count = re.length / parameters.bins();
        long pad = parameters.pad();
        int end = (int) overlap.recoverable();
        int block = block(parameters);
        Ranges.forEach(end, re.length, SHORTEST_RANGE * parameters.fftSize(), (from, to) -> {
            double[] sum = new double[Math.min(block, to - from)];
            for (int at = from; at < to; at += sum.length) {
                int stop = (int) Math.min(to, (long) at + sum.length);
                Arrays.fill(sum, 0);
                loop.overlapAdd(re, im, count, inverseScale, at + pad, stop + pad, sum, 0);
                overlap.divide(sum, at, stop, samples);
            }
        });
        Arrays.fill(samples, end, samples.length, 0);
    }

    /**
     * dZ[k, m] = c[k]/N sum_n w[n] dx[t]/s[t] e^(-2 pi i k n / N), t = m H + n - P; c = 1 at k = 0 and k = N/2, else 2.
     *
     * @param dSamples Not modified.
     * @param dRe Modified, [frame][bin], as is {@code dIm}
     */
    public void inverseVjp(float[] dSamples, float[] dRe, float[] dIm) {
        int count = dRe.length / parameters.bins();
        checkPlanes(count, dRe, dIm);
        inverseVjp(overlap(count, dSamples.length), dSamples, dRe, dIm);
    }

    private void inverseVjp(Overlap overlap, float[] dSamples, float[] dRe, float[] dIm) {
        int count = dRe.length / parameters.bins();
        int length = dSamples.length;
        float[] quotients = new float[length];
        Ranges.inOrder(length, (from, to) -> {
            double[] cotangent = new double[to - from];
            for (int t = from; t < to; t++) {
                cotangent[t - from] = dSamples[t];
            }
            overlap.divide(cotangent, from, to, quotients);
        });
        loop.analyze(quotients, PadMode.CONSTANT, count, inverseVjpScale, dRe, dIm);
    }

    /**
     * A loop over the tiles of one item's frames.
     *
     * @param length samples of the signals; frames beyond the end read padding
     * @throws InvalidInputException {@code NOLA} unless {@code frames} frames determine each of {@code length} samples
     */
    public FrameLoop frameLoop(int frames, int length) {
        return new FrameLoop(parameters, tiles, inverseScale, overlap(frames, length), frames, length);
    }

    /** A {@link #frameLoop} that only analyzes, also where window and hop cannot be inverted. */
    public FrameLoop analysisLoop(int frames, int length) {
        checkLength(length);
        return new FrameLoop(parameters, tiles, inverseScale, null, frames, length);
    }

    /** A loop there and back over the frames of two signals of {@code length} samples. */
    public AdjointLoop adjointLoop(int length) {
        return new AdjointLoop(parameters, tiles, FORWARD_VJP, length);
    }

    /** The frames of {@link FrameLoop} and {@link SlidingFrames}, tile by tile. */
    Frames tiles() {
        return tiles;
    }

    /** The frames of {@link PushedFrames} and {@link FrameSynthesis}, [frame][bin]. */
    Frames rows() {
        return loop;
    }

    Scale inverseScale() {
        return inverseScale;
    }

    double[] window() {
        return window;
    }

    /** A transform of single frames; each thread needs its own. */
    public FrameTransform frameTransform() {
        return new FrameTransform(parameters, wide(), window);
    }

    private synchronized JTransformsRealFft wide() {
        if (wide == null) {
            wide = fft instanceof JTransformsRealFft same ? same : new JTransformsRealFft(parameters.fftSize());
        }
        return wide;
    }

    private static void checkLength(long length) {
        if (length < 1) {
            throw InvalidInputException.badParameter("length", ">= 1", length);
        }
    }

    /**
     * @throws InvalidInputException {@code NOLA} unless the frames determine the samples; {@code BAD_PARAMETER} if
     *     there are none
     */
    Overlap overlap(long frames, long length) {
        checkLength(length);
        Overlap overlap = lastOverlap;
        if (overlap == null || !overlap.isFor(frames, length)) {
            overlap = new Overlap(parameters, window, frames, length);
            lastOverlap = overlap;
        }
        return overlap;
    }

    /**
     * The shape of audio's spectrogram.
     *
     * @throws InvalidInputException as {@link #forward(AudioSignal)}
     */
    public SpectrogramShape shape(AudioSignal audio) {
        return shape(audio.leading(), parameters.frames(audio.length()));
    }

    private SpectrogramShape shape(Shape leading, int frames) {
        long values = (long) leading.count() * frames * parameters.bins();
        if (values > Integer.MAX_VALUE) {
            throw new InvalidInputException(
                    Code.TOO_LARGE, "a spectrogram must hold at most 2147483647 values, got " + values);
        }
        return new SpectrogramShape(leading, parameters.bins(), frames);
    }

    private void checkBins(SpectrogramShape shape) {
        if (shape.bins() != parameters.bins()) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "n_fft=" + parameters.fftSize() + " needs " + parameters.bins() + " bins, got " + shape.bins());
        }
    }

    private void checkPlanes(int frames, float[] re, float[] im) {
        long size = (long) frames * parameters.bins();
        if (re.length != size || im.length != size) {
            throw new IllegalArgumentException("planes must hold " + frames + " frames of " + parameters.bins()
                    + " bins, got " + re.length + " and " + im.length + " values");
        }
    }

    /** Samples whose sums a thread holds at once. Both blocks at a border transform the frames that cross it. */
    static int block(StftParameters parameters) {
        return Math.max(LEAST_BLOCK, 2 * SHORTEST_RANGE * parameters.fftSize());
    }

    private static void forItems(SpectrogramShape shape, ItemBody body) {
        Ranges.forEach(shape.items(), (long) shape.items() * shape.planeSize(), 1, (from, to) -> {
            for (int item = from; item < to; item++) {
                body.run(item);
            }
        });
    }

    private interface ItemBody {
        void run(int item);
    }
}
