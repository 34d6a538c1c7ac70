package dev.phasor.device;

import dev.phasor.reconstruction.Curvature;
import dev.phasor.stft.EndRoots;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import org.jspecify.annotations.Nullable;

/**
 * Items of one shape on a device, and the passes over their frames. Signals are [item][sample], planes
 * [item][frame][bin], magnitudes scaled below 2. The file is long because its passes share the arrays of one stage.
 */
final class Stage {

    /** Work items of a group, but in passes over frames. */
    private static final int THREADS = 256;

    /** The most work groups that sum the squares of an item. */
    private static final int SQUARES_GROUPS = 128;

    /** Rows of frames that {@code bands.cl} starts beside each other: they fill a card. */
    private static final int MOST_ROWS = 256;

    private final Computation computation;
    private final Stft transform;
    private final StftParameters stft;
    private final int items;
    private final int frames;
    private final int length;
    private final int left;
    private final int right;
    private final long program;
    private final FrameSize size;
    private final DeviceArray window;
    private final DeviceArray inverseWindow;
    private final DeviceArray root;
    private final DeviceArray turns;
    private final DeviceArray errors;
    private final DeviceArray sums;
    private final DeviceArray partialSums;
    private @Nullable DeviceArray gain;
    private @Nullable DeviceArray magnitude;
    private @Nullable DeviceArray windowed;
    private @Nullable DeviceArray phase;
    private @Nullable DeviceArray y;
    private @Nullable DeviceArray known;

    Stage(Computation computation, Stft transform, int items, int frames, int length) {
        this.computation = computation;
        this.transform = transform;
        this.stft = transform.parameters();
        this.items = items;
        this.frames = frames;
        this.length = length;
        int fftSize = stft.fftSize();
        left = (fftSize - stft.windowLength()) / 2;
        right = left + stft.windowLength();
        program = computation.programs().frames(fftSize);
        size = FrameSize.of(fftSize);
        float[] values = transform.frameWindow();
        window = computation.of(values);
        inverseWindow = computation.of(inverse(values));
        root = computation.of(roots(fftSize));
        turns = computation.of(turns(fftSize / 2));
        errors = computation.floats((long) items * frames);
        sums = computation.bytes((long) Double.BYTES * items);
        partialSums = computation.bytes((long) Double.BYTES * items * SQUARES_GROUPS);
    }

    /** The device's bytes of a stage with all that iterations hold at most. */
    static long bytes(StftParameters stft, long items, int frames, int length, boolean hasKnown) {
        long plane = (long) frames * stft.bins();
        long signals = Math.max(4, 2L * (pairs(stft, frames, length) + 1) + 4);
        long planes = 4 + (hasKnown ? 2 : 0);
        long item = planes * plane + (long) frames * (stft.fftSize() + 1) + signals * length + 1024;
        return Float.BYTES * (items * item + length + 7L * stft.fftSize()) + (1 << 20);
    }

    /** The floats of the largest array of a stage. */
    static long largest(StftParameters stft, long items, int frames, int length, boolean hasKnown) {
        long planes = Math.max(stft.fftSize(), 2L * stft.bins()) * frames;
        return items * Math.max(planes, (pairs(stft, frames, length) + 1L) * length);
    }

    /** The pairs of L-BFGS: as many as the host keeps. */
    static int pairs(StftParameters stft, int frames, int length) {
        double tiles = (frames + 7) / 8 * 8.0 * stft.bins();
        return Curvature.pairs(tiles, length);
    }

    /** The window, over the points of the complex transform, which is not normalized. */
    private static float[] inverse(float[] window) {
        float[] inverse = window.clone();
        for (int n = 0; n < inverse.length; n++) {
            inverse[n] = (float) (window[n] / (window.length / 2.0));
        }
        return inverse;
    }

    private static float[] roots(int fftSize) {
        float[] roots = new float[fftSize];
        for (int j = 0; j < fftSize / 2; j++) {
            turn(roots, j, j, fftSize);
        }
        return roots;
    }

    /** What {@code fft.cl} turns the points of each pass by, one pass after the other. */
    private static float[] turns(int points) {
        float[] turns = new float[2 * points];
        int at = 0;
        for (int size = 8; size < points; size *= 8) {
            int radix = Math.min(8, points / size);
            for (int j = 1; j < radix; j++) {
                for (int k = 0; k < size; k++) {
                    turn(turns, at++, (long) j * k, radix * size);
                }
            }
        }
        return turns;
    }

    /** Sets a complex value to e^(-2 pi i part/whole). */
    private static void turn(float[] values, int at, long part, int whole) {
        double angle = -2 * Math.PI * part / whole;
        values[2 * at] = (float) Math.cos(angle);
        values[2 * at + 1] = (float) Math.sin(angle);
    }

    Computation computation() {
        return computation;
    }

    /** The kernels of this n_fft. */
    long program() {
        return program;
    }

    int items() {
        return items;
    }

    int frames() {
        return frames;
    }

    int bins() {
        return stft.bins();
    }

    int length() {
        return length;
    }

    int pairs() {
        return pairs(stft, frames, length);
    }

    /** Values of an item's plane. */
    long plane() {
        return (long) frames * stft.bins();
    }

    DeviceArray magnitude() {
        if (magnitude == null) {
            magnitude = computation.floats(plane() * items);
        }
        return magnitude;
    }

    /** Frames whose overlap is to come. */
    private DeviceArray windowed() {
        if (windowed == null) {
            windowed = computation.floats((long) items * frames * stft.fftSize());
        }
        return windowed;
    }

