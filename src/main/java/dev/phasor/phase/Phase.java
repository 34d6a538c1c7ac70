package dev.phasor.phase;

import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Plane;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** The phase of a spectrogram, its pullback, and the projection to another magnitude. Thread-safe. */
public final class Phase {

    private final PhaseKernel kernel;

    public Phase(PhaseKernel kernel) {
        this.kernel = kernel;
    }

    public PhaseKernel kernel() {
        return kernel;
    }

    /** The number of bins that are zero or below the floor, whose phase means little. */
    public long singularBins(ComplexRows z, Floor floor) {
        long count = 0;
        for (int item = 0; item < z.items(); item++) {
            Plane re = z.rePlane(item);
            Plane im = z.imPlane(item);
            count += countSingular(re, im, floor.of(re, im, kernel));
        }
        return count;
    }

    /** phi = atan2(im, re) in radians, in [-pi, pi]. */
    public RealSpectrogram angle(ComplexSpectrogram z) {
        float[][] phase = z.shape().newPlanes();
        for (int item = 0; item < z.items(); item++) {
            kernel.angle(z.re(item), z.im(item), phase[item]);
        }
        return new RealSpectrogram(z.shape(), phase);
    }

    /**
     * The pullback of {@link #angle}: g (-im, re) / r^2, bounded near the origin by the policy. Finite for finite
     * input.
     *
     * @param cotangent the upstream gradient g, with respect to the phase
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if the cotangent's shape is not the spectrogram's
     */
    public PhaseGradient angleVjp(ComplexSpectrogram z, RealSpectrogram cotangent, GradientPolicy policy, Floor floor) {
        checkShape("cotangent", cotangent.shape(), z.shape());
        ComplexSpectrogram gradient = new ComplexSpectrogram(
                z.shape(), z.shape().newPlanes(), z.shape().newPlanes());
        PhaseBounds bounds = angleVjp(
                ComplexRows.ofElements(z, PlaneOrder.FRAMES_FIRST),
                cotangent,
                policy,
                floor,
                ComplexRows.ofElements(gradient, PlaneOrder.FRAMES_FIRST),
                PhasePullback::compute);
        return new PhaseGradient(gradient, bounds.singularBins(), bounds.saturated());
    }

    /**
     * The same in the order of a request's arrays.
     *
     * @param cotangent its planes are in that order
     * @param gradient Modified: of the shape and the order of {@code z}
     * @param machine what computes the pullback; the rest is the kernel's
     */
    public PhaseBounds angleVjp(
            ComplexRows z,
            RealSpectrogram cotangent,
            GradientPolicy policy,
            Floor floor,
            ComplexRows gradient,
            Consumer<PhasePullback> machine) {
        double[] floors = new double[z.items()];
        long singular = 0;
        for (int item = 0; item < z.items(); item++) {
            Plane re = z.rePlane(item);
            Plane im = z.imPlane(item);
            floors[item] = floor.of(re, im, kernel);
            singular += countSingular(re, im, floors[item]);
        }
        long[] saturated = new long[z.items()];
        machine.accept(new PhasePullback(kernel, z, cotangent, policy, floors, gradient, saturated));
        return new PhaseBounds(singular, LongStream.of(saturated).sum());
    }

    /**
     * magnitude z/|z|: the phase of z with the given magnitude. At z = 0 the phase is 0.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if the magnitude's shape is not the spectrogram's
     */
    public ComplexSpectrogram project(ComplexSpectrogram z, MagnitudeSpectrogram magnitude) {
        checkShape("magnitude", magnitude.shape(), z.shape());
        float[][] re = z.shape().newPlanes();
        float[][] im = z.shape().newPlanes();
        for (int item = 0; item < z.items(); item++) {
            kernel.project(z.re(item), z.im(item), magnitude.values(item), re[item], im[item]);
        }
        return new ComplexSpectrogram(z.shape(), re, im);
    }

    /**
     * The hazards of a spectrogram's phase, and the outcome of each recipe on it.
     *
     * @param floor of {@link Recipe#SAFE} and {@link Hazard#BELOW_FLOOR}
     * @param eps replaces the constant of every recipe that has one
     * @param limit the most bins to list per hazard, 0..10000
     * @throws InvalidInputException {@code BAD_PARAMETER} for eps or limit
     */
    public PhaseDiagnosis diagnose(ComplexSpectrogram z, Floor floor, OptionalDouble eps, int limit) {
        return PhaseDiagnosis.of(z, floor, eps, limit, kernel);
    }

    private long countSingular(Plane re, Plane im, double floor) {
        double floorSquare = Math.max(floor * floor, Denominator.SMALLEST_SQUARE);
        return kernel.countBelow(re, im, floorSquare);
    }

    private static void checkShape(String name, SpectrogramShape shape, SpectrogramShape expected) {
        if (!shape.equals(expected)) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    name + " must have the shape " + expected + " of the spectrogram, got " + shape);
        }
    }
}
