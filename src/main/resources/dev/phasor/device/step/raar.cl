// x = b (x + P_C(z) - P_A(x)) + (1 - b) P_A(x); returns z = 2 P_A(x) - x.
static inline float2 STEP(STEP_PARAMETERS) {
    float2 x = y[at];
    float2 p = restored(onto(m, x), m, known, at, hasKnown);
    x = relaxation * (x + z - p) + (1 - relaxation) * p;
    y[at] = x;
    return 2 * restored(onto(m, x), m, known, at, hasKnown) - x;
}
