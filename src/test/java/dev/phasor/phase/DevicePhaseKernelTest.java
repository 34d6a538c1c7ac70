package dev.phasor.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.device.TestDevice;
import dev.phasor.reconstruction.AcceleratedMap.Angle;
import dev.phasor.reconstruction.AcceleratedMap.AngleVjp;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.Plane;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The phase and its pullback on a device keep what the host's kernels keep; its reductions are the host's own. */
class DevicePhaseKernelTest extends PhaseKernelTest {

    private static PhaseKernel kernel;

    @BeforeAll
    static void open() {
        kernel = new OnDevice(TestDevice.accelerator(), PhaseKernels.java());
    }

    @Override
    public PhaseKernel kernel() {
        return kernel;
    }

    /** The operations are the host's, in its order, each correctly rounded. */
    @ParameterizedTest
    @EnumSource
    void gradientsHaveTheHostsBits(GradientPolicy policy) {
        Random random = new Random(7);
        float[] re = Floats.anywhere(random, 100_003);
        float[] im = Floats.anywhere(random, 100_003);
        float[] g = Floats.anywhere(random, 100_003);
        for (double floor : new double[] {0, 1e-45, 1e-6, 1e20}) {
            float[][] host = {new float[re.length], new float[re.length]};
            float[][] device = {new float[re.length], new float[re.length]};
            long onHost = GradientContract.angleVjp(PhaseKernels.java(), re, im, g, policy, floor, host);
            assertThat(GradientContract.angleVjp(kernel, re, im, g, policy, floor, device))
                    .isEqualTo(onHost);
            assertThat(device).isDeepEqualTo(host);
        }
    }

    private record OnDevice(Accelerator device, PhaseKernel host) implements PhaseKernel {

        @Override
        public String name() {
            return device.name();
        }

        private static float[] copy(Plane plane) {
            return Arrays.copyOfRange(plane.values(), plane.offset(), plane.offset() + plane.size());
        }

        private static void write(float[] values, Plane plane) {
            System.arraycopy(values, 0, plane.values(), plane.offset(), plane.size());
        }

        private static ComplexRows rows(float[] re, float[] im) {
            SpectrogramShape shape = new SpectrogramShape(Shape.SCALAR, re.length, 1);
            return ComplexRows.of(shape, PlaneOrder.FRAMES_FIRST, re, im);
        }

        @Override
        public void angle(Plane re, Plane im, Plane phase) {
            if (phase.size() > 0) {
                float[] angles = new float[phase.size()];
                device.compute(new Angle(host, rows(copy(re), copy(im)), angles));
                write(angles, phase);
            }
        }

        @Override
        public long angleVjp(
                Plane re, Plane im, Plane cotangent, GradientPolicy policy, double floor, Plane dRe, Plane dIm) {
            if (re.size() == 0) {
                return 0;
            }
            ComplexRows z = rows(copy(re), copy(im));
            float[][] gradient = {new float[re.size()], new float[re.size()]};
            long[] saturated = new long[1];
            device.compute(new AngleVjp(new PhasePullback(
                    host,
                    z,
                    new RealSpectrogram(z.shape(), new float[][] {copy(cotangent)}),
                    policy,
                    new double[] {floor},
                    rows(gradient[0], gradient[1]),
                    saturated)));
            write(gradient[0], dRe);
            write(gradient[1], dIm);
            return saturated[0];
        }

        @Override
        public void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm) {
            host.project(re, im, magnitude, outRe, outIm);
        }

        @Override
        public double largestSquare(Plane re, Plane im) {
            return host.largestSquare(re, im);
        }

        @Override
        public long countBelow(Plane re, Plane im, double limit) {
            return host.countBelow(re, im, limit);
        }
    }
}
