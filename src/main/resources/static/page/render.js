// A tile's numbers as an image, one pixel a column.

import { ANGLES, DIFFERENCES, LEVELS } from "./colours.js";

const SPREAD = 30;

export function decibels(magnitude) {
  return 20 * Math.log10(Math.max(magnitude, 1e-30));
}

/** The largest level of a tile in dB. */
export function loudest(tile) {
  if (tile.raw) return 0;
  let most = 0;
  for (const value of tile.values) if (value > most && value < Infinity) most = value;
  return decibels(most);
}

/** B over A, in dB; silence in both is no difference. */
export function difference(a, b, floor) {
  if (!a || !b) return null;
  const values = new Float32Array(a.bins * Math.min(a.columns, b.columns));
  const columns = Math.min(a.columns, b.columns);
  for (let bin = 0; bin < a.bins; bin++) {
    for (let i = 0; i < columns; i++) {
      const [x, y] = [a.values[bin * a.columns + i], b.values[bin * b.columns + i]].map((each) => Math.max(floor, decibels(each)));
      values[bin * columns + i] = y - x;
    }
  }
  return { bins: a.bins, columns, lead: 0, values };
}

/**
 * @param look view, top and range in dB, and the turn that a bin's phase makes from column to column
 * @param rows which bins a row of pixels shows
 */
export function image(tile, rows, height, look) {
  const canvas = new OffscreenCanvas(tile.columns, height);
  const context = canvas.getContext("2d");
  const picture = context.createImageData(tile.columns, height);
  const pixels = new Uint32Array(picture.data.buffer);
  const paint = { magnitude: levels, mel: levels, phase: angles, derivative: turns, difference: differences }[look.view];
  const line = new Float32Array(tile.columns);
  for (let row = 0; row < height; row++) paint(row, line, pixels.subarray(row * tile.columns, (row + 1) * tile.columns));
  context.putImageData(picture, 0, 0);
  return canvas;

  function at(bin, i) {
    return tile.values[bin * (tile.columns + tile.lead) + i + tile.lead];
  }

  function strongest(row, out) {
    const [first, last] = [rows.first[row], rows.last[row]];
    for (let i = 0; i < tile.columns; i++) {
      if (first <= last) {
        let most = at(first, i);
        for (let bin = first + 1; bin <= last; bin++) most = Math.max(most, at(bin, i));
        out[i] = tile.raw ? most : decibels(most);
      } else {
        const [near, rest] = [rows.near[row], rows.rest[row]];
        const [below, above] = [at(near, i), at(Math.min(tile.bins - 1, near + 1), i)].map((each) => (tile.raw ? each : decibels(each)));
        out[i] = below + rest * (above - below);
      }
    }
  }

  function levels(row, out, to) {
    strongest(row, out);
    const scale = 255 / look.range;
    for (let i = 0; i < out.length; i++) to[i] = LEVELS[index(255 + (out[i] - look.top) * scale)];
  }

  function angles(row, out, to) {
    const bin = nearest(row);
    for (let i = 0; i < out.length; i++) to[i] = ANGLES[index(((at(bin, i) + Math.PI) / (2 * Math.PI)) * 255)];
  }

  function turns(row, out, to) {
    const bin = nearest(row);
    for (let i = 0; i < out.length; i++) {
      const step = at(bin, i) - at(bin, i - 1) - look.turn * bin;
      to[i] = ANGLES[index((step / (2 * Math.PI) - Math.floor(step / (2 * Math.PI) + 0.5) + 0.5) * 255)];
    }
  }

  function differences(row, out, to) {
    const bin = nearest(row);
    for (let i = 0; i < out.length; i++) to[i] = DIFFERENCES[index(((at(bin, i) + SPREAD) / (2 * SPREAD)) * 255)];
  }

  function nearest(row) {
    return Math.min(tile.bins - 1, rows.near[row] + Math.round(rows.rest[row]));
  }
}

function index(value) {
  return value > 0 ? (value < 255 ? Math.round(value) : 255) : 0;
}

/** The colours of a view, and what stands at the ends of its scale. */
export function legend({ view, top, range }) {
  if (view === "difference") return { colours: DIFFERENCES, low: "−" + SPREAD + " dB", high: "+" + SPREAD + " dB" };
  if (view === "phase" || view === "derivative") return { colours: ANGLES, low: "−π", high: "π" };
  return { colours: LEVELS, low: top === null ? "" : signed(top - range), high: top === null ? "" : signed(top) };
}

function signed(decibels) {
  return (decibels < 0 ? "−" : "") + Math.abs(Math.round(decibels)) + " dB";
}
