package dev.phasor.stft;

import java.util.Arrays;

/**
 * {@link RealFft} in SIMD lanes and single precision, for N a power of two >= 8. Load this class only if the module
 * {@code jdk.incubator.vector} is present.
 *
 * <p>Each frame has a lane: sample n of all frames is one vector, so every step is the same for all frames and needs no
 * shuffling. Even and odd samples are the real and imaginary parts of N/2 complex numbers (Press et al., Numerical
 * Recipes, 12.3). Their transform is computed in place by decimation in frequency: radix 4, then one stage of radix 2
 * if needed, which is made with the one before. Its output is in digit-reversed order, which the next step reads
 * through a table. The file is long because both directions share the buffers of a worker.
 */
final class VectorRealFft implements RealFft {

    private final int size;
    private final JTransformsRealFft wide;
    /** The index of bin k of the complex transform. */
    private final int[] place;
    /** w^k, w^2k, w^3k of each radix-4 stage as cos, sin pairs, in the order of the stages, k ascending. */
    private final float[][] twiddles;
    /** e^(-2 pi i k / N), k = 0..N/4, as cos, sin pairs. */
    private final float[] halfTurns;

    VectorRealFft(int size) {
        this.size = size;
        wide = new JTransformsRealFft(size);
        int half = size / 2;
        int stages = (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(half)) / 2;
        twiddles = new float[stages][];
        int block = half;
        for (int stage = 0; stage < stages; stage++, block /= 4) {
            twiddles[stage] = new float[6 * (block / 4)];
            for (int k = 0; k < block / 4; k++) {
                for (int power = 1; power <= 3; power++) {
                    turn(twiddles[stage], 3 * k + power - 1, (double) k * power / block);
                }
            }
        }
        halfTurns = new float[2 * (size / 4 + 1)];
        for (int k = 0; k <= size / 4; k++) {
            turn(halfTurns, k, (double) k / size);
        }
        place = new int[half];
        for (int k = 0; k < half; k++) {
            place[k] = place(k, half);
        }
    }

    /** Sets the pair at {@code index} to e^(-2 pi i turns). */
    private static void turn(float[] pairs, int index, double turns) {
        pairs[2 * index] = (float) Math.cos(2 * Math.PI * turns);
        pairs[2 * index + 1] = (float) -Math.sin(2 * Math.PI * turns);
    }

    /** The output index of bin k. A stage of radix r moves index k to its block k mod r, at index k div r. */
    private static int place(int k, int block) {
        if (block == 1) {
            return 0;
        }
        int radix = block == 2 ? 2 : 4;
        return k % radix * (block / radix) + place(k / radix, block / radix);
    }

