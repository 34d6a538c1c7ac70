// The whole sound at a glance: its waveform, what the picture shows of it, and where the player is.

export class Wave {
  overview = null;
  duration = 1;
  window = { start: 0, span: 1 };
  place = 0;

  constructor(element) {
    this.element = element;
    this.canvas = element.querySelector("canvas");
    new ResizeObserver(() => this.draw()).observe(element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  draw() {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0) return;
    [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(this.element);
    const colour = (name) => style.getPropertyValue(name).trim();
    context.fillStyle = colour("--accent");
    if (this.overview) this.#drawParts(context, width, height);
    const second = width / this.duration;
    if (this.window.span < this.duration * 0.999) {
      const [from, to] = [this.window.start * second, (this.window.start + this.window.span) * second];
      context.globalAlpha = 0.55;
      context.fillStyle = colour("--card");
      context.fillRect(0, 0, from, height);
      context.fillRect(to, 0, width - to, height);
      context.globalAlpha = 1;
      context.fillStyle = colour("--accent");
      context.fillRect(from, 0, 2, height);
      context.fillRect(Math.max(to - 2, from + 2), 0, 2, height);
    }
    context.fillStyle = colour("--ink");
    context.fillRect(Math.round(this.place * second) - 1, 0, 2, height);
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
