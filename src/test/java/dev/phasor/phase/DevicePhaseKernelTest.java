package dev.phasor.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.device.TestDevice;
import dev.phasor.reconstruction.AcceleratedMap.Angle;
import dev.phasor.reconstruction.AcceleratedMap.AngleVjp;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
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
            long onHost = PhaseKernels.java().angleVjp(re, im, g, policy, floor, host[0], host[1]);
            assertThat(kernel.angleVjp(re, im, g, policy, floor, device[0], device[1]))
                    .isEqualTo(onHost);
            assertThat(device).isDeepEqualTo(host);
        }
    }

    private record OnDevice(Accelerator device, PhaseKernel host) implements PhaseKernel {

        @Override
        public String name() {
            return device.name();
        }

        private static ComplexSpectrogram plane(float[] re, float[] im) {
            SpectrogramShape shape = new SpectrogramShape(Shape.SCALAR, re.length, 1);
            return new ComplexSpectrogram(shape, new float[][] {re}, new float[][] {im});
        }

        @Override
        public void angle(float[] re, float[] im, float[] phase) {
            if (phase.length > 0) {
                device.compute(new Angle(host, plane(re, im), new float[][] {phase}));
            }
        }

        @Override
        public long angleVjp(
                float[] re,
                float[] im,
                float[] cotangent,
                GradientPolicy policy,
                double floor,
                float[] dRe,
                float[] dIm) {
            if (re.length == 0) {
                return 0;
            }
            ComplexSpectrogram z = plane(re, im);
            long[] saturated = new long[1];
            device.compute(new AngleVjp(new PhasePullback(
                    host,
                    z,
                    new RealSpectrogram(z.shape(), new float[][] {cotangent}),
                    policy,
                    new double[] {floor},
                    new float[][] {dRe},
                    new float[][] {dIm},
                    saturated)));
            return saturated[0];
        }

        @Override
        public void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm) {
            host.project(re, im, magnitude, outRe, outIm);
        }

        @Override
        public double largestSquare(float[] re, float[] im) {
            return host.largestSquare(re, im);
        }

        @Override
        public long countBelow(float[] re, float[] im, double limit) {
            return host.countBelow(re, im, limit);
        }
    }
}
