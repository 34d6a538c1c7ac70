// P_A, "set the magnitude": M z/|z|, phase 0 where z = 0; and the bins that keep a known phase.
// A gain that is no number is 0/0 or M/0: |z|^2 underflows, |z| < 1e-23, far below what a float resolves beside 1.

static inline float2 onto(float m, float2 z) {
    float gain = m / sqrt(z.x * z.x + z.y * z.y);
    return gain <= FLT_MAX ? gain * z : (float2)(m, 0);
}

// known: e^(i phase), NaN where it is not known.
static inline float2 restored(float2 z, float m, global const float2 *known, size_t at, int hasKnown) {
    if (hasKnown) {
        float2 direction = known[at];
        if (!isnan(direction.x)) {
            return m * direction;
        }
    }
    return z;
}

// What every step is given: a bin z of a frame, its magnitude, its place in the planes, and the kernel's arguments.
#define STEP_PARAMETERS \
    float2 z, float m, size_t at, global const float2 *known, int hasKnown, global float2 *y, global float *phase, \
    int flag, float relaxation, float *error
#define STEP_ARGUMENTS(z, m, at) z, m, at, known, hasKnown, y, phase, flag, relaxation, &error
