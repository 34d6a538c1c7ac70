package dev.phasor.phase;

import java.util.Locale;

/**
 * The ways in which people try to keep the gradient of atan2(y, x) finite, and ours; each in the float32 arithmetic
 * that frameworks run. With x' the real part that the recipe puts in the place of x, and an upstream gradient of 1:
 *
 * <pre>
 *   recip = 1 / (x' x' + y y),  dy = x' recip,  dx = -y recip
 * </pre>
 *
 * and dx is 0 where x' is a constant, as autograd of {@code torch.where} and {@code torch.clamp} <em>selects</em> the 0
 * there rather than multiply by it. dy is never masked, so NaN and infinities stay in it.
 */
public enum Recipe {
    /** x' = x. */
    NAIVE(0),

    /** x' = x + eps where x = 0: fails at (0, 1e-25) as before, and turns small phases of pi/2 to 0. */
    ZERO_NUDGE(1e-7f) {
        @Override
        float changed(float x, float eps) {
            return x == 0 ? x + eps : x;
        }
    },

    /** x' = eps where x &lt; eps: every negative real part is lost, and its gradient with it. */
    THRESHOLD(1e-10f) {
        @Override
        float changed(float x, float eps) {
            return x < eps ? eps : x;
        }

        @Override
        boolean isConstant(float x, float eps) {
            return x < eps;
        }
    },

    /** x' = eps where |x| &lt; eps: phases flip inside the band, and x has no gradient there. */
    ABS_THRESHOLD(1e-10f) {
        @Override
        float changed(float x, float eps) {
            return Math.abs(x) < eps ? eps : x;
        }

        @Override
        boolean isConstant(float x, float eps) {
            return Math.abs(x) < eps;
        }
    },

    /** x' = x + eps: moves the singularity to (-eps, 0) and biases every phase. */
    ADD_EPS(1e-7f) {
        @Override
        float changed(float x, float eps) {
            return x + eps;
        }
    },

    /** {@link SafeAtan2} under {@link GradientPolicy#CLAMPED}: x' = x, the gradient bounded by 1/f. */
    SAFE(0) {
        @Override
        float dRe(float re, float im, float eps, double floor) {
            return SafeAtan2.dRe(im, re, 1, GradientPolicy.CLAMPED, floor);
        }

        @Override
        float dIm(float re, float im, float eps, double floor) {
            return SafeAtan2.dIm(im, re, 1, GradientPolicy.CLAMPED, floor);
        }
    };

    private final float defaultEps;

    Recipe(float defaultEps) {
        this.defaultEps = defaultEps;
    }

    /** As reports write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The constant that people use; 0 where there is none. */
    float defaultEps() {
        return defaultEps;
    }

    /** x'. */
    float changed(float x, float eps) {
        return x;
    }

    /** Whether x' does not depend on x. */
    boolean isConstant(float x, float eps) {
        return false;
    }

    /** dx, the derivative of the recipe's phase by the real part; {@code floor} is for {@link #SAFE}. */
    float dRe(float re, float im, float eps, double floor) {
        return isConstant(re, eps) ? 0 : -im * reciprocal(changed(re, eps), im);
    }

    /** dy, likewise by the imaginary part. */
    float dIm(float re, float im, float eps, double floor) {
        float x = changed(re, eps);
        return x * reciprocal(x, im);
    }

    private static float reciprocal(float x, float y) {
        return 1 / (x * x + y * y);
    }
}
