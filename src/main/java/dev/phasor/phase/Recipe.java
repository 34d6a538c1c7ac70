package dev.phasor.phase;

import java.util.Locale;

/**
 * The usual attempts to keep the gradient of atan2(y, x) finite, and the safe one, all in the float32 arithmetic of
 * machine-learning frameworks. A recipe replaces x by x'; for an upstream gradient of 1:
 *
 * <pre>
 *   recip = 1 / (x' x' + y y),  dy = x' recip,  dx = -y recip
 * </pre>
 *
 * and dx = 0 where x' is a constant: autograd of {@code torch.where} and {@code torch.clamp} <em>selects</em> 0 there
 * instead of multiplying by it. dy is never masked, so NaN and infinities stay in it.
 */
public enum Recipe {
    /** x' = x. */
    NAIVE(0),

    /** x' = x + eps where x = 0: still fails at (0, 1e-25), and turns small phases of pi/2 to 0. */
    ZERO_NUDGE(1e-7f) {
        @Override
        float changed(float x, float eps) {
            return x == 0 ? x + eps : x;
        }
    },

    /** x' = eps where x &lt; eps: loses every negative real part and its gradient. */
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

    /** x' = eps where |x| &lt; eps: phases flip inside the band, where x has no gradient. */
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

    /** {@link SafeAtan2} under {@link GradientPolicy#CLAMPED}: x' = x, with a gradient of at most 1/f. */
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

    /** The name in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The usual constant; 0 for a recipe without a constant. */
    float defaultEps() {
        return defaultEps;
    }

    /** x', the replacement of x. */
    float changed(float x, float eps) {
        return x;
    }

    /** Whether x' does not depend on x. */
    boolean isConstant(float x, float eps) {
        return false;
    }

    /**
     * dx, the derivative of the recipe's phase with respect to the real part; only {@link #SAFE} uses {@code floor}.
     */
    float dRe(float re, float im, float eps, double floor) {
        return isConstant(re, eps) ? 0 : -im * reciprocal(changed(re, eps), im);
    }

    /** dy, the derivative of the recipe's phase with respect to the imaginary part. */
    float dIm(float re, float im, float eps, double floor) {
        float x = changed(re, eps);
        return x * reciprocal(x, im);
    }

    private static float reciprocal(float x, float y) {
        return 1 / (x * x + y * y);
    }
}
