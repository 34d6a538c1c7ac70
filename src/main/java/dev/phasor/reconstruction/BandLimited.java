package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;

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
        double band = step > 1 ? CUTOFF / step : 1;
        double reach = ZEROS / band;
        long work = (long) Math.min(Long.MAX_VALUE / 2.0, 2 * reach * y.length);
        Ranges.forEach(
                y.length,
                work,
                1,
                (from, to) -> Ranges.inOrder(to - from, (a, b) -> {
                    for (int t = from + a; t < from + b; t++) {
                        double place = t * step;
                        int first = (int) Math.max(0, Math.ceil(place - reach));
                        int last = (int) Math.min(x.length - 1, Math.floor(place + reach));
                        double sum = 0;
                        for (int n = first; n <= last; n++) {
                            sum += x[n] * value(Math.abs(place - n) * band * STEPS);
                        }
                        y[t] = (float) (band * sum);
                    }
                }));
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
