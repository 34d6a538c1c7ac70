// The spectrogram: what is visible of it, its axes, the marks of hazards and the place of the player.

import { axis, clock, hertz, rowsOf, ticks, timeStep } from "./axis.js";
import { HAZARDS } from "./colours.js";
import { difference, image, loudest } from "./render.js";
import { COLUMNS, Tiles } from "./tiles.js";

const MARGIN = { left: 58, right: 8, top: 8, bottom: 24 };
const INK = "#c9c6d4";
const SHORTEST = 0.02;
/** More marks than these are drawn smaller. */
const MANY = 200;

export class Picture {
  layers = { a: null, b: null };
  setup = null;
  hazards = [];
  marked = new Set(["zero", "underflow", "overflow", "below_floor"]);
  place = 0;
  start = 0;
  span = 1;
  duration = 1;
  look = { view: "magnitude", of: "a", axis: "linear", top: null, range: 80 };
  size = { width: 0, height: 0 };
  #asked = false;
  #waiting = [];

  /** @param on callbacks: drawn(picture), moved(), failed(error) */
  constructor(element, on) {
    this.element = element;
    this.canvas = element.querySelector("canvas");
    this.on = on;
    this.tiles = new Tiles(() => this.redraw(), on.failed);
    new ResizeObserver(([{ contentRect }]) => {
      this.size = { width: Math.round(contentRect.width), height: Math.round(contentRect.height) };
      this.redraw();
    }).observe(element);
  }

  /** Where the picture itself stands in its canvas, in CSS pixels. */
  get plot() {
    return {
      x: MARGIN.left, y: MARGIN.top,
      width: Math.max(1, this.size.width - MARGIN.left - MARGIN.right),
      height: Math.max(1, this.size.height - MARGIN.top - MARGIN.bottom),
    };
  }

  get nyquist() {
    return this.setup.sampleRate / 2;
  }

  show(start, span = this.span) {
    this.span = Math.min(this.duration, Math.max(SHORTEST, span));
    this.start = Math.min(this.duration - this.span, Math.max(0, start));
    this.on.moved();
    this.redraw();
  }

  zoom(times, around = this.start + this.span / 2) {
    const span = Math.min(this.duration, Math.max(SHORTEST, this.span / times));
    this.show(around - ((around - this.start) * span) / this.span, span);
  }

