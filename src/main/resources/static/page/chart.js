// Spectral convergence against iterations, as a picture and as words.

const SIZE = { width: 640, height: 260, left: 56, right: 16, top: 12, bottom: 40 };
const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** @param series each a name and points of iterations and dB */
export function chart(series) {
  const points = series.flatMap((each) => each.points);
  const most = Math.max(...points.map((point) => point.iterations), 2);
  const [low, high] = [5 * Math.floor(Math.min(...points.map((p) => p.decibels)) / 5), 5 * Math.ceil(Math.max(...points.map((p) => p.decibels)) / 5)];
  const x = (iterations) => SIZE.left + (Math.log(iterations) / Math.log(most)) * (SIZE.width - SIZE.left - SIZE.right);
  const y = (decibels) => SIZE.top + ((high - decibels) / (high - low || 1)) * (SIZE.height - SIZE.top - SIZE.bottom);
  const words = series.map(({ name, points }) => name + ": " + points.map((p) => p.decibels.toFixed(1) + " dB after " + p.iterations).join(", "));
  const svg = element("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img", "aria-label": "Spectral convergence. " + words.join("; ") });
  for (let level = low; level <= high; level += 5) {
    svg.append(
      element("line", { class: "grid", x1: SIZE.left, x2: SIZE.width - SIZE.right, y1: y(level), y2: y(level) }),
      element("text", { x: SIZE.left - 8, y: y(level) + 4, "text-anchor": "end" }, `${level}`.replace("-", "−") + " dB"));
  }
  for (const iterations of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000].filter((n) => n <= most)) {
    svg.append(element("text", { x: x(iterations), y: SIZE.height - 20, "text-anchor": "middle" }, String(iterations)));
  }
  svg.append(element("text", { x: SIZE.width - SIZE.right, y: SIZE.height - 3, "text-anchor": "end" }, "iterations"));
  series.forEach(({ points }, i) => {
    const path = points.map((p, at) => (at ? "L" : "M") + x(p.iterations).toFixed(1) + " " + y(p.decibels).toFixed(1)).join("");
    svg.append(element("g", { class: "series-" + (i % 4) },
      element("path", { class: "series", d: path }),
      ...points.map((p) => element("circle", { class: "dot", cx: x(p.iterations), cy: y(p.decibels), r: 3.5 }))));
  });
  return svg;
}

/** The line and the name of each series. */
export function chartLegend(series) {
  return series.map(({ name }, i) => {
    const item = document.createElement("li");
    const line = element("svg", { viewBox: "0 0 28 10", "aria-hidden": "true", class: "series-" + (i % 4) },
      element("path", { class: "series", d: "M0 5H28" }));
    item.append(line, name);
    return item;
  });
}

/** How many iterations the points of a curve have: 1, 2, 5, 10, … up to the last. */
export function stepsTo(last) {
  const steps = [];
  for (let decade = 1; decade < last; decade *= 10) steps.push(...[1, 2, 5].map((times) => times * decade).filter((n) => n < last));
  return [...steps, last];
}
