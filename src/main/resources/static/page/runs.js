// Reconstructions: how they run, what they became, and which of them are A and B.

import { job } from "./jobs.js";
import { call, report } from "./service.js";
import { chart, chartLegend, stepsTo } from "./chart.js";
import { openWav } from "./wav.js";
import { PARTS, overview } from "./source.js";
import { soundLayer } from "./tiles.js";
import { $, figure, h, save, tell } from "./words.js";

const TOLD = {
  algorithm: "Algorithm", iterations: "Iterations", spectral_convergence_db: "Spectral convergence, dB",
  inconsistency_db: "Inconsistency, dB", snr_db: "SNR, dB", peak: "Peak", singular_bins: "Singular bins", backend: "Computed by", milliseconds: "Milliseconds",
};

/** From so many samples times iterations on, about a second, it is a job; what is shorter is answered sooner without. */
const LONG = 2e7;

/** The worst of a figure that may be one an item, or a summary of many. */
export function worst(value) {
  return Array.isArray(value) ? Math.max(...value.filter(Number.isFinite)) : typeof value === "object" && value ? value.max : value;
}

/** Of all channels; of an array of frames about so many. */
function samples({ sound, array }, { hop_length = 256 }) {
  if (sound) return sound.length * sound.channels;
  return array.shape.slice(0, -2).reduce((a, b) => a * b, 1) * array.shape.at(-1) * hop_length;
}

/** Those that were run: fewer than asked for where it was cancelled. */
function iterationsOf({ query, report }) {
  return report.cancelled ? report.iterations : Number(query.n_iter);
}

function iterationsTold(item) {
  if (!item.query.n_iter) return "no iterations";
  return (item.report.cancelled ? iterationsOf(item) + " of " : "") + item.query.n_iter + " iterations";
}

export class Runs {
  items = [];
  series = [];
  #count = 0;
  #file = 0;
  #abort = null;
  /** Ends the job that runs with what it has; null where there is none, or it was told to. */
  #end = null;
  #said = "";

  /** @param chosen called when A or B are others */
  constructor(chosen) {
    this.chosen = chosen;
    this.a = this.b = null;
    $("cancel").addEventListener("click", () => this.#cancel());
  }

  /** Begins anew with what was opened. */
  begin(item) {
    this.#abort?.abort();
    this.#file++;
    for (const each of this.items) if (each.url) URL.revokeObjectURL(each.url);
    this.items = [item];
    this.series = [];
    [this.a, this.b] = [item, null];
    $("curve").hidden = true;
    $("report").replaceChildren();
    this.show();
  }

  /** Runs a reconstruction of a file; the answer becomes B. */
  async run(source, query, name) {
    const started = performance.now();
    const file = this.#file;
    const answer = await this.#busy((signal) => this.#ask(source, query, signal, (end) => this.#mayEnd(end)));
    if (!answer) return;
    const wav = await openWav(answer.blob);
    const id = "run " + ++this.#count;
    let glance = null;
    for await (const part of overview(wav, 0, PARTS)) glance = part;
    if (file !== this.#file) return;
    const same = this.items.filter((other) => other.algorithm === name).length;
    const item = {
      id, algorithm: name, name: same ? `${name} (${same + 1})` : name, wav, overview: glance, level: glance.level, query, source, report: answer.report, seconds: (performance.now() - started) / 1000,
      url: URL.createObjectURL(answer.blob), layer: soundLayer(id, wav),
    };
    this.items.push(item);
    this.b = item;
    this.show();
    this.tellReport(item);
    this.chosen();
  }

  /** The figure after 1, 2, 5, … iterations: the same run, ended so early. */
  async curve(item) {
    const series = { name: item.name, points: [] };
    this.series = [...this.series.filter((other) => other.name !== item.name), series].slice(-4);
    $("curve").hidden = false;
    await this.#busy(async (signal) => {
      for (const iterations of stepsTo(iterationsOf(item))) {
        this.#say(iterations + " iterations");
        const last = iterations === iterationsOf(item);
        const told = last ? item.report : (await this.#ask(item.source, { ...item.query, n_iter: iterations }, signal)).report;
        series.points.push({ iterations, decibels: worst(told.spectral_convergence_db ?? told.mel_convergence_db) });
        const drawn = this.series.filter(({ points }) => points.length > 0);
        $("chart").replaceChildren(chart(drawn));
        $("chart-legend").replaceChildren(...chartLegend(drawn));
      }
    });
  }

  /** @param begun called with a function that ends it early with what it has, where it is a job */
  async #ask(source, query, signal, begun) {
    const request = { query: { ...query, response_format: "wav" }, body: source.file, type: source.type, signal };
    const response = samples(source, query) * (query.n_iter ?? 0) < LONG
      ? await call("v1/reconstruct", request)
      : await job("v1/reconstruct", { ...request, begun, told: (standing) => this.#told(standing) });
    return { report: report(response), blob: await response.blob() };
  }

  /** Shows that something runs, for how long it has, and how to end it. */
  async #busy(work) {
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    const started = performance.now();
    const timer = setInterval(() => {
      $("elapsed").textContent = this.#said || ((performance.now() - started) / 1000).toFixed(0) + " s";
    }, 500);
    this.#running(true);
    try {
      return await work(abort.signal);
    } catch (error) {
      if (error.code !== "cancelled") tell(error);
      return null;
    } finally {
      clearInterval(timer);
      if (this.#abort === abort) this.#running(false);
    }
  }

  #running(is) {
    $("cancel").hidden = $("progress").hidden = !is;
    $("run").disabled = is;
    this.#mayEnd(null);
    this.#say("");
    $("status").textContent = is ? "Running." : "Done.";
  }

  /** Ends a job with what it has; a second time, and where there is no job, without. */
  #cancel() {
    if (!this.#end) return this.#abort?.abort();
    this.#end().catch(tell);
    this.#mayEnd(null);
    this.#say("ending");
  }

  #mayEnd(end) {
    this.#end = end;
    $("cancel").textContent = end ? "Stop here" : "Cancel";
  }

