// Three tables of 256 colours: of levels, of angles, and of differences.

const MAGMA = [[0, 0, 4], [28, 16, 68], [79, 18, 123], [129, 37, 129], [181, 54, 122], [229, 80, 100], [251, 135, 97], [254, 194, 135], [252, 253, 191]];
const CYCLE = [[226, 217, 226], [140, 170, 200], [98, 110, 187], [82, 45, 130], [47, 20, 54], [110, 30, 70], [176, 72, 78], [205, 145, 120], [226, 217, 226]];
const APART = [[120, 190, 255], [60, 125, 230], [30, 60, 130], [12, 10, 20], [130, 55, 20], [230, 115, 45], [255, 190, 110]];

/** 256 colours as 0xAABBGGRR, the order of an image's bytes, straight between the given ones. */
function table(colours) {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (colours.length - 1);
    const low = Math.min(colours.length - 2, Math.floor(at));
    const [r, g, b] = colours[low].map((value, part) => Math.round(value + (at - low) * (colours[low + 1][part] - value)));
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}

export const LEVELS = table(MAGMA);
export const ANGLES = table(CYCLE);
export const DIFFERENCES = table(APART);
/** Of hazards, as in the style sheet. */
export const HAZARDS = { zero: "#ff5d5d", underflow: "#ffb02e", overflow: "#ff7bd8", below_floor: "#41d6ff", zero_output: "#d7dbe4" };