    /** The phases that the iterations start from, until {@link #start}. */
    DeviceArray phase() {
        if (phase == null) {
            phase = computation.floats(plane() * items);
        }
        return phase;
    }

    /** The known directions, which are to be uploaded: {@link dev.phasor.reconstruction.AcceleratedProblem#known}. */
    DeviceArray known() {
        if (known == null) {
            known = computation.floats(2 * plane() * items);
        }
        return known;
    }

    /** What the ends of signals weigh. */
    EndRoots endRoots() {
        return transform.endRoots(frames, length);
    }

    DeviceArray newSignal() {
        return computation.floats((long) items * length);
    }

    /** The complex plane that some steps keep. */
    DeviceArray keep() {
        if (y == null) {
            y = computation.floats(2 * plane() * items);
        }
        return y;
    }

    /**
     * The signal of the magnitudes with the first phases.
     *
     * @param kept whether the spectrogram is kept
     */
    void start(boolean kept, DeviceArray out) {
        if (kept) {
            keep();
        }
        pass(Step.PLACE, out, kept, 0);
        overlap(out);
    }

    /** out = inverse(step(forward(signal))); both may be the same. */
    void iterate(Step step, DeviceArray signal, boolean flag, float relaxation, DeviceArray out) {
        pass(step, signal, flag, relaxation);
        overlap(out);
    }

    /** A pass over frames, whose windowed inverses wait for their overlap. */
    void pass(Step step, DeviceArray signal, boolean flag, float relaxation) {
        long groups = (frames + size.group() - 1L) / size.group();
        long width = (long) size.group() * size.threads();
        // What a step does not use may be any array that is as large.
        DeviceArray given = magnitude == null ? keep() : magnitude;
        DeviceArray out = step.inverse() || windowed != null ? windowed() : keep();
        computation.launch(
                program,
                step.kernel(),
                new long[] {groups * width, items},
                new long[] {width, 1},
                signal,
                length,
                stft.padding(),
                padMode(),
                stft.hopLength(),
                frames,
                window,
                inverseWindow,
                root,
                turns,
                given,
                known == null ? given : known,
                known == null ? 0 : 1,
                y == null ? out : y,
                phase == null ? out : phase,
                flag ? 1 : 0,
                relaxation,
                errors,
                out);
    }

    private int padMode() {
        PadMode mode = stft.padMode();
        return mode == PadMode.CONSTANT ? 0 : mode == PadMode.REFLECT ? 1 : 2;
    }

    /** out = the overlapped frames of the last pass, the least-squares inverse. */
    void overlap(DeviceArray out) {
        overlap(0, 0, 0, out, out, out);
    }

    /** After a pass: c = t + a (t - old), old = t, where t is the overlapped signal. */
    void accelerate(float a, DeviceArray c, DeviceArray old) {
        overlap(1, a, 0, c, c, old);
    }

    /** After a pass: the same with t = (1 - g) c + g out, where out is the overlapped signal. */
    void accelerate(float a, float g, DeviceArray out, DeviceArray c, DeviceArray old) {
        overlap(2, a, g, out, c, old);
    }

    private void overlap(int mode, float a, float g, DeviceArray out, DeviceArray current, DeviceArray old) {
        if (gain == null) {
            gain = computation.of(transform.inverseGains(frames, length));
        }
        computation.launch(
                program,
                "overlap",
                new long[] {length, items},
                new long[] {THREADS, 1},
                windowed(),
                gain,
                length,
                stft.padding(),
                stft.hopLength(),
                frames,
                left,
                right,
                stft.fftSize(),
                mode,
                a,
                g,
                out,
                current,
                old);
    }

    /** The squared error of each item that the last pass measured, or its distance. Waits for the device. */
    double[] errors() {
        computation.launch(program, "sums", new long[] {THREADS, items}, new long[] {THREADS, 1}, errors, frames, sums);
        return downloadSums();
    }

    /** The last pass's squared error or distance of each frame of an item. Waits for the device. */
    float[] frameErrors(int item) {
        float[] each = new float[frames];
        computation.download(errors, (long) item * frames, each);
        return each;
    }

    /** The energy of each item's magnitudes. Waits for the device. */
    double[] energies() {
        long groups = Math.min(SQUARES_GROUPS, plane() / THREADS + 1);
        computation.launch(
                program,
                "squares",
                new long[] {groups * THREADS, items},
                new long[] {THREADS, 1},
                magnitude(),
                Math.toIntExact(plane()),
                partialSums);
        computation.launch(
                program, "added", new long[] {items}, new long[] {1}, partialSums, (int) groups, items, sums);
        return downloadSums();
    }

    private double[] downloadSums() {
        double[] result = new double[items];
        computation.download(sums, result);
        return result;
    }

    /** Starts a kernel of {@code bands.cl} over bins, frames and items. */
    void overPlanes(String kernel, int bins, int each, Object... arguments) {
        long rows = Math.min(frames, MOST_ROWS);
        computation.launch(
                program, kernel, new long[] {bins, rows, each}, new long[] {Math.min(64, bins), 1, 1}, arguments);
    }

    /** Releases the first phases, which are no longer needed. */
    void started() {
        if (phase != null) {
            computation.release(phase);
            phase = null;
        }
    }

    /** Releases everything. */
    void release() {
        started();
        for (DeviceArray array : new DeviceArray[] {window, inverseWindow, root, turns, errors, sums, partialSums}) {
            computation.release(array);
        }
        for (DeviceArray array : new @Nullable DeviceArray[] {gain, magnitude, windowed, y, known}) {
            if (array != null) {
                computation.release(array);
            }
        }
    }
}
