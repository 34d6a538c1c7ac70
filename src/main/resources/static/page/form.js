// The parameters of the transform and of the reconstruction, and which of them mean something now.

import { options } from "./words.js";

const WINDOWS = ["hann", "hann_symmetric", "hamming", "blackman", "blackmanharris", "nuttall", "bartlett", "boxcar", "kaiser", "gaussian", "truncated_gaussian"];
const FRAME_BY_FRAME = ["rtisi_la", "gsrtisi_la"];
const WITH_MOMENTUM = ["fast_griffinlim", "agla"];
const PAUSE = 250;
const KEEP = ["istft", "keep the phase (istft)"];
const TWO_STEPS = ["nnls", "nnls, then a phase"];
const NAMES = { audio: "sound", spectrogram: "a complex spectrogram", magnitude: "magnitudes", mel: "a mel" };

export class Form {
  iterative = new Map();
  presets = {};
  kind = "audio";

  /** @param changed called with whether the transform has changed */
  constructor(form, changed) {
    this.form = form;
    this.changed = changed;
    options(this.field("window"), WINDOWS, "hann");
    options(this.field("init"), ["pghi", "spsi", "random", "zero"], "pghi");
    for (const kind of ["input", "change"]) {
      form.addEventListener(kind, ({ target }) => {
        if ((kind === "change") !== (target.tagName === "SELECT")) return;
        this.enable();
        // Not every digit of a number that is being typed is a question.
        clearTimeout(this.typing);
        this.typing = setTimeout(() => changed(target.closest("fieldset") === form.querySelector("fieldset")), kind === "input" ? PAUSE : 0);
      });
    }
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  value(name) {
    return this.field(name).value.trim();
  }

  know(algorithms, presets) {
    this.iterative = new Map(algorithms.map(({ name, iterative }) => [name, iterative]));
    this.presets = presets;
    options(this.field("mel"), [["", "none: 128 mels, Slaney's"], ...Object.keys(presets).map((name) => [name, name])], "");
  }

  /** Sets the fields for what was opened. */
  fit(source, kind, kinds) {
    this.kind = kind;
    this.named = Boolean(source.named);
    const array = source.array;
    const bins = array && kind !== "audio" ? array.shape.at(-2) : null;
    options(this.field("input"), kinds.map((each) => [each, NAMES[each]]), kind);
    const rate = source.wav?.sampleRate ?? Number(this.value("sample_rate")) ?? 16000;
    const frame = bins && kind !== "mel" ? 2 * (bins - 1) : rate > 24000 ? 2048 : 1024;
    this.field("n_fft").value = frame;
    this.field("hop_length").value = Math.max(1, Math.floor(frame / 4));
    const algorithms = [...this.iterative.keys()].map((name) => [name, name.replaceAll("_", " ")]);
    const chosen = { audio: [KEEP, ...algorithms], spectrogram: [KEEP, ...algorithms], magnitude: algorithms, mel: [...algorithms, TWO_STEPS] };
    options(this.field("algorithm"), chosen[kind], kind === "spectrogram" ? "istft" : "auto");
    for (const [field, shown] of [["rate-field", array], ["input-field", kinds.length > 1], ["mel-field", kind === "mel"], ["power-field", kind === "magnitude"]]) {
      document.getElementById(field).hidden = !shown;
    }
    this.enable();
  }

  enable() {
    const algorithm = this.value("algorithm");
    const iterative = algorithm === "nnls" || (this.iterative.get(algorithm) ?? false);
    const preset = this.kind === "mel" && this.value("mel") !== "";
    const of = {
      n_iter: iterative, init: iterative && !FRAME_BY_FRAME.includes(algorithm), momentum: WITH_MOMENTUM.includes(algorithm),
      seed: algorithm !== "istft", n_fft: !preset && this.kind !== "spectrogram" && this.kind !== "magnitude",
      hop_length: !preset, window: !preset, sample_rate: !preset,
    };
    if (preset) {
      for (const name of ["n_fft", "hop_length", "window", "sample_rate"]) {
        this.field(name).value = this.presets[this.value("mel")][name] ?? this.value(name);
      }
    }
    for (const [name, used] of Object.entries(of)) this.field(name).disabled = !used;
  }

  /** What the picture goes by; null where the fields hold no such numbers. */
  setup(source, channel) {
    const [nFft, hop] = [Number(this.value("n_fft")), Number(this.value("hop_length"))];
    const sampleRate = source.wav?.sampleRate ?? Number(this.value("sample_rate"));
    if (![nFft, hop, sampleRate].every((n) => Number.isInteger(n) && n > 0) || nFft < 2) return null;
    const window = this.value("window");
    return { nFft, hop, window, channel, sampleRate, name: [nFft, hop, window, channel, sampleRate].join(",") };
  }

  get algorithm() {
    return this.value("algorithm");
  }

  get isIterative() {
    return !this.field("n_iter").disabled;
  }

  /** The parameters of the transform that the service needs with the file. */
  transform(source) {
    const query = {};
    const array = source.array && this.kind !== "audio";
    for (const name of array ? ["hop_length", "window"] : ["n_fft", "hop_length", "window"]) {
      if (!this.field(name).disabled) query[name] = this.value(name);
    }
    if (this.kind === "mel") Object.assign(query, this.value("mel") ? { mel: this.value("mel") } : { n_fft: this.value("n_fft"), n_mels: source.array.shape.at(-2) });
    if (source.array && !this.field("sample_rate").disabled) query.sample_rate = this.value("sample_rate");
    if (source.array?.shape.length > 1 && !source.array.complex && !this.named) query.input = this.kind;
    if (this.kind === "magnitude" && this.value("power") === "2") query.power = 2;
    return query;
  }

  /** All parameters of a reconstruction. */
  query(source) {
    const query = { ...this.transform(source), algorithm: this.algorithm };
    for (const name of ["n_iter", "init", "momentum", "seed"]) {
      if (!this.field(name).disabled) query[name] = this.value(name);
    }
    return query;
  }
}
