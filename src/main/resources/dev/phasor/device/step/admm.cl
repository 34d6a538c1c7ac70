// Z = (r Y + P_C(Y)) / (1 + r), X = P_A(2 Z - Y), Y = Y + X - Z. Returns Y, or X where the flag is set.
static inline float2 STEP(STEP_PARAMETERS) {
    float2 before = y[at];
    float2 mean = relaxation / (1 + relaxation) * before + 1 / (1 + relaxation) * z;
    float2 x = restored(onto(m, 2 * mean - before), m, known, at, hasKnown);
    float2 after = before - mean + x;
    y[at] = after;
    return flag ? x : after;
}
