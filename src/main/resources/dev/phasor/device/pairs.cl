// L-BFGS on signals: the products of a new gradient with the kept pairs, and the next step from their coefficients.
// s and y hold SLOTS signals an item. pairs: an item's next slot, the number of kept pairs, and their slots.

#define PRODUCTS (4 + 3 * (SLOTS - 1))

// Products that are summed at once.
#define ROWS 4

// g = x - projected, y[next] = g - gradient, gradient = g; one partial sum of each product a work group.
kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void observe(
        global const float *x, global const float *projected, global float *gradient,
        global const float *s, global float *y, global const int *pairs, int length, global double *partial) {
    local double part[ROWS * THREADS];
    size_t item = get_group_id(1);
    pairs += item * (SLOTS + 1);
    int next = pairs[0];
    int kept = pairs[1];
    s += item * SLOTS * length;
    y += item * SLOTS * length;
    double product[PRODUCTS];
#pragma unroll
    for (int i = 0; i < PRODUCTS; i++) {
        product[i] = 0;
    }
    for (int t = get_global_id(0); t < length; t += get_global_size(0)) {
        size_t at = item * length + t;
        float g = x[at] - projected[at];
        float change = g - gradient[at];
        gradient[at] = g;
        y[(size_t)next * length + t] = change;
        double step = s[(size_t)next * length + t];
        product[0] += step * change;
        product[1] += (double)change * change;
        product[2] += step * g;
        product[3] += (double)change * g;
#pragma unroll
        for (int k = 0; k < SLOTS - 1; k++) {
            if (k < kept) {
                size_t old = (size_t)pairs[2 + k] * length + t;
                double changed = y[old];
                product[4 + 3 * k] += step * changed;
                product[5 + 3 * k] += (double)s[old] * g;
                product[6 + 3 * k] += changed * g;
            }
        }
    }
    int t = get_local_id(0);
#pragma unroll
    for (int from = 0; from < PRODUCTS; from += ROWS) {
#pragma unroll
        for (int i = 0; i < ROWS; i++) {
            part[i * THREADS + t] = from + i < PRODUCTS ? product[from + i] : 0;
        }
        add_rows(part, ROWS);
        if (t < ROWS && from + t < PRODUCTS) {
            partial[(item * PRODUCTS + from + t) * get_num_groups(0) + get_group_id(0)] = part[t * THREADS];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
}

// step = -(scale g + sum ofStep s + sum ofChange y); x = x + step; s[next] = the difference after rounding to floats.
// coefficients: scale, then ofStep, then ofChange, a slot each.
kernel void stepped(
        global float *x, global const float *gradient, global float *s, global const float *y,
        global const int *pairs, global const float *coefficients, int length) {
    int t = get_global_id(0);
    if (t >= length) {
        return;
    }
    size_t item = get_global_id(1);
    size_t at = item * length + t;
    pairs += item * (SLOTS + 1);
    coefficients += item * (2 * SLOTS + 1);
    s += item * SLOTS * length;
    y += item * SLOTS * length;
    float step = -coefficients[0] * gradient[at];
    for (int k = 0; k < pairs[1]; k++) {
        int slot = pairs[2 + k];
        size_t old = (size_t)slot * length + t;
        step -= coefficients[1 + SLOTS + slot] * y[old];
        step -= coefficients[1 + slot] * s[old];
    }
    float from = x[at];
    float there = from + step;
    s[(size_t)pairs[0] * length + t] = there - from;
    x[at] = there;
}

// Where the last step led upwards, projected becomes that of the signal before it.
kernel void before(
        global const float *x, global const float *gradient, global const float *s, global const int *pairs,
        global const int *upwards, int length, global float *projected) {
    int t = get_global_id(0);
    size_t item = get_global_id(1);
    if (t < length && upwards[item]) {
        size_t at = item * length + t;
        int next = pairs[item * (SLOTS + 1)];
        projected[at] = x[at] - s[(item * SLOTS + next) * length + t] - gradient[at];
    }
}

// Signals times the roots of what their ends weigh, or divided by them, but where a root is 0. roots: head of them from the first
// sample on, the others from the sample last on.
kernel void weigh_ends(
        global float *x, global const float *roots, int head, int last, int ends, int length, int divided) {
    int i = get_global_id(0);
    if (i >= ends) {
        return;
    }
    global float *sample = x + get_global_id(1) * length + (i < head ? i : last + i - head);
    if (!divided) {
        *sample *= roots[i];
    } else if (roots[i] > 0) {
        *sample /= roots[i];
    }
}
