package dev.phasor.stft;

import java.util.Arrays;

/**
 * {@link RealFft} in SIMD lanes and single precision, for N a power of two >= 8; its class must be loaded only where
 * the module {@code jdk.incubator.vector} is.
 *
 * <p>A frame stands in a lane: sample n of all frames is one vector, so that every step is the same for all of them and
 * needs no shuffling. Even and odd samples are the parts of N/2 complex numbers (Press et al., Numerical Recipes,
 * 12.3), whose transform goes in place by decimation in frequency: radix 4, then radix 2 where it is left. It comes out
 * in digit-reversed order, which the next step reads by a table.
 */
final class VectorRealFft implements RealFft {

    private final int size;
    private final JTransformsRealFft wide;
    /** Where bin k of the complex transform stands. */
    private final int[] place;
    /** Of each radix-4 stage, from the first on: w^k, w^2k, w^3k as cos, sin pairs, k ascending. */
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

    /** e^(-2 pi i turns) as the pair of this index. */
    private static void turn(float[] pairs, int index, double turns) {
        pairs[2 * index] = (float) Math.cos(2 * Math.PI * turns);
        pairs[2 * index + 1] = (float) -Math.sin(2 * Math.PI * turns);
    }

    /** A stage of radix r puts index k into its block k mod r, where it is k div r. */
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
     * What a frame's largest value must be within for every intermediate result to be a normal float; a frame beyond
     * goes through double precision, on its own.
     */
    private static final float LARGEST = 1e30f;

    private static final float SMALLEST = 1e-30f;

    private final class LaneWorker implements Worker {

        private final Order order;
        private final Worker wideRange;
        private final float[] one = new float[size];
        private final float[] oneRe = new float[size / 2 + 1];
        private final float[] oneIm = new float[size / 2 + 1];
        private final float[] window;
        private final float[] ones = new float[size / 2 + 1];
        private final float[] z = new float[size * Lanes.COUNT];
        private final float[] largest = new float[Lanes.COUNT];
        private final float[] largestIm = new float[Lanes.COUNT];
        private final float[] binsRe = new float[(size / 2 + 1) * Lanes.COUNT];
        private final float[] binsIm = new float[(size / 2 + 1) * Lanes.COUNT];

        LaneWorker(double[] window, Order order) {
            this.order = order;
            wideRange = wide.worker(window);
            Arrays.fill(ones, 1);
            this.window = new float[size];
            for (int n = 0; n < size; n++) {
                this.window[n] = (float) window[n];
            }
        }

        @Override
        public void forward(
                float[] x, int at, int stride, int frames, Scale scale, float[] re, float[] im, int offset) {
            Lanes.load(x, at, stride, frames, size, window, z, largest);
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
                if (!isOrdinary(largest[i])) {
                    wideRange.forward(x, at + i * stride, 0, 1, scale, oneRe, oneIm, 0);
                    put(oneRe, re, offset, i);
                    put(oneIm, im, offset, i);
                }
            }
        }

        @Override
        public boolean inverseAdd(
                float[] re, float[] im, int offset, int frames, Scale scale, float[] sum, int at, int stride) {
            if (!Lanes.canAdd(frames, size)) {
                return false;
            }
            inverse(re, im, offset, frames, scale);
            for (int i = 0; i < frames; i++) {
                if (!isOrdinary(Math.max(largest[i], largestIm[i]))) {
                    return false;
                }
            }
            Squares.add(z, place, window, sum, at, stride);
            return true;
        }

        /** To {@link #z}. */
        private void inverse(float[] re, float[] im, int offset, int frames, Scale scale) {
            float edge = (float) scale.edge();
            float inner = (float) scale.inner();
            if (order == Order.BINS) {
                Lanes.largest(re, offset, size / 2 + 1, largest);
                Lanes.largest(im, offset, size / 2 + 1, largestIm);
                Butterflies.merge(re, im, offset, halfTurns, edge, inner, z);
            } else {
                Lanes.load(re, offset, size / 2 + 1, frames, size / 2 + 1, ones, binsRe, largest);
                Lanes.load(im, offset, size / 2 + 1, frames, size / 2 + 1, ones, binsIm, largestIm);
                Butterflies.merge(binsRe, binsIm, 0, halfTurns, edge, inner, z);
            }
            // The parts swapped before and after, a forward transform is an inverse one.
            transform(Lanes.COUNT, 0);
        }

        @Override
        public void inverse(float[] re, float[] im, int offset, int frames, Scale scale, float[] y) {
            inverse(re, im, offset, frames, scale);
            Lanes.store(z, place, window, frames, y);
            for (int i = 0; i < frames; i++) {
                if (!isOrdinary(Math.max(largest[i], largestIm[i]))) {
                    take(re, offset, i, oneRe);
                    take(im, offset, i, oneIm);
                    wideRange.inverse(oneRe, oneIm, 0, 1, scale, one);
                    System.arraycopy(one, 0, y, i * size, size);
                }
            }
        }

        /** Frame i of a batch in this worker's order. */
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
            int block = size / 2;
            for (float[] stage : twiddles) {
                Butterflies.radix4(z, re, im, block, stage);
                block /= 4;
            }
            if (block == 2) {
                Butterflies.radix2(z);
            }
        }
    }
}
