// Each sample is the sum of the frames that reach it, in their order, over the overlapped squared window: gain = 1/s.
// mode 0: out = sample. 1, Griffin-Lim: current = t + a (t - old), old = t. 2, AGLA: the same with
// t = (1 - g) current + g sample, and out = sample.

kernel void overlap(
        global const float *windowed, global const float *gain, int length, int pad, int hop, int frames,
        int left, int right, int size, int mode, float a, float g,
        global float *out, global float *current, global float *old) {
    int t = get_global_id(0);
    if (t >= length) {
        return;
    }
    size_t item = get_global_id(1);
    size_t at = item * length + t;
    // Divisions of 32 bits are several times as fast.
    uint p = (uint)t + pad;
    int first = p < right ? 0 : (int)((p - right) / (uint)hop) + 1;
    int last = p < left ? -1 : min(frames - 1, (int)((p - left) / (uint)hop));
    global const float *row = windowed + item * frames * size;
    float sum = 0;
    for (int frame = first; frame <= last; frame++) {
        sum += row[(size_t)frame * size + (p - (uint)frame * hop)];
    }
    float x = sum * gain[t];
    if (mode == 0) {
        out[at] = x;
        return;
    }
    float before = old[at];
    if (mode == 2) {
        out[at] = x;
        x = (1 - g) * current[at] + g * x;
    }
    current[at] = x + a * (x - before);
    old[at] = x;
}
