// Frequencies on the vertical axis: which bins a row of pixels shows, and where the labels stand.

const MEL = { to: (f) => Math.log1p(f / 700), from: (m) => 700 * Math.expm1(m) };
const LOWEST = 30;

/** An axis from low to high: a frequency in Hz as a part of the height, and back. */
export function axis(kind, nyquist) {
  const low = kind === "log" ? Math.min(LOWEST, nyquist / 10) : 0;
  const warp = kind === "mel" ? MEL : kind === "log" ? { to: Math.log, from: Math.exp } : { to: (f) => f, from: (f) => f };
  const [start, span] = [warp.to(low), warp.to(nyquist) - warp.to(low)];
  return {
    low, nyquist, linear: kind === "linear",
    part: (frequency) => (warp.to(Math.max(frequency, 1e-9)) - start) / span,
    frequency: (part) => warp.from(start + part * span),
  };
}

/**
 * For each of so many rows, from the top: the bins first..last that it covers; or, where it lies between two, first > last
 * and how far it is from the one below.
 */
export function rowsOf(scale, height, bins) {
  const rows = { first: new Int32Array(height), last: new Int32Array(height), near: new Int32Array(height), rest: new Float32Array(height) };
  const perBin = scale.nyquist / (bins - 1 || 1);
  for (let row = 0; row < height; row++) {
    const [bottom, middle, top] = [0, 0.5, 1].map((part) => scale.frequency((height - 1 - row + part) / height) / perBin);
    rows.first[row] = Math.ceil(bottom);
    rows.last[row] = Math.min(bins - 1, Math.ceil(top) - 1);
    const below = Math.min(bins - 1, Math.floor(middle));
    rows.near[row] = below;
    rows.rest[row] = below === bins - 1 ? 0 : middle - below;
  }
  return rows;
}

/** Round frequencies for labels, at least so many pixels apart. */
export function ticks(scale, height, apart = 34) {
  const chosen = [];
  const candidates = [];
  if (scale.low === 0) candidates.push([0, 0]);
  if (scale.linear) return linear(scale, height, apart);
  for (let decade = 10; decade <= scale.nyquist; decade *= 10) {
    for (const times of [1, 2, 3, 4, 5, 6, 7, 8, 9]) candidates.push([decade * times, times === 1 ? 0 : times === 5 || times === 2 ? 1 : 2]);
  }
  for (const rank of [0, 1, 2]) {
    for (const [frequency, of] of candidates) {
      const at = scale.part(frequency) * height;
      if (of === rank && frequency >= scale.low && frequency <= scale.nyquist && chosen.every((other) => Math.abs(other.at - at) >= apart)) {
        chosen.push({ frequency, at });
      }
    }
  }
  return chosen;
}

function linear(scale, height, apart) {
  const steps = [100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000];
  const step = steps.find((each) => scale.part(each) * height >= apart) ?? 100000;
  return Array.from({ length: Math.floor(scale.nyquist / step) + 1 }, (_, i) => ({ frequency: i * step, at: scale.part(i * step) * height }));
}

export function hertz(frequency) {
  return frequency >= 1000 ? +(frequency / 1000).toFixed(frequency < 10000 ? 2 : 1) + " kHz" : Math.round(frequency) + " Hz";
}

/** A round step of time for about so many labels in a span of seconds. */
export function timeStep(span, labels) {
  const steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800];
  return steps.find((step) => span / step <= labels) ?? 3600;
}

export function clock(seconds, digits = 1) {
  const whole = Math.max(0, seconds);
  const minutes = Math.floor(whole / 60);
  return minutes + ":" + (whole - 60 * minutes).toFixed(digits).padStart(digits ? 3 + digits : 2, "0");
}
