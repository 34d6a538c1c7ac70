package dev.phasor.stft;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.RealFft.Scale;
import org.jspecify.annotations.Nullable;

/**
 * The short-time Fourier transform, its least-squares inverse, and the adjoint of each.
 *
 * <p>With window w (zero beside its middle win_length of N = n_fft values), hop H and pad P (N/2 if centered, else 0):
 *
 * <pre>
 * Z[k, m] = sum_n w[n] x[m H + n - P] e^(-2 pi i k n / N),   k = 0..N/2
 * </pre>
 *
 * One-sided, not normalised, phases relative to the start of each frame: as librosa and torch. Sums are in double precision, planes in float;
 * the same bits come out whatever the number of threads. Instances are immutable to their users and shared by any
 * number of threads.
 *
 * <p>Gradients of complex values are dL/dre + i dL/dim, torch's convention.
 */
public final class Stft {

    private final StftParameters parameters;
    private final double[] window;
    private final RealFft fft;
    private final Scale forwardVjpScale;
    private final Scale inverseScale;
    private final Scale inverseVjpScale;
    private volatile @Nullable Overlap lastOverlap;

    public Stft(StftParameters parameters) {
        this(parameters, new JTransformsRealFft(parameters.fftSize()));
    }

    Stft(StftParameters parameters, RealFft fft) {
        this.parameters = parameters;
        this.fft = fft;
        double n = parameters.fftSize();
        window = parameters
                .window()
                .coefficients(parameters.windowLength(), parameters.fftSize(), parameters.hopLength());
        forwardVjpScale = new Scale(1, 0.5);
        inverseScale = new Scale(1 / n, 1 / n);
        inverseVjpScale = new Scale(1 / n, 2 / n);
    }

