// The whole sound at a glance: its waveform, what the picture shows of it, and where the player is.

export class Wave {
  overview = null;
  duration = 1;
  window = { start: 0, span: 1 };
  place = 0;
  size = { width: 0, height: 0 };
  #parts = null;

  constructor(element) {
    this.element = element;
    this.canvas = element.querySelector("canvas");
    new ResizeObserver(([{ contentRect }]) => {
      this.size = { width: Math.round(contentRect.width), height: Math.round(contentRect.height) };
      this.#parts = null;
      this.draw();
    }).observe(element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#parts = null;
      this.draw();
    });
  }

  draw() {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.size;
    if (width === 0) return;
    if (this.#parts?.of !== this.overview) this.#prepare(width, height, ratio);
    const { colour, canvas } = this.#parts;
    [this.canvas.width, this.canvas.height] = [canvas.width, canvas.height];
    const context = this.canvas.getContext("2d");
    context.drawImage(canvas, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const second = width / this.duration;
    if (this.window.span < this.duration * 0.999) {
      const [from, to] = [this.window.start * second, (this.window.start + this.window.span) * second];
      context.globalAlpha = 0.55;
      context.fillStyle = colour.card;
      context.fillRect(0, 0, from, height);
      context.fillRect(to, 0, width - to, height);
      context.globalAlpha = 1;
      context.fillStyle = colour.accent;
      context.fillRect(from, 0, 2, height);
      context.fillRect(Math.max(to - 2, from + 2), 0, 2, height);
    }
    context.fillStyle = colour.ink;
    context.fillRect(Math.round(this.place * second) - 1, 0, 2, height);
  }

  /** The waveform itself, which stays while the player and the picture move. */
  #prepare(width, height, ratio) {
    const style = getComputedStyle(this.element);
    const [accent, card, ink] = ["--accent", "--card", "--ink"].map((name) => style.getPropertyValue(name).trim());
    const canvas = new OffscreenCanvas(Math.round(width * ratio), Math.round(height * ratio));
    this.#parts = { of: this.overview, canvas, colour: { accent, card, ink } };
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = accent;
    if (this.overview) this.#drawParts(context, width, height);
  }

  #drawParts(context, width, height) {
    const { least, most, seconds: part } = this.overview;
    const peak = Math.max(1e-9, most.reduce((a, b) => Math.max(a, b)), -least.reduce((a, b) => Math.min(a, b)));
    const scale = (height / 2 - 4) / peak;
    const column = this.duration / width;
    for (let x = 0; x < width; x++) {
      let [low, high] = [0, 0];
      const end = Math.min(most.length, Math.ceil(((x + 1) * column) / part));
      for (let i = Math.floor((x * column) / part); i < end; i++) {
        low = Math.min(low, least[i]);
        high = Math.max(high, most[i]);
      }
      context.fillRect(x, height / 2 - high * scale, 1, Math.max(1, (high - low) * scale));
    }
  }
}
