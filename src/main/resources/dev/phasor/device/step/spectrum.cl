// The spectrum of a frame, which is kept in y.
static inline float2 STEP(STEP_PARAMETERS) {
    y[at] = z;
    return z;
}
