// The panel of one file: its player, its waveform and its picture, by mouse, finger and keyboard.

import { clock, hertz } from "./axis.js";
import { Picture } from "./picture.js";
import { Player } from "./player.js";
import { legend } from "./render.js";
import { Wave } from "./wave.js";
import { $, save, tell } from "./words.js";

const STEP = 5;

export class Look {
  constructor() {
    this.wave = new Wave($("wave"));
    this.picture = new Picture($("picture"), { drawn: () => this.#drawn(), moved: () => this.#moved(), failed: tell });
    this.player = new Player(() => this.update());
    this.#controls();
    this.#pointers();
    this.#keyboard();
  }

  /** Begins with a file of so many seconds, of which the first are shown. */
  begin(duration) {
    Object.assign(this.picture, { duration, hazards: [], place: 0 });
    this.tops = {};
    Object.assign(this.picture.look, { view: "magnitude", of: "a", top: null });
    Object.assign(this.wave, { duration, place: 0 });
    $("view").value = "magnitude";
    $("of").value = "a";
    this.picture.tiles.forget();
    this.picture.show(0, Math.min(duration, 20));
  }

  /** Shows what A and B are. */
  sides(a, b) {
    this.picture.layers = { a: a?.layer ?? null, b: b?.layer ?? null };
    const sound = (item) => (item?.url ? item : null);
    this.player.put("a", sound(a));
    this.player.put("b", sound(b));
    $("name-a").textContent = a?.name ?? "";
    $("name-b").textContent = b?.name ?? "nothing yet";
    $("of").options[1].disabled = !b;
    $("view").querySelector("[value=difference]").disabled = !b;
    if (!b && ($("of").value === "b" || $("view").value === "difference")) {
      $("of").value = this.picture.look.of = "a";
      $("view").value = this.picture.look.view = "magnitude";
    }
    this.update();
  }

  update() {
    const { player } = this;
    const { duration } = this.picture;
    this.picture.place = this.wave.place = player.place;
    $("play").disabled = !player.ready;
    $("play").classList.toggle("playing", player.playing);
    $("play").setAttribute("aria-label", player.playing ? "Pause" : "Play");
    for (const side of ["a", "b"]) {
      $("hear-" + side).setAttribute("aria-pressed", String(player.heard === side));
      $("hear-" + side).disabled = player.sounds[side] === null;
    }
    $("time").textContent = clock(player.place) + " / " + clock(duration);
    $("wave").setAttribute("aria-valuemax", duration.toFixed(2));
    $("wave").setAttribute("aria-valuenow", player.place.toFixed(2));
    $("wave").setAttribute("aria-valuetext", clock(player.place) + " of " + clock(duration));
    this.wave.overview = player.sounds[player.heard]?.overview ?? null;
    this.wave.draw();
    this.picture.redraw();
    if (player.playing && !this.looping) this.#loop();
  }

  #loop() {
    this.looping = true;
    requestAnimationFrame(() => {
      this.looping = false;
      const { start, span } = this.picture;
      const place = this.player.place;
      if (place > start + span || place < start) this.picture.show(place);
      this.update();
    });
  }

  /** Shows what the picture was drawn as, where that has changed. */
  #drawn() {
    const { look, level, setup, layers } = this.picture;
    const layer = layers[look.of];
    const drawn = JSON.stringify([look, level, setup, layer?.id]);
    if (drawn === this.lastDrawn) return;
    this.lastDrawn = drawn;
    if (document.activeElement !== $("top")) $("top").value = look.top ?? "";
    const { colours, low, high } = legend(look);
    [$("scale-low").textContent, $("scale-high").textContent] = [low, high];
    const context = $("scale").querySelector("canvas").getContext("2d");
    const strip = context.createImageData(160, 8);
    new Uint32Array(strip.data.buffer).forEach((_, i, pixels) => (pixels[i] = colours[Math.floor(((i % 160) / 159) * 255)]));
    context.putImageData(strip, 0, 0);
    const phase = look.view === "phase" || look.view === "derivative";
    const veil = phase && layer && layer.kind && layer.kind !== "spectrogram" ? "Magnitudes have no phase: look at B once it has run."
      : look.view === "derivative" && level > 0 ? "Zoom in: the phase along time is from frame to frame."
      : look.view === "mel" && layer?.kind ? "Mel bands are of sounds: look at B once it has run." : "";
    $("veil").textContent = veil;
    $("veil").hidden = veil === "";
    $("axis").disabled = look.view === "mel";
    $("top").disabled = $("range").disabled = phase || look.view === "difference";
    $("of").disabled = look.view === "difference";
    $("picture").dataset.level = level + "," + (setup?.name ?? "");
  }

