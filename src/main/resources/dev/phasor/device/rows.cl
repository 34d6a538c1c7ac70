// Spectra as passes have them, [item][frame][bin] with both parts side by side, and as requests and answers do: a plane
// of each part, in which bins lie binStep apart and frames frameStep. A work group moves a square through local memory,
// so that neighbors read and write neighbors on both sides where the planes are [bin][frame].

#define SQUARE 16

kernel __attribute__((reqd_work_group_size(SQUARE, SQUARE, 1)))
void apart(
        global const float2 *spectra, int bins, int frames, int binStep, int frameStep, global float *re,
        global float *im) {
    local float2 square[SQUARE][SQUARE + 1];
    size_t plane = get_group_id(2) * (size_t)bins * frames;
    int firstBin = get_group_id(0) * SQUARE;
    int firstFrame = get_group_id(1) * SQUARE;
    int i = get_local_id(0);
    int j = get_local_id(1);
    if (firstBin + i < bins && firstFrame + j < frames) {
        square[j][i] = spectra[plane + (size_t)(firstFrame + j) * bins + firstBin + i];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (firstBin + j < bins && firstFrame + i < frames) {
        size_t at = plane + (size_t)(firstBin + j) * binStep + (size_t)(firstFrame + i) * frameStep;
        re[at] = square[i][j].x;
        im[at] = square[i][j].y;
    }
}

kernel __attribute__((reqd_work_group_size(SQUARE, SQUARE, 1)))
void together(
        global const float *re, global const float *im, int bins, int frames, int binStep, int frameStep,
        global float2 *spectra) {
    local float2 square[SQUARE][SQUARE + 1];
    size_t plane = get_group_id(2) * (size_t)bins * frames;
    int firstBin = get_group_id(0) * SQUARE;
    int firstFrame = get_group_id(1) * SQUARE;
    int i = get_local_id(0);
    int j = get_local_id(1);
    if (firstBin + j < bins && firstFrame + i < frames) {
        size_t at = plane + (size_t)(firstBin + j) * binStep + (size_t)(firstFrame + i) * frameStep;
        square[i][j] = (float2)(re[at], im[at]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (firstBin + i < bins && firstFrame + j < frames) {
        spectra[plane + (size_t)(firstFrame + j) * bins + firstBin + i] = square[j][i];
    }
}
