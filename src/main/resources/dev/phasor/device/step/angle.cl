// The phase of a result, which the next band starts from.
static inline float2 STEP(STEP_PARAMETERS) {
    phase[at] = atan2(z.y, z.x);
    return z;
}
