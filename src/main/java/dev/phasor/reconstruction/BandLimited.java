package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.SlidingFrames.SampleSink;

/**
 * Signals read at other places than their samples: a sinc in a Kaiser window (Smith, Gossett, "A Flexible Sampling-Rate
 * Conversion Method", 1984), 32 of its zeros on each side, with an attenuation of some 80 dB. Values between those of
 * its table lie on straight lines, 1e-6 from the sinc.
 */
final class BandLimited {

    private static final int ZEROS = 32;

    private static final double BETA = 8;

    /** Where the transition to the new half of the rate begins. */
    private static final double CUTOFF = 0.95;

    /** Values of the table from one zero to the next. */
    private static final int STEPS = 1024;

    private static final float[] TABLE = table();

    private BandLimited() {}

    /**
     * y[t] = x(t step).
     *
     * @param step samples of x from one sample of y to the next; above 1 the band is cut to y's
     * @param y Modified.
     */
    static void read(float[] x, double step, float[] y) {
        long work = (long) Math.min(Long.MAX_VALUE / 2.0, 2 * reach(step) * y.length);
        Ranges.forEach(
                y.length,
                work,
                1,
                (from, to) -> Ranges.inOrder(to - from, (a, b) -> {
                    for (int t = from + a; t < from + b; t++) {
                        y[t] = at(x, 0, x.length, t * step, band(step));
                    }
                }));
    }

    private static double band(double step) {
        return step > 1 ? CUTOFF / step : 1;
    }

    /** How many samples of x on each side of a place count. */
    static double reach(double step) {
        return ZEROS / band(step);
    }

    /**
     * x(place).
     *
     * @param x the samples from position {@code origin} on
     * @param end the position behind the last sample
     */
    private static float at(float[] x, long origin, long end, double place, double band) {
        double reach = ZEROS / band;
        int first = (int) (Math.max(0, Math.ceil(place - reach)) - origin);
        int last = (int) (Math.min(end - 1, Math.floor(place + reach)) - origin);
        double sum = 0;
        for (int n = first; n <= last; n++) {
            sum += x[n] * value(Math.abs(place - (origin + n)) * band * STEPS);
        }
        return (float) (band * sum);
    }

    /** {@link #read} while x comes. Memory is that of the samples around a place. */
    static final class Reader implements SampleSink {

        private static final int BLOCK = 1024;

        private final double step;
        private final SampleSink sink;
        private final RecentSamples x;
        private final float[] block = new float[BLOCK];
        private long next;

        Reader(double step, SampleSink sink) {
            this.step = step;
            this.sink = sink;
            x = new RecentSamples((int) span(step));
        }

        static long bytes(double step) {
            return RecentSamples.bytes(span(step)) + (long) Float.BYTES * BLOCK;
        }

        private static long span(double step) {
            return (long) Math.ceil(2 * reach(step)) + 2;
        }

        @Override
        public void samples(float[] given, int offset, int count) {
            for (int at = 0; at < count; ) {
                long needed = (long) Math.max(0, Math.ceil(next * step - reach(step)));
                at += x.take(given, offset + at, count - at, needed);
                read(Long.MAX_VALUE, x.end());
            }
        }

        /** No sample follows: reads up to y[length - 1]. */
        void end(long length) {
            read(length, Double.POSITIVE_INFINITY);
        }

        /** Reads up to y[end - 1], of those that see nothing from a sample of x on. */
        private void read(long end, double known) {
            Cancellation wanted = Cancellation.current();
            int count;
            do {
                wanted.check();
                for (count = 0; count < BLOCK && next < end && next * step + reach(step) < known; count++) {
                    block[count] = at(x.values(), x.first(), x.end(), next * step, band(step));
                    next++;
                }
                if (count > 0) {
                    sink.samples(block, 0, count);
                }
            } while (count == BLOCK);
        }
    }

    private static double value(double step) {
        int at = (int) step;
        return TABLE[at] + (step - at) * (TABLE[at + 1] - TABLE[at]);
    }

    private static float[] table() {
        float[] table = new float[ZEROS * STEPS + 2];
        double norm = bessel(BETA);
        for (int i = 0; i <= ZEROS * STEPS; i++) {
            double part = (double) i / (ZEROS * STEPS);
            double phase = Math.PI * i / STEPS;
            double window = bessel(BETA * Math.sqrt(1 - part * part)) / norm;
            table[i] = (float) (window * (i == 0 ? 1 : Math.sin(phase) / phase));
        }
        return table;
    }

    /** I_0 by its power series. */
    private static double bessel(double x) {
        double term = 1;
        double sum = 1;
        double square = x * x / 4;
        for (int k = 1; term > 1e-10 * sum; k++) {
            term *= square / ((double) k * k);
            sum += term;
        }
        return sum;
    }
}