  /** What a job says of itself; it is not heard any more once it was told to end. */
  #told({ stage, iterations, n_iter, done, spectral_convergence_db, seconds_left }) {
    if (this.#said === "ending") return;
    this.#say([
      stage,
      n_iter && `${iterations} of ${n_iter} iterations`,
      spectral_convergence_db !== undefined && figure(spectral_convergence_db) + " dB",
      seconds_left < 100 && Math.ceil(seconds_left) + " s left",
      seconds_left >= 100 && Math.round(seconds_left / 60) + " min left",
    ].filter(Boolean).map((part) => part.replaceAll(" ", "\u00a0")).join(" · "), done);
  }

  /** @param done in 0..1, where it is known */
  #say(text, done) {
    $("elapsed").textContent = this.#said = text;
    if (done) $("progress").firstElementChild.value = done;
    else $("progress").firstElementChild.removeAttribute("value");
  }

  show() {
    $("sounds").tBodies[0].replaceChildren(...this.items.map((item) => {
      const choose = (side) => h("input", {
        type: "radio", name: "side-" + side, "aria-label": `${item.name} as ${side.toUpperCase()}`, checked: this[side] === item,
        change: () => {
          this[side] = item;
          this.chosen();
        },
      });
      const convergence = worst(item.report?.spectral_convergence_db ?? item.report?.mel_convergence_db);
      return h("tr", {},
        h("td", {}, choose("a")), h("td", {}, choose("b")),
        h("td", {}, item.name, h("small", {}, item.detail ?? iterationsTold(item))),
        h("td", { class: "number" }, item.report ? figure(convergence) + " dB" : ""),
        h("td", { class: "number" }, item.seconds ? figure(item.seconds, 2) + " s" : ""),
        h("td", {}, h("span", { class: "buttons" }, this.#actions(item))));
    }));
  }

  #actions(item) {
    const about = (text) => h("span", { class: "visually-hidden" }, text + item.id);
    return [
      item.report ? h("button", { type: "button", class: "small", click: () => this.tellReport(item) }, "Report", about(" of ")) : null,
      item.query?.n_iter ? h("button", { type: "button", class: "small", click: () => this.curve(item) }, "Curve", about(" of ")) : null,
      item.url ? h("button", { type: "button", class: "small", click: () => save(item.url, item.id.replace(" ", "-") + ".wav") }, "WAV", about(" of ")) : null,
    ];
  }

  tellReport(item) {
    const told = item.report;
    const pairs = Object.entries(TOLD).filter(([name]) => told[name] !== undefined).flatMap(([name, text]) => {
      const value = worst(told[name]);
      return [h("dt", {}, text), h("dd", {}, typeof value === "number" && !Number.isInteger(value) ? figure(value, 2) : String(value))];
    });
    const warnings = (told.warnings ?? []).map((warning) => h("p", { class: "note" }, warning));
    $("report").replaceChildren(h("h3", { class: "visually-hidden" }, "Report of " + item.id), h("dl", {}, pairs), ...warnings,
      h("details", {}, h("summary", {}, "The whole report"), h("pre", { tabindex: "0", "aria-label": "The report" }, JSON.stringify(told, null, 2))));
  }
}
