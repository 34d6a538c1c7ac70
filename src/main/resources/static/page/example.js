// A spectrogram with every hazard that models are known to emit: exact zeros, values whose square vanishes, and signs.

import { writeNpy } from "./npy.js";

const [BINS, FRAMES] = [257, 160];
const QUIET = [60, 76];
const FAINT = [110, 118];

/** complex64 [257, 160]: a rising tone with overtones, a pause of zeros, and a fade that ends at 1e-25. */
export function hazardous() {
  const values = new Float32Array(2 * BINS * FRAMES);
  for (let bin = 0; bin < BINS; bin++) {
    for (let frame = 0; frame < FRAMES; frame++) {
      const at = 2 * (bin * FRAMES + frame);
      if (frame >= QUIET[0] && frame < QUIET[1]) continue;
      const pitch = 12 + 0.12 * frame;
      let level = 1e-3;
      for (let part = 1; part * pitch < BINS; part++) level += (30 / part) * Math.exp(-0.5 * (bin - part * pitch) ** 2);
      if (frame >= FAINT[0] && frame < FAINT[1]) level = 1e-25;
      const angle = 2.4 * bin + (Math.PI / 2) * frame * (bin / 4 + 0.3);
      values[at] = bin === 0 || bin === BINS - 1 ? level : level * Math.cos(angle);
      values[at + 1] = bin === 0 || bin === BINS - 1 ? 0 : level * Math.sin(angle);
    }
  }
  return new File([writeNpy(values, [BINS, FRAMES], true)], "hazards.npy");
}