    public StftParameters parameters() {
        return parameters;
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
     * The gradient of {@link #forward} with respect to audio of {@code length} samples, from the one with respect to its
     * spectrogram.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if audio of this length has other frames or bins
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
     * @param length of the answer; beyond the longest signal that has so many frames, zeros
     * @throws InvalidInputException {@code NOLA} where window and hop cannot be inverted on these samples
     */
    public AudioSignal inverse(ComplexSpectrogram z, int length, int sampleRate) {
        SpectrogramShape shape = z.shape();
        checkBins(shape);
        checkInvertible(shape.frames(), length);
        float[][] samples = new float[shape.items()][length];
        forItems(shape, item -> inverse(z.re(item), z.im(item), samples[item]));
        return new AudioSignal(shape.leading(), samples, sampleRate);
    }

    /** The gradient of {@link #inverse} with respect to a spectrogram of so many frames, from the one with respect to its audio. */
    public ComplexSpectrogram inverseVjp(AudioSignal cotangent, int frames) {
        checkInvertible(frames, cotangent.length());
        SpectrogramShape shape = shape(cotangent.leading(), frames);
        float[][] re = shape.newPlanes();
        float[][] im = shape.newPlanes();
        forItems(shape, item -> inverseVjp(cotangent.samples(item), re[item], im[item]));
        return new ComplexSpectrogram(shape, re, im);
    }

    /** @throws InvalidInputException {@code NOLA} unless so many frames determine each of {@code length} samples */
    public void checkInvertible(int frames, int length) {
        if (length < 1) {
            throw InvalidInputException.badParameter("length", ">= 1", length);
        }
        overlap(frames, length);
    }

    /**
     * {@link #forward(AudioSignal)} of one item.
     *
     * @param samples Not modified.
     * @param re Modified, [frame][bin], as is {@code im}
     */
    public void forward(float[] samples, float[] re, float[] im) {
        analyse(samples, parameters.padMode(), parameters.frames(samples.length), Scale.ONE, re, im);
    }

    /**
     * dx[t] = sum over the padded positions p that show x[t] of sum_m w[p - m H] sum_k Re(dZ[k, m] e^(2 pi i k n / N)).
     *
     * @param dSamples Modified.
     */
    public void forwardVjp(float[] dRe, float[] dIm, float[] dSamples) {
        int frames = parameters.frames(dSamples.length);
        int pad = parameters.pad();
        checkPlanes(frames, dRe, dIm);
        int length = dSamples.length;
        double[] padded = new double[Math.addExact(length, 2 * pad)];
        Ranges.forEach(
                padded.length,
                dRe.length,
                8 * fft.size(),
                (from, to) -> overlapAdd(dRe, dIm, frames, forwardVjpScale, from, to, padded, from));
        for (int i = 0; i < pad; i++) {
            fold(padded, i, length);
            fold(padded, pad + length + i, length);
        }
        for (int t = 0; t < length; t++) {
            dSamples[t] = (float) padded[pad + t];
        }
    }

    private void fold(double[] padded, int position, int length) {
        int source = parameters.padMode().source((long) position - parameters.pad(), length);
        if (source != PadMode.NONE) {
            padded[parameters.pad() + source] += padded[position];
        }
    }

    /**
     * x[t] = sum_m w[t + P - m H] irfft(Z[., m])[t + P - m H] / s[t], s the overlapped squared window.
     *
     * @param samples Modified.
     */
    public void inverse(float[] re, float[] im, float[] samples) {
        int frames = re.length / parameters.bins();
        checkPlanes(frames, re, im);
        Overlap overlap = overlap(frames, samples.length);
        Ranges.forEach(samples.length, re.length, 8 * fft.size(), (from, to) -> {
            double[] sum = new double[to - from];
            overlapAdd(re, im, frames, inverseScale, from + parameters.pad(), to + parameters.pad(), sum, 0);
            overlap.divide(sum, from, to, samples);
        });
    }

    /**
     * dZ[k, m] = c[k]/N sum_n w[n] dx[t]/s[t] e^(-2 pi i k n / N), t = m H + n - P; c = 1 at k = 0 and N/2, else 2.
     *
     * @param dRe Modified, [frame][bin], as is {@code dIm}
     */
    public void inverseVjp(float[] dSamples, float[] dRe, float[] dIm) {
        int frames = dRe.length / parameters.bins();
        float[] d = overlap(frames, dSamples.length).divideVjp(dSamples);
        analyse(d, PadMode.CONSTANT, frames, inverseVjpScale, dRe, dIm);
    }

    /**
     * One item's transforms as a loop over tiles of frames.
     *
     * @param length samples of the signals; frames beyond a signal see its padding
     * @throws InvalidInputException {@code NOLA} unless so many frames determine each of them
     */
    public FrameLoop frameLoop(int frames, int length) {
        checkInvertible(frames, length);
        return new FrameLoop(this, overlap(frames, length), frames, length);
    }

    /** The transform of single frames, one for each thread. */
    public FrameTransform frameTransform() {
        return new FrameTransform(fft, window);
    }

    RealFft fft() {
        return fft;
    }

    /** The frames first..first + count - 1 of a signal, to the start of {@code re} and {@code im}. */
    void forwardFrames(float[] samples, int first, int count, float[] re, float[] im) {
        int size = fft.size();
        double[] batch = new double[fft.batch() * size];
        for (int m = 0; m < count; m += fft.batch()) {
            int some = Math.min(fft.batch(), count - m);
            for (int i = 0; i < some; i++) {
                long start = (long) (first + m + i) * parameters.hopLength() - parameters.pad();
                window(samples, parameters.padMode(), start, batch, i * size);
            }
            fft.forward(batch, some, Scale.ONE, re, im, m * parameters.bins());
        }
    }

    /** Adds the windowed inverse of each frame of a tile, in order, to {@code out}. */
    void addFrames(float[] re, float[] im, int first, int count, double[] batch, float[] out) {
        int size = fft.size();
        for (int m = 0; m < count; m += fft.batch()) {
            int some = Math.min(fft.batch(), count - m);
            fft.inverse(re, im, m * parameters.bins(), some, inverseScale, batch);
            for (int i = 0; i < some; i++) {
                long start = (long) (first + m + i) * parameters.hopLength() - parameters.pad();
                int from = (int) Math.min(size, Math.max(0, -start));
                int to = (int) Math.max(from, Math.min(size, out.length - start));
                for (int n = from; n < to; n++) {
                    out[(int) (start + n)] += (float) (window[n] * batch[i * size + n]);
                }
            }
        }
    }

    private void analyse(float[] samples, PadMode padMode, int frames, Scale scale, float[] re, float[] im) {
        checkPlanes(frames, re, im);
        int size = fft.size();
        Ranges.forEach(frames, re.length, fft.batch(), (from, to) -> {
            double[] batch = new double[fft.batch() * size];
            for (int m = from; m < to; m += fft.batch()) {
                int count = Math.min(fft.batch(), to - m);
                for (int i = 0; i < count; i++) {
                    window(
                            samples,
                            padMode,
                            (long) (m + i) * parameters.hopLength() - parameters.pad(),
                            batch,
                            i * size);
                }
                fft.forward(batch, count, scale, re, im, m * parameters.bins());
            }
        });
    }

    /** The windowed frame that starts at sample {@code start}, into {@code frame} from {@code offset} on. */
    private void window(float[] samples, PadMode padMode, long start, double[] frame, int offset) {
        int size = fft.size();
        if (start >= 0 && start + size <= samples.length) {
            for (int n = 0; n < size; n++) {
                frame[offset + n] = window[n] * samples[(int) start + n];
            }
            return;
        }
        for (int n = 0; n < size; n++) {
            long t = start + n;
            int source = t >= 0 && t < samples.length ? (int) t : padMode.source(t, samples.length);
            frame[offset + n] = source == PadMode.NONE ? 0 : window[n] * samples[source];
        }
    }

    /** Adds the windowed inverse of every frame, in order, to the sums of positions from..to - 1 of the padded signal. */
    private void overlapAdd(
            float[] re, float[] im, int frames, Scale scale, int from, int to, double[] sum, int offset) {
        int size = fft.size();
        int hop = parameters.hopLength();
        int first = from < size ? 0 : (from - size) / hop + 1;
        int last = Math.min(frames - 1, (to - 1) / hop);
        double[] batch = new double[fft.batch() * size];
        for (int m = first; m <= last; m += fft.batch()) {
            int count = Math.min(fft.batch(), last + 1 - m);
            fft.inverse(re, im, m * parameters.bins(), count, scale, batch);
            for (int i = 0; i < count; i++) {
                long start = (long) (m + i) * hop;
                int end = (int) Math.min(size, to - start);
                for (int n = (int) Math.max(0, from - start); n < end; n++) {
                    sum[(int) (start + n - from) + offset] += window[n] * batch[i * size + n];
                }
            }
        }
    }

    private Overlap overlap(int frames, int length) {
        Overlap overlap = lastOverlap;
        if (overlap == null || !overlap.isFor(frames, length)) {
            overlap = new Overlap(parameters, window, frames, length);
            overlap.check();
            lastOverlap = overlap;
        }
        return overlap;
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
