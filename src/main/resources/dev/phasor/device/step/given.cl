// The spectrum that is kept in y, and its energy.
static inline float2 STEP(STEP_PARAMETERS) {
    float2 given = y[at];
    *error += given.x * given.x + given.y * given.y;
    return given;
}
