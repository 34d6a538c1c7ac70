// Spectrograms by tiles: only what is visible is asked for, and at the resolution of the screen.

import { call } from "./service.js";
import { readNpy, writeNpy } from "./npy.js";

/** Columns of a tile. A column is a frame, or every 2nd, 4th, … of them, by the level of the picture. */
export const COLUMNS = 256;

const AT_ONCE = 4;
const KEPT = 96;

/**
 * What a sound shows. Frames are those of the centered transform: the samples around a column are sent and nothing else, so
 * that a picture of an hour costs what a picture of a second does.
 */
export function soundLayer(id, wav) {
  return {
    id,
    columns: (setup, level) => Math.ceil((1 + Math.floor(wav.length / setup.hop)) / 2 ** level),
    bins: (setup) => Math.floor(setup.nFft / 2) + 1,
    async tile(view, level, index, setup, signal) {
      const lead = view === "phase" ? 1 : 0;
      const stride = setup.hop * 2 ** level;
      const first = index * COLUMNS - lead;
      const count = Math.min(COLUMNS, this.columns(setup, level) - index * COLUMNS) + lead;
      const { samples, hop } = await around(wav, setup, first * stride, stride, count);
      const query = { n_fft: setup.nFft, hop_length: hop, window: setup.window, center: false, response_format: "npy" };
      const path = { magnitude: "v1/stft", mel: "v1/mel", phase: "v1/phase" }[view];
      if (view === "magnitude") query.output = "magnitude";
      if (view === "mel") Object.assign(query, { sample_rate: setup.sampleRate, n_mels: Math.min(128, setup.nFft >> 3) });
      const answer = await call(path, { query, body: writeNpy(samples), type: "application/x-npy", signal });
      const array = readNpy(await answer.arrayBuffer());
      return { bins: array.shape[0], columns: array.shape[1] - lead, lead, values: array.values };
    },
  };
}

/** The samples of so many frames: in one piece where frames overlap, else frame by frame. */
async function around(wav, { nFft, channel }, center, stride, count) {
  const half = Math.floor(nFft / 2);
  if (stride < nFft) {
    const from = center - half;
    return { samples: await wav.read(channel, from, from + (count - 1) * stride + nFft), hop: stride };
  }
  const samples = new Float32Array(count * nFft);
  await Promise.all(Array.from({ length: count }, async (_, i) => {
    const from = center + i * stride - half;
    samples.set(await wav.read(channel, from, from + nFft), i * nFft);
  }));
  return { samples, hop: nFft };
}

/** What an array shows: it is here already. */
export function arrayLayer(id, array, kind, power) {
  const [bins, frames] = array.shape.slice(-2);
  const [least, most] = kind === "mel" ? extent(array.values) : [0, 0];
  return {
    id, kind,
    columns: (_, level) => Math.ceil(frames / 2 ** level),
    bins: () => bins,
    async tile(view, level, index, setup) {
      const lead = view === "phase" ? 1 : 0;
      const columns = Math.min(COLUMNS, this.columns(setup, level) - index * COLUMNS);
      const width = columns + lead;
      const values = new Float32Array(bins * width);
      const item = setup.channel * bins * frames;
      for (let bin = 0; bin < bins; bin++) {
        for (let i = 0; i < width; i++) {
          const frame = (index * COLUMNS + i - lead) * 2 ** level;
          if (frame >= 0) values[bin * width + i] = value(view, item + bin * frames + frame);
        }
      }
      return { bins, columns, lead, values, raw: kind === "mel" };
    },
  };

  function value(view, at) {
    const { complex, values } = array;
    // A mel may be a logarithm of any base: it is shown from its least value to its largest, as 80 dB.
    if (kind === "mel") return ((values[at] - most) / (most - least || 1)) * 80;
    if (!complex) return power === 2 ? Math.sqrt(values[at]) : values[at];
    return view === "phase" ? Math.atan2(values[2 * at + 1], values[2 * at]) : Math.hypot(values[2 * at], values[2 * at + 1]);
  }
}

function extent(values) {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least && value > -Infinity) least = value;
    if (value > most && value < Infinity) most = value;
  }
  return [least, most];
}

/** The tiles that have come, and those that are on their way, the last asked for first. */
export class Tiles {
  #tiles = new Map();
  #waiting = [];
  #running = new Map();

  /** @param changed called when a tile has come; @param failed called with what kept one away */
  constructor(changed, failed) {
    this.changed = changed;
    this.failed = failed;
  }

  /** The tile, or null where it has yet to come. */
  get(layer, view, level, index, setup) {
    const name = [layer.id, view, level, index, setup.name].join("|");
    const tile = this.#tiles.get(name);
    if (tile) {
      this.#tiles.delete(name);
      this.#tiles.set(name, tile);
      return tile.values ? tile : null;
    }
    if (!this.#running.has(name)) {
      this.#waiting = this.#waiting.filter((other) => other.name !== name);
      this.#waiting.push({ name, load: (signal) => layer.tile(view, level, index, setup, signal) });
    }
    return null;
  }

  /** Loads what was asked for since the last call, and forgets what no longer is. */
  load(wanted) {
    for (const [name, abort] of this.#running) {
      if (!wanted.has(name)) abort.abort();
    }
    this.#waiting = this.#waiting.filter((each) => wanted.has(each.name));
    while (this.#running.size < AT_ONCE && this.#waiting.length > 0) this.#start(this.#waiting.shift());
  }

  async #start({ name, load }) {
    const abort = new AbortController();
    this.#running.set(name, abort);
    try {
      this.#tiles.set(name, await load(abort.signal));
      if (this.#tiles.size > KEPT) this.#tiles.delete(this.#tiles.keys().next().value);
    } catch (error) {
      if (error.name !== "AbortError") {
        this.#tiles.set(name, { failed: true });
        this.failed(error);
      }
    } finally {
      this.#running.delete(name);
      this.changed();
    }
  }

  forget() {
    for (const abort of this.#running.values()) abort.abort();
    this.#tiles.clear();
    this.#waiting = [];
  }
}
