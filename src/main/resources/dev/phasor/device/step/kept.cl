// P_A of what is kept in y.
static inline float2 STEP(STEP_PARAMETERS) {
    return restored(onto(m, y[at]), m, known, at, hasKnown);
}
