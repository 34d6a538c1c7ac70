// A tile's numbers as an image, one pixel a column.

import { ANGLES, DIFFERENCES, LEVELS } from "./colours.js";

const SPREAD = 30;
const DECIBELS = 20 / Math.LN10;

export function decibels(magnitude) {
  return DECIBELS * Math.log(Math.max(magnitude, 1e-30));
}

/** A tile's levels in dB, computed once. */
function levelsOf(tile) {
  tile.levels ??= tile.raw ? tile.values : tile.values.map(decibels);
  return tile.levels;
}

/** The largest level of a tile in dB. */
export function loudest(tile) {
  let most = -Infinity;
  for (const value of levelsOf(tile)) if (value > most && value < Infinity) most = value;
  return most;
}

/** B over A, in dB; silence in both is no difference. */
export function difference(a, b, floor) {
  if (!a || !b) return null;
  const columns = Math.min(a.columns, b.columns);
  const values = new Float32Array(a.bins * columns);
  const [before, after] = [levelsOf(a), levelsOf(b)];
  for (let bin = 0; bin < a.bins; bin++) {
    for (let i = 0; i < columns; i++) {
      values[bin * columns + i] = Math.max(floor, after[bin * b.columns + i]) - Math.max(floor, before[bin * a.columns + i]);
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
    const levels = levelsOf(tile);
    const [first, last, near, rest] = [rows.first[row], rows.last[row], rows.near[row], rows.rest[row]];
    const width = tile.columns;
    if (first <= last) {
      out.set(levels.subarray(first * width, (first + 1) * width));
      for (let bin = first + 1; bin <= last; bin++) {
        for (let i = 0, at = bin * width; i < width; i++, at++) if (levels[at] > out[i]) out[i] = levels[at];
      }
    } else {
      const above = Math.min(tile.bins - 1, near + 1) * width;
      for (let i = 0, at = near * width; i < width; i++, at++) out[i] = levels[at] + rest * (levels[above + i] - levels[at]);
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
