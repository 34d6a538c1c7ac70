package dev.phasor.device;

import dev.phasor.phase.Denominator;
import dev.phasor.phase.PhasePullback;
import dev.phasor.reconstruction.AcceleratedMap;
import dev.phasor.reconstruction.AcceleratedMap.Angle;
import dev.phasor.reconstruction.AcceleratedMap.AngleVjp;
import dev.phasor.reconstruction.AcceleratedMap.Forward;
import dev.phasor.reconstruction.AcceleratedMap.Inverse;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.Plane;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Rows;
import dev.phasor.stft.Stft;

/**
 * Maps of whole items: an upload, one pass, or two with the figures, a download. The file is long because the four maps
 * share what they move and scale.
 */
final class OnePass {

    /** Values of a plane that are on the device at once, where each is by itself. */
    private static final int CHUNK = 1 << 22;

    private static final int THREADS = 256;

    /** {@code SQUARE} in rows.cl. */
    private static final int SQUARE = 16;

    /** Values up to this power of two, and from its reciprocal on, have squares and sums of them that are floats. */
    private static final int LARGEST_EXPONENT = 40;

    private final Computation computation;
    private final AcceleratedMap map;
    private final int first;
    private final int items;

    /** @param items from the item {@code first} on */
    OnePass(Computation computation, AcceleratedMap map, int first, int items) {
        this.computation = computation;
        this.map = map;
        this.first = first;
        this.items = items;
    }

    /** The most bytes of the device's memory that this many items take. */
    static long bytes(AcceleratedMap map, long items) {
        Stft stft = map.stft();
        if (stft == null) {
            return 5 * chunk(map) + Double.BYTES;
        }
        long fftSize = stft.parameters().fftSize();
        long windowed = map instanceof Inverse ? fftSize : 0;
        long frames = map.shape().frames();
        long item = 4L * map.shape().planeSize() + frames * (windowed + 1) + length(map) + 1024;
        return Float.BYTES * (items * item + length(map) + 5 * fftSize);
    }

    /** Bytes of the largest array that this many items take. */
    static long largest(AcceleratedMap map, long items) {
        Stft stft = map.stft();
        if (stft == null) {
            return chunk(map);
        }
        long windowed = (long) map.shape().frames() * stft.parameters().fftSize();
        long spectra = 2L * map.shape().planeSize();
        return Float.BYTES
                * items
                * Math.max(length(map), map instanceof Inverse ? Math.max(spectra, windowed) : spectra);
    }

    private static long length(AcceleratedMap map) {
        return map instanceof Forward forward ? forward.length() : ((Inverse) map).length();
    }

    private static long chunk(AcceleratedMap map) {
        return Math.max(
                Double.BYTES, (long) Float.BYTES * Math.min(CHUNK, map.shape().planeSize()));
    }

    void run() {
        if (map instanceof Forward forward) {
            forward(forward);
        } else if (map instanceof Inverse inverse) {
            inverse(inverse);
        } else if (map instanceof Angle angle) {
            for (int item = first; item < first + items; item++) {
                angle(angle, item);
            }
        } else if (map instanceof AngleVjp vjp) {
            for (int item = first; item < first + items; item++) {
                angleVjp(vjp.pullback(), item);
            }
        }
    }

    private void forward(Forward map) {
        ComplexRows out = map.out();
        Stage stage = new Stage(computation, map.stft(), items, out.shape().frames(), map.length());
        DeviceArray signal = stage.newSignal();
        int[] exponents = new int[items];
        for (int item = 0; item < items; item++) {
            float[] samples = map.audio().samples(first + item);
            exponents[item] = exponent(largest(samples, 0, samples.length));
            double scale = Math.scalb(1.0, -exponents[item]);
            computation.upload(samples, scale, signal, (long) item * map.length());
        }
        stage.pass(Step.SPECTRUM, signal, false, 0);
        DeviceArray re = computation.floats(stage.plane() * items);
        DeviceArray im = computation.floats(stage.plane() * items);
        apart(computation, stage, out.re(0), re, im);
        for (int item = 0; item < items; item++) {
            download(stage, re, item, out.re(first + item), exponents[item]);
            download(stage, im, item, out.im(first + item), exponents[item]);
        }
    }

    private void inverse(Inverse map) {
        ComplexRows z = map.spectrogram();
        Stage stage = new Stage(computation, map.stft(), items, z.shape().frames(), map.length());
        DeviceArray re = computation.floats(stage.plane() * items);
        DeviceArray im = computation.floats(stage.plane() * items);
        int[] exponents = new int[items];
        for (int item = 0; item < items; item++) {
            float largest = Math.max(largest(stage, z.re(first + item)), largest(stage, z.im(first + item)));
            exponents[item] = exponent(largest);
            upload(stage, z.re(first + item), exponents[item], re, item);
            upload(stage, z.im(first + item), exponents[item], im, item);
        }
        together(computation, stage, z.re(0), re, im);
        DeviceArray signal = stage.newSignal();
        stage.pass(Step.GIVEN, signal, false, 0);
        float[][] energies = new float[items][];
        for (int item = 0; item < items; item++) {
            energies[item] = stage.frameErrors(item);
        }
        stage.overlap(signal);
        stage.pass(Step.DISTANCE, signal, false, 0);
        for (int item = 0; item < items; item++) {
            float[] samples = map.samples()[first + item];
            double scale = Math.scalb(1.0, exponents[item]);
            computation.download(signal, (long) item * map.length(), samples, 0, map.length(), scale);
            map.find(first + item, stage.frameErrors(item), energies[item]);
        }
    }

