// Griffin-Lim's step, and that of L-BFGS: P_A(z). Where keep is set, it is kept in y.
static inline float2 STEP(STEP_PARAMETERS) {
    float2 p = restored(onto(m, z), m, known, at, hasKnown);
    if (flag) {
        y[at] = p;
    }
    return p;
}