  /** Promises that all that is visible has been drawn. */
  complete() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  redraw() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      if (this.setup && this.size.width > 0) this.#draw();
    });
  }

  #draw() {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.size;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high) [this.canvas.width, this.canvas.height] = [wide, high];
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const complete = this.#drawTiles(context, Math.round(this.plot.height * ratio));
    this.#drawAxes(context);
    this.#drawMarks(context);
    this.element.dataset.state = complete ? "drawn" : "loading";
    if (complete) this.#waiting.splice(0).forEach((resolve) => resolve());
    this.on.drawn(this);
  }

  /** Whether all tiles were here. */
  #drawTiles(context, height) {
    const { setup, plot, look } = this;
    const level = Math.max(0, Math.floor(Math.log2((this.span * setup.sampleRate) / plot.width / setup.hop)));
    this.level = level;
    const layers = look.view === "difference" ? [this.layers.a, this.layers.b] : [this.layers[look.of]];
    if (layers.includes(null) || (look.view === "derivative" && level > 0)) return true;
    const second = plot.width / this.span;
    const column = (setup.hop * 2 ** level) / setup.sampleRate;
    const total = Math.min(...layers.map((layer) => layer.columns(setup, level)));
    const first = Math.max(0, Math.floor((this.start / column + 0.5) / COLUMNS));
    const last = Math.min(Math.ceil(total / COLUMNS) - 1, Math.floor(((this.start + this.span) / column + 0.5) / COLUMNS));
    const data = { derivative: "phase", difference: "magnitude" }[look.view] ?? look.view;
    const wanted = new Set();
    const tiles = [];
    for (let index = first; index <= last; index++) {
      const parts = layers.map((layer) => {
        wanted.add([layer.id, data, level, index, setup.name].join("|"));
        return this.tiles.get(layer, data, level, index, setup);
      });
      if (parts.every(Boolean)) tiles.push([index, parts]);
    }
    this.tiles.load(wanted);
    const complete = tiles.length === Math.max(0, last - first + 1);
    this.#chooseTop(tiles, data, complete);
    context.save();
    context.beginPath();
    context.rect(plot.x, plot.y, plot.width, plot.height);
    context.clip();
    for (const [index, parts] of tiles) {
      const drawn = this.#image(parts, height, level, index);
      const x = plot.x + ((index * COLUMNS - 0.5) * column - this.start) * second;
      const width = drawn.width * column * second;
      context.imageSmoothingEnabled = width < drawn.width;
      context.drawImage(drawn, x, plot.y, width, plot.height);
    }
    context.restore();
    return complete;
  }

  /** Unless it was chosen, the loudest of what is first seen is the top of the scale. */
  #chooseTop(tiles, data, complete) {
    if (this.look.top !== null || data === "phase" || !complete || tiles.length === 0) return;
    const most = Math.max(...tiles.flatMap(([, parts]) => parts.map(loudest)));
    if (Number.isFinite(most) && most > -500) this.look.top = 5 * Math.ceil(most / 5);
  }

  #image(parts, height, level, index) {
    const { look, setup } = this;
    const { top, range } = look;
    const name = [look.view, height, look.axis, top, range, this.nyquist].join("|");
    const keep = parts.at(-1);
    if (keep.drawnAs !== name || (look.view === "difference" && keep.other !== parts[0])) {
      const tile = look.view === "difference" ? difference(...parts, (top ?? 0) - range) : keep;
      const melBands = look.view === "mel" || tile.raw;
      const scale = axis(melBands ? "linear" : look.axis, this.nyquist);
      keep.image = image(tile, rowsOf(scale, height, tile.bins), height, {
        view: look.view, top: top ?? 0, range, turn: (2 * Math.PI * setup.hop) / setup.nFft,
      });
      keep.drawnAs = name;
      keep.other = parts[0];
    }
    return keep.image;
  }

  #drawAxes(context) {
    const { plot } = this;
    context.font = "12px system-ui, sans-serif";
    context.fillStyle = INK;
    context.textAlign = "right";
    context.textBaseline = "middle";
    if (this.look.view !== "mel" && this.layers[this.look.of]?.kind !== "mel") {
      const scale = axis(this.look.axis, this.nyquist);
      for (const { frequency, at } of ticks(scale, plot.height)) {
        const y = plot.y + plot.height - at;
        if (y > plot.y + 5) context.fillText(hertz(frequency), plot.x - 8, y);
        context.fillRect(plot.x - 5, y, 4, 1);
      }
    } else {
      context.fillText("mels", plot.x - 8, plot.y + plot.height / 2);
    }
    context.textBaseline = "top";
    const step = timeStep(this.span, plot.width / 90);
    for (let time = Math.ceil(this.start / step) * step; time <= this.start + this.span + 1e-9; time += step) {
      const x = this.x(time);
      context.fillRect(x, plot.y + plot.height + 1, 1, 4);
      context.textAlign = x > plot.x + plot.width - 20 ? "right" : "center";
      context.fillText(clock(time, step < 0.01 ? 3 : step < 0.1 ? 2 : step < 1 ? 1 : 0), x, plot.y + plot.height + 8);
    }
  }

  #drawMarks(context) {
    const { plot, setup } = this;
    const scale = axis(this.look.axis, this.nyquist);
    const marks = (this.look.view === "mel" ? [] : this.hazards).flatMap(({ hazard, bin, frame }) => {
      const x = this.x((frame * setup.hop) / setup.sampleRate);
      const part = scale.part((bin * setup.sampleRate) / setup.nFft);
      const visible = this.marked.has(hazard) && x >= plot.x && x <= plot.x + plot.width && part >= 0;
      return visible ? [{ hazard, x, y: plot.y + (1 - part) * plot.height }] : [];
    });
    const half = marks.length > MANY ? 1 : 2;
    context.fillStyle = "#000";
    for (const { x, y } of marks) context.fillRect(x - half - 1, y - half - 1, 2 * half + 2, 2 * half + 2);
    for (const { hazard, x, y } of marks) {
      context.fillStyle = HAZARDS[hazard];
      context.fillRect(x - half, y - half, 2 * half, 2 * half);
    }
    const x = this.x(this.place);
    if (x >= plot.x && x <= plot.x + plot.width) {
      context.fillStyle = "#ffffff";
      context.fillRect(Math.round(x) - 1, plot.y, 2, plot.height);
    }
  }

  /** Where a time stands. */
  x(time) {
    return this.plot.x + ((time - this.start) / this.span) * this.plot.width;
  }

  /** The time and the frequency at a point of the element. */
  at(x, y) {
    const { plot } = this;
    return {
      time: this.start + ((x - plot.x) / plot.width) * this.span,
      frequency: axis(this.look.axis, this.nyquist).frequency(Math.min(1, Math.max(0, 1 - (y - plot.y) / plot.height))),
    };
  }
}
