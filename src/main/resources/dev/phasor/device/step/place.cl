// The start: M e^(i phase), kept in y where the flag is set.
static inline float2 STEP(STEP_PARAMETERS) {
    float c;
    float s = sincos(phase[at], &c);
    float2 p = restored(m * (float2)(c, s), m, known, at, hasKnown);
    if (flag) {
        y[at] = p;
    }
    return p;
}
