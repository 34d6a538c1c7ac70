package dev.phasor.quality;

/** Band-limited interpolation by a windowed sinc (Smith, "Digital Audio Resampling Home Page"), slow and exact. */
public final class Resampling {

    /** Zero crossings of the sinc on each side: scipy's {@code resample_poly} has as many. */
    private static final int CROSSINGS = 10;

    private Resampling() {}

    public static float[] of(float[] samples, int from, int to) {
        if (from == to) {
            return samples;
        }
        double cutoff = Math.min(1, (double) to / from);
        float[] out = new float[(int) ((long) samples.length * to / from)];
        double reach = CROSSINGS / cutoff;
        for (int t = 0; t < out.length; t++) {
            double center = (double) t * from / to;
            double sum = 0;
            for (int n = (int) Math.max(0, Math.ceil(center - reach));
                    n <= Math.min(samples.length - 1, center + reach);
                    n++) {
                double x = n - center;
                double window = 0.5 + 0.5 * Math.cos(Math.PI * x / reach);
                double angle = Math.PI * cutoff * x;
                sum += samples[n] * cutoff * window * (angle == 0 ? 1 : Math.sin(angle) / angle);
            }
            out[t] = (float) sum;
        }
        return out;
    }
}