    private static boolean isOrdinary(float largest) {
        return (largest >= SMALLEST && largest <= LARGEST) || largest == 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int batch() {
        return Lanes.COUNT;
    }

    @Override
    public Worker worker(double[] window, Order order) {
        return new LaneWorker(window, order);
    }

    /**
     * Every intermediate result is a normal float if the largest value of a frame is within these bounds. Other frames
     * are transformed one by one in double precision.
     */
    private static final float LARGEST = 1e30f;

    private static final float SMALLEST = 1e-30f;

    /** Complex numbers of all lanes that fit the first-level cache, 32 KiB. */
    private static final int CACHED = 512;

    /** Samples that are moved at once. */
    private static final int SQUARE = 8;

    private final class LaneWorker implements Worker {

        private final Order order;
        private final Worker wideRange;
        private final float[] one = new float[size];
        private final float[] oneRe = new float[size / 2 + 1];
        private final float[] oneIm = new float[size / 2 + 1];
        private final float[] window;
        /** The window is 0 before it, in steps of 8 samples. */
        private final int first;
        /** The window is 0 from it on. */
        private final int end;

        private final float[] ones = new float[size / 2 + 1];
        private final float[] noWindow = new float[size];
        private final float[] z = new float[size * Lanes.COUNT];
        private final float[] largest = new float[Lanes.COUNT];
        private final float[] largestIm = new float[Lanes.COUNT];
        private final float[] binsRe = new float[(size / 2 + 1) * Lanes.COUNT];
        private final float[] binsIm = new float[(size / 2 + 1) * Lanes.COUNT];

        LaneWorker(double[] window, Order order) {
            this.order = order;
            wideRange = wide.worker(window);
            Arrays.fill(ones, 1);
            Arrays.fill(noWindow, 1);
            this.window = new float[size];
            for (int n = 0; n < size; n++) {
                this.window[n] = (float) window[n];
            }
            int start = 0;
            while (start < size && this.window[start] == 0) {
                start++;
            }
            int stop = size;
            while (stop > start && this.window[stop - 1] == 0) {
                stop--;
            }
            first = start / SQUARE * SQUARE;
            end = (stop + SQUARE - 1) / SQUARE * SQUARE;
        }

        @Override
        public void forward(
                float[] x, int at, int stride, int frames, Scale scale, float[] re, float[] im, int offset) {
            Arrays.fill(z, 0, first * Lanes.COUNT, 0);
            Arrays.fill(z, end * Lanes.COUNT, z.length, 0);
            Lanes.load(x, at, stride, frames, first, end, window, z, largest);
            transform(0, Lanes.COUNT);
            float edge = (float) scale.edge();
            float inner = (float) scale.inner();
            if (order == Order.BINS) {
                Butterflies.split(z, place, halfTurns, edge, inner, re, im, offset);
            } else {
                Butterflies.split(z, place, halfTurns, edge, inner, binsRe, binsIm, 0);
                Lanes.store(binsRe, size / 2 + 1, frames, re, offset);
                Lanes.store(binsIm, size / 2 + 1, frames, im, offset);
            }
            for (int i = 0; i < frames; i++) {
                if (!VectorRealFft.isOrdinary(largest[i])) {
                    wideRange.forward(x, at + i * stride, 0, 1, scale, oneRe, oneIm, 0);
                    put(oneRe, re, offset, i);
                    put(oneIm, im, offset, i);
                }
            }
        }

        @Override
        public double squaredDistance(float[] x, int at, float[] y, int from) {
            return Lanes.squaredDistance(x, at, window, y, from);
        }

        @Override
        public boolean inverseUnwindowed(float[] re, float[] im, int offset, int frames, Scale scale, float[] y) {
            inverse(re, im, offset, frames, scale);
            if (!isOrdinary(frames)) {
                return false;
            }
            Lanes.store(z, place, noWindow, 0, size, frames, y);
            return true;
        }

        @Override
        public void addWindowed(float[] values, int from, int first, int count, double[] sum, int at) {
            Lanes.addProducts(values, from, window, first, count, sum, at);
        }

        private boolean isOrdinary(int frames) {
            for (int i = 0; i < frames; i++) {
                if (!VectorRealFft.isOrdinary(Math.max(largest[i], largestIm[i]))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean inverseAdd(
                float[] re, float[] im, int offset, int frames, Scale scale, float[] sum, int at, int stride) {
            if (!Lanes.canAdd(frames, size)) {
                return false;
            }
            inverse(re, im, offset, frames, scale);
            if (!isOrdinary(frames)) {
                return false;
            }
            Squares.add(z, place, window, first, end, sum, at, stride);
            return true;
        }

        @Override
        public void add(float[] values, int from, int count, double[] sum, int at) {
            Lanes.add(values, from, count, sum, at);
        }

        @Override
        public boolean cut(float[] values, int at, int binStep, int frameStep, int frames, float[] batch) {
            if (order != Order.BINS || frames != Lanes.COUNT) {
                return false;
            }
            if (frameStep == 1) {
                Lanes.copy(values, at, binStep, size / 2 + 1, batch);
            } else {
                Lanes.load(values, at, frameStep, frames, 0, size / 2 + 1, ones, batch, largest);
            }
            return true;
        }

        @Override
        public boolean put(float[] batches, int frames, float[] rows, int at, int binStep) {
            if (order != Order.BINS) {
                return false;
            }
            Lanes.copy(batches, size / 2 + 1, frames, rows, at, binStep);
            return true;
        }

        /** Leaves the result in {@link #z}. */
        private void inverse(float[] re, float[] im, int offset, int frames, Scale scale) {
            float edge = (float) scale.edge();
            float inner = (float) scale.inner();
            if (order == Order.BINS) {
                Lanes.largest(re, offset, size / 2 + 1, largest);
                Lanes.largest(im, offset, size / 2 + 1, largestIm);
                Butterflies.merge(re, im, offset, halfTurns, edge, inner, z);
            } else {
                Lanes.load(re, offset, size / 2 + 1, frames, 0, size / 2 + 1, ones, binsRe, largest);
                Lanes.load(im, offset, size / 2 + 1, frames, 0, size / 2 + 1, ones, binsIm, largestIm);
                Butterflies.merge(binsRe, binsIm, 0, halfTurns, edge, inner, z);
            }
            // A forward transform is an inverse one if real and imaginary parts are swapped before and after it.
            transform(Lanes.COUNT, 0);
        }

        @Override
        public void inverse(float[] re, float[] im, int offset, int frames, Scale scale, float[] y) {
            inverse(re, im, offset, frames, scale);
            Lanes.store(z, place, window, first, end, frames, y);
            for (int i = 0; i < frames; i++) {
                if (!VectorRealFft.isOrdinary(Math.max(largest[i], largestIm[i]))) {
                    take(re, offset, i, oneRe);
                    take(im, offset, i, oneIm);
                    wideRange.inverse(oneRe, oneIm, 0, 1, scale, one);
                    System.arraycopy(one, 0, y, i * size, size);
                }
            }
        }

        /** Copies a spectrum to frame i of a batch in this worker's order. */
        private void put(float[] frame, float[] batch, int offset, int i) {
            for (int k = 0; k < frame.length; k++) {
                batch[offset + order.index(i, k, frame.length, Lanes.COUNT)] = frame[k];
            }
        }

        private void take(float[] batch, int offset, int i, float[] frame) {
            for (int k = 0; k < frame.length; k++) {
                frame[k] = batch[offset + order.index(i, k, frame.length, Lanes.COUNT)];
            }
        }

        private void transform(int re, int im) {
            transform(0, 0, size / 2, re, im);
        }

        /**
         * The stages from {@code stage} on of a block of complex numbers that begins at {@code from}. After a stage the
         * quarters are independent: they are transformed one after the other until they fit the first-level cache.
         */
        private void transform(int stage, int from, int block, int re, int im) {
            int to = from + block * 2 * Lanes.COUNT;
            int left = block;
            for (int i = stage; i < twiddles.length; i++) {
                if (left == 8) {
                    Butterflies.radix8(z, from, to, re, im, twiddles[i]);
                    return;
                }
                Butterflies.radix4(z, from, to, re, im, left, twiddles[i]);
                if (left > CACHED) {
                    int quarter = (to - from) / 4;
                    for (int at = from; at < to; at += quarter) {
                        transform(i + 1, at, left / 4, re, im);
                    }
                    return;
                }
                left /= 4;
            }
        }
    }
}