  #moved() {
    const { start, span, duration } = this.picture;
    this.wave.window = { start, span };
    this.wave.draw();
    $("picture").setAttribute("aria-valuemax", Math.max(0, duration - span).toFixed(2));
    $("picture").setAttribute("aria-valuenow", start.toFixed(2));
    $("picture").setAttribute("aria-valuetext", clock(start) + " to " + clock(start + span));
  }

  #controls() {
    const look = this.picture.look;
    const change = (id, event, apply) => $(id).addEventListener(event, () => {
      apply($(id));
      this.picture.redraw();
    });
    change("view", "change", ({ value }) => {
      // Mels are of another size than bins: their scale has a top of its own.
      const [before, after] = [look.view, value].map((view) => (view === "mel" ? "mel" : "bins"));
      if (before !== after) {
        this.tops[before] = look.top;
        look.top = this.tops[after] ?? null;
      }
      look.view = value;
    });
    change("of", "change", ({ value }) => (look.of = value));
    change("axis", "change", ({ value }) => (look.axis = value));
    change("top", "input", ({ value }) => (look.top = value === "" ? null : Number(value)));
    change("range", "input", ({ value }) => {
      look.range = Number(value);
      $("range-value").textContent = value + " dB";
    });
    $("play").addEventListener("click", () => this.player.toggle().catch(tell));
    $("hear-a").addEventListener("click", () => this.player.hear("a"));
    $("hear-b").addEventListener("click", () => this.player.hear("b"));
    $("level").addEventListener("change", ({ target }) => (this.player.sameLevel = target.checked));
    $("zoom-in").addEventListener("click", () => this.picture.zoom(2));
    $("zoom-out").addEventListener("click", () => this.picture.zoom(0.5));
    $("fit").addEventListener("click", () => this.picture.show(0, this.picture.duration));
    $("save-png").addEventListener("click", () => this.picture.canvas.toBlob((blob) => {
      const url = URL.createObjectURL(blob);
      save(url, "spectrogram.png");
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    }));
  }

  #pointers() {
    const timeOnWave = (event) => ((event.clientX - $("wave").getBoundingClientRect().left) / $("wave").clientWidth) * this.picture.duration;
    $("wave").addEventListener("pointerdown", (event) => {
      const time = timeOnWave(event);
      const { start, span } = this.picture;
      this.player.seek(time);
      if (time < start || time > start + span) this.picture.show(time - span / 2);
    });
    let from = null;
    $("picture").addEventListener("pointerdown", (event) => {
      from = { x: event.clientX, start: this.picture.start, moved: false };
      $("picture").setPointerCapture(event.pointerId);
    });
    $("picture").addEventListener("pointermove", (event) => {
      if (!this.picture.setup) return;
      const box = $("picture").getBoundingClientRect();
      const { time, frequency } = this.picture.at(event.clientX - box.left, event.clientY - box.top);
      const bands = this.picture.look.view === "mel";
      $("readout").textContent = time < 0 ? "" : clock(time, 2) + (bands ? "" : " · " + hertz(frequency));
      if (!from) return;
      from.moved ||= Math.abs(event.clientX - from.x) > 4;
      if (from.moved) this.picture.show(from.start - ((event.clientX - from.x) / this.picture.plot.width) * this.picture.span);
    });
    $("picture").addEventListener("pointerup", (event) => {
      if (from && !from.moved) this.player.seek(this.picture.at(event.clientX - $("picture").getBoundingClientRect().left, 0).time);
      from = null;
    });
    $("picture").addEventListener("pointercancel", () => (from = null));
    $("picture").addEventListener("wheel", (event) => {
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const x = event.clientX - $("picture").getBoundingClientRect().left;
        this.picture.zoom(2 ** (-event.deltaY / 200), this.picture.at(x, 0).time);
      } else if (sideways !== 0) {
        event.preventDefault();
        this.picture.show(this.picture.start + (sideways / this.picture.plot.width) * this.picture.span);
      }
    }, { passive: false });
  }

  #keyboard() {
    const { picture, player } = this;
    const keys = (element, moves) => element.addEventListener("keydown", (event) => {
      const move = moves[event.key];
      if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      move();
    });
    const play = () => player.toggle().catch(tell);
    const change = () => player.hear(player.heard === "a" ? "b" : "a");
    keys($("wave"), {
      ArrowLeft: () => player.seek(player.place - STEP / 5), ArrowRight: () => player.seek(Math.min(picture.duration, player.place + STEP / 5)),
      PageDown: () => player.seek(player.place - STEP), PageUp: () => player.seek(Math.min(picture.duration, player.place + STEP)),
      Home: () => player.seek(0), End: () => player.seek(picture.duration), " ": play, x: change,
    });
    keys($("picture"), {
      ArrowLeft: () => picture.show(picture.start - picture.span / 10), ArrowRight: () => picture.show(picture.start + picture.span / 10),
      PageDown: () => picture.show(picture.start - picture.span), PageUp: () => picture.show(picture.start + picture.span),
      Home: () => picture.show(0), End: () => picture.show(picture.duration), "+": () => picture.zoom(2), "-": () => picture.zoom(0.5),
      0: () => picture.show(0, picture.duration), " ": play, x: change,
    });
  }
}
