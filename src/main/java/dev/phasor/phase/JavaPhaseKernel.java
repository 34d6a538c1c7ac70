package dev.phasor.phase;

import dev.phasor.signal.Plane;

/**
 * {@link SafeAtan2} in plain Java, for every JVM. The compiler turns a loop into SIMD code if it is small, has no
 * branches and uses one index. Therefore a block of elements, which stays in the first-level cache, goes through
 * several such passes.
 */
final class JavaPhaseKernel extends SplitPhaseKernel {

    @Override
    public String name() {
        return "java";
    }

    @Override
    void angle(Plane re, Plane im, Plane phase, int from, int to) {
        var block = new AngleBlock(Math.min(BLOCK, to - from));
        for (int i = from; i < to; i += BLOCK) {
            block.angle(re, im, phase, i, Math.min(BLOCK, to - i));
        }
    }

    @Override
    GradientBlock gradientBlock(int size, Denominator denominator) {
        return new GradientBlock(size, denominator);
    }

    @Override
    void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm, int from, int to) {
        for (int i = from; i < to; i++) {
            // Dividing by the larger part avoids relevant under- and overflow; r is 0 at the origin, else >= 1.
            float largest = Math.max(Math.max(Math.abs(re[i]), Math.abs(im[i])), Float.MIN_VALUE);
            float u = re[i] / largest;
            float v = im[i] / largest;
            float r = (float) Math.sqrt(u * u + v * v);
            float atOrigin = 1 - Math.min(1, r);
            float gain = 1 / (r + atOrigin);
            float m = magnitude[i];
            outRe[i] = (u + atOrigin) * gain * m;
            outIm[i] = v * gain * m;
        }
    }

    @Override
    double largestSquare(Plane re, Plane im, int from, int to) {
        float[] x = re.values();
        float[] y = im.values();
        int apart = im.offset() - re.offset();
        double largest = 0;
        for (int i = re.offset() + from; i < re.offset() + to; i++) {
            double square = (double) x[i] * x[i] + (double) y[i + apart] * y[i + apart];
            // Math.max takes ten times as long, because of NaN and -0, which do not occur here.
            if (square > largest) {
                largest = square;
            }
        }
        return largest;
    }

    @Override
    int countBelow(Plane re, Plane im, double limit, int from, int to) {
        float[] x = re.values();
        float[] y = im.values();
        int apart = im.offset() - re.offset();
        int below = 0;
        for (int i = re.offset() + from; i < re.offset() + to; i++) {
            if ((double) x[i] * x[i] + (double) y[i + apart] * y[i + apart] < limit) {
                below++;
            }
        }
        return below;
    }
}
