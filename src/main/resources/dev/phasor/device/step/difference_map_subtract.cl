// x = x - b P_C(f_A(x)).
static inline float2 STEP(STEP_PARAMETERS) {
    float2 x = y[at] - relaxation * z;
    y[at] = x;
    return x;
}
