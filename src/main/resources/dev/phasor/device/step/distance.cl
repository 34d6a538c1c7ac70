// The inconsistency: how far P_C(S) is from S, which is kept in y.
static inline float2 STEP(STEP_PARAMETERS) {
    float2 d = z - y[at];
    *error += d.x * d.x + d.y * d.y;
    return z;
}