    /** The exponent of a largest value that is to be scaled to 1, an exact operation; 0 for ordinary ones. */
    private static int exponent(float largest) {
        int exponent = Math.getExponent(largest);
        return largest == 0 || Math.abs(exponent) <= LARGEST_EXPONENT ? 0 : exponent;
    }

    private static float largest(Stage stage, Rows rows) {
        return largest(rows.values(), rows.at(0, 0), (int) stage.plane());
    }

    private static float largest(float[] values, int first, int count) {
        float[] largest = new float[1];
        Ranges.inOrder(
                count,
                (from, to) -> largest[0] = Math.max(largest[0], AudioSignal.peak(values, first + from, first + to)));
        return largest[0];
    }

    /** From the order of passes to planes of both parts, in the order of {@code rows}. */
    static void apart(Computation computation, Stage stage, Rows rows, DeviceArray re, DeviceArray im) {
        int binStep = rows.at(1, 0) - rows.at(0, 0);
        int bins = stage.bins();
        int frames = stage.frames();
        launch(computation, stage, "apart", stage.keep(), bins, frames, binStep, rows.frameStep(), re, im);
    }

    /** From planes of both parts, in the order of {@code rows}, to the order of passes. */
    static void together(Computation computation, Stage stage, Rows rows, DeviceArray re, DeviceArray im) {
        int binStep = rows.at(1, 0) - rows.at(0, 0);
        int bins = stage.bins();
        int frames = stage.frames();
        launch(computation, stage, "together", re, im, bins, frames, binStep, rows.frameStep(), stage.keep());
    }

    private static void launch(Computation computation, Stage stage, String kernel, Object... arguments) {
        computation.launch(
                stage.program(),
                kernel,
                new long[] {stage.bins(), stage.frames(), stage.items()},
                new long[] {SQUARE, SQUARE, 1},
                arguments);
    }

    private void upload(Stage stage, Rows rows, int exponent, DeviceArray plane, int item) {
        int size = (int) stage.plane();
        computation.upload(rows.values(), rows.at(0, 0), size, Math.scalb(1.0, -exponent), plane, item * stage.plane());
    }

    private void download(Stage stage, DeviceArray plane, int item, Rows rows, int exponent) {
        int size = (int) stage.plane();
        computation.download(
                plane, item * stage.plane(), rows.values(), rows.at(0, 0), size, Math.scalb(1.0, exponent));
    }

    private void angle(Angle map, int item) {
        int size = map.shape().planeSize();
        DeviceArray[] arrays = arrays(3, size);
        for (int from = 0; from < size; from += CHUNK) {
            int count = Math.min(CHUNK, size - from);
            upload(map.z().rePlane(item), from, count, arrays[0]);
            upload(map.z().imPlane(item), from, count, arrays[1]);
            launch("angle", count, arrays[0], arrays[1], count, arrays[2]);
            download(arrays[2], map.plane(item), from, count);
        }
        release(arrays);
    }

    private void angleVjp(PhasePullback map, int item) {
        int size = map.z().shape().planeSize();
        Denominator d = map.denominator(item);
        DeviceArray[] arrays = arrays(5, size);
        DeviceArray saturated = computation.zeros(1);
        for (int from = 0; from < size; from += CHUNK) {
            int count = Math.min(CHUNK, size - from);
            upload(map.z().rePlane(item), from, count, arrays[0]);
            upload(map.z().imPlane(item), from, count, arrays[1]);
            upload(Plane.of(map.cotangent().values(item)), from, count, arrays[2]);
            launch(
                    "angle_vjp",
                    count,
                    arrays[0],
                    arrays[1],
                    arrays[2],
                    count,
                    d.added(),
                    d.least(),
                    d.cut(),
                    arrays[3],
                    arrays[4],
                    saturated);
            download(arrays[3], map.gradient().rePlane(item), from, count);
            download(arrays[4], map.gradient().imPlane(item), from, count);
        }
        map.saturated()[item] = Integer.toUnsignedLong(computation.number(saturated));
        release(arrays);
        computation.release(saturated);
    }

    private void upload(Plane plane, int from, int count, DeviceArray array) {
        computation.upload(plane.values(), plane.offset() + from, count, 1, array, 0);
    }

    private void download(DeviceArray array, Plane plane, int from, int count) {
        computation.download(array, 0, plane.values(), plane.offset() + from, count, 1);
    }

    private DeviceArray[] arrays(int count, int length) {
        DeviceArray[] arrays = new DeviceArray[count];
        for (int i = 0; i < count; i++) {
            arrays[i] = computation.floats(Math.min(CHUNK, length));
        }
        return arrays;
    }

    private void release(DeviceArray[] arrays) {
        for (DeviceArray array : arrays) {
            computation.release(array);
        }
    }

    private void launch(String kernel, int count, Object... arguments) {
        long program = computation.programs().phase();
        computation.launch(program, kernel, new long[] {count}, new long[] {THREADS}, arguments);
    }
}
