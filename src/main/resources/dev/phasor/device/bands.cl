// From the whole spectrogram to a band of its lowest bins and back. Planes are [item][frame][bin]. Rows of frames take
// turns, since a card starts at most 65535 groups beside each other.

// The band's magnitudes: the whole's, times the filter's gain.
kernel void filtered(
        global const float *whole, int wholeBins, global const float *gain, int bins, int frames, int wholeItems,
        global float *band) {
    int k = get_global_id(0);
    size_t item = get_global_id(2);
    for (int frame = get_global_id(1); k < bins && frame < frames; frame += get_global_size(1)) {
        band[(item * frames + frame) * bins + k] =
                gain[k] * whole[(item % wholeItems * frames + frame) * wholeBins + k];
    }
}

// The whole's phases in the band.
kernel void cut(global const float *whole, int wholeBins, int bins, int frames, global float *band) {
    int k = get_global_id(0);
    size_t item = get_global_id(2);
    for (int frame = get_global_id(1); k < bins && frame < frames; frame += get_global_size(1)) {
        band[(item * frames + frame) * bins + k] = whole[(item * frames + frame) * wholeBins + k];
    }
}

// The band's phases, up to the filter's flank, in the whole; from: which of the band's items it is taken of.
kernel void put(
        global const float *band, int bins, int passed, int frames, global const int *from, int wholeBins,
        global float *whole) {
    int k = get_global_id(0);
    size_t item = get_global_id(2);
    for (int frame = get_global_id(1); k < passed && frame < frames; frame += get_global_size(1)) {
        whole[(item * frames + frame) * wholeBins + k] = band[((size_t)from[item] * frames + frame) * bins + k];
    }
}
