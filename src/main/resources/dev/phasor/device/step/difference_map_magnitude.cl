// q = P_A(f_C(x)) with f_C(x) = c + (c - x)/b; returns f_A(x) = p - (p - x)/b with p = P_A(x); x becomes x + b q.
// Where the flag is set, q is returned and x stays.
static inline float2 STEP(STEP_PARAMETERS) {
    float2 x = y[at];
    float2 q = restored(onto(m, z + (z - x) / relaxation), m, known, at, hasKnown);
    if (flag) {
        return q;
    }
    float2 p = restored(onto(m, x), m, known, at, hasKnown);
    y[at] = x + relaxation * q;
    return p - (p - x) / relaxation;
}
