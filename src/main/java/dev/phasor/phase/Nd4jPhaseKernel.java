package dev.phasor.phase;

import dev.phasor.signal.Plane;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.longer.MatchCondition;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMin;
import org.nd4j.linalg.api.ops.impl.transforms.custom.ATan2;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;

/**
 * {@link SafeAtan2} as whole-array operations of ND4J, for its CUDA backend; tests use the CPU backend. One call
 * computes at a time, in chunks, so the buffers are allocated once and the memory is bounded.
 *
 * <p>Gradients and projections are computed in FP64, where no square of a float under- or overflows. Its cost on a
 * device is small compared with the transfer of the data. ND4J's own rule for atan2's gradient, x/(x^2 + y^2) in FP32,
 * is never used.
 */
final class Nd4jPhaseKernel implements PhaseKernel {

    /** Elements of a chunk: {@link Nd4jBuffers} take 52 bytes per element, 55 MB. */
    private static final int CHUNK = 1 << 20;

    private final PhaseKernel host;
    private Nd4jBuffers buffers = new Nd4jBuffers(1);

    /** @param host computes the reductions, which are cheaper than a transfer to a device */
    Nd4jPhaseKernel(PhaseKernel host) {
        this.host = host;
    }

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public synchronized void angle(Plane re, Plane im, Plane phase) {
        for (int from = 0; from < phase.size(); from += CHUNK) {
            Nd4jBuffers b = buffers(Math.min(CHUNK, phase.size() - from));
            b.load(re, from, b.x32);
            b.load(im, from, b.y32);
            Nd4j.exec(new ATan2(b.y32, b.x32, b.phase32));
            b.store(b.phase32, phase, from);
        }
    }

    @Override
    public synchronized long angleVjp(
            Plane re, Plane im, Plane cotangent, GradientPolicy policy, double floor, Plane dRe, Plane dIm) {
        Denominator denominator = Denominator.of(policy, floor);
        long saturated = 0;
        for (int from = 0; from < dRe.size(); from += CHUNK) {
            Nd4jBuffers b = buffers(Math.min(CHUNK, dRe.size() - from));
            b.load(re, im, cotangent, from);
            divide(b, denominator);
            b.y.negi().muli(b.g);
            b.x.muli(b.g);
            saturated += saturate(b.y) + saturate(b.x);
            b.storeRounded(b.y, dRe, from);
            b.storeRounded(b.x, dIm, from);
        }
        return saturated;
    }

    /** g becomes g / d. d is chosen before the division; see {@link Denominator#at}. */
    private static void divide(Nd4jBuffers b, Denominator denominator) {
        squares(b);
        if (denominator.cut() > 0) {
            BooleanIndexing.replaceWhere(b.square, Double.POSITIVE_INFINITY, Conditions.lessThan(denominator.cut()));
        }
        b.square.addi(denominator.added());
        Nd4j.exec(new ScalarMax(b.square, null, b.square, denominator.least()));
        for (INDArray input : new INDArray[] {b.x, b.y, b.g}) {
            b.square.addi(input.muli(0, b.temporary)); // NaN where an input is not finite
        }
        b.g.divi(b.square);
    }

    /** square becomes x^2 + y^2. */
    private static void squares(Nd4jBuffers b) {
        b.x.muli(b.x, b.square);
        b.y.muli(b.y, b.temporary);
        b.square.addi(b.temporary);
    }

    /** Limits components to the range of float and returns how many exceeded it. NaN stays NaN. */
    private static long saturate(INDArray components) {
        long count = Nd4j.exec(new MatchCondition(components, Conditions.absGreaterThan(Float.MAX_VALUE)))
                .getLong(0);
        if (count > 0) {
            BooleanIndexing.replaceWhere(components, Float.MAX_VALUE, Conditions.greaterThan(Float.MAX_VALUE));
            BooleanIndexing.replaceWhere(components, -Float.MAX_VALUE, Conditions.lessThan(-Float.MAX_VALUE));
        }
        return count;
    }

    @Override
    public synchronized void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm) {
        for (int from = 0; from < outRe.length; from += CHUNK) {
            Nd4jBuffers b = buffers(Math.min(CHUNK, outRe.length - from));
            b.load(Plane.of(re), Plane.of(im), Plane.of(magnitude), from);
            squares(b);
            // 1 at the origin, else 0: a square is either 0 or at least the smallest one.
            INDArray atOrigin = b.square.muli(1 / Denominator.SMALLEST_SQUARE, b.temporary);
            Nd4j.exec(new ScalarMin(atOrigin, null, atOrigin, 1));
            atOrigin.rsubi(1);
            b.x.addi(atOrigin);
            b.square.addi(atOrigin);
            Nd4j.exec(new Sqrt(b.square, b.square));
            b.g.divi(b.square);
            b.x.muli(b.g);
            b.y.muli(b.g);
            b.storeRounded(b.x, Plane.of(outRe), from);
            b.storeRounded(b.y, Plane.of(outIm), from);
        }
    }

    @Override
    public double largestSquare(Plane re, Plane im) {
        return host.largestSquare(re, im);
    }

    @Override
    public long countBelow(Plane re, Plane im, double limit) {
        return host.countBelow(re, im, limit);
    }

    private Nd4jBuffers buffers(int size) {
        if (buffers.size != size) {
            buffers.close();
            buffers = new Nd4jBuffers(size);
        }
        return buffers;
    }
}
