// What the diagnosis says: which bins are hazardous, and what each recipe makes of them.

import { call } from "./service.js";
import { $, h, short } from "./words.js";
import { clock, hertz } from "./axis.js";

const LISTED = 200;
const MARKED = 5000;
const MEANING = {
  zero: "0 + 0i", underflow: "|z|² is 0 in float32", overflow: "|z|² is infinite in float32",
  below_floor: "|z| is below the floor", zero_output: "the phase is exactly 0",
};

/** Asks for the first hazards of each kind. */
export async function diagnose(source, transform) {
  const query = { ...transform, limit: MARKED };
  const answer = await call("v1/phase/diagnose", { query, body: source.file, type: source.type, accept: "application/json" });
  return answer.json();
}

/** The bins of a channel as the picture marks them. */
export function marksOf({ first }, channel) {
  return first.flatMap(({ hazard, index, re, im }) => {
    const [bin, frame] = index.slice(-2);
    const item = index.length > 2 ? index.at(-3) : 0;
    return item === channel ? [{ hazard, bin, frame, re, im }] : [];
  });
}

/** Shows the counts, the list and the recipes. look(time) is called with a chosen bin, mark(hazard, is) with a ticked kind. */
export function showDiagnosis(diagnosis, marks, { setup, marked, look, mark }) {
  const counts = Object.entries(diagnosis.hazards).map(([hazard, count]) => h("li", {},
    h("label", { class: "check" },
      h("input", { type: "checkbox", checked: marked.has(hazard), change: ({ target }) => mark(hazard, target.checked) }),
      h("b", {}, short(count)), h("span", {}, h("i", { class: "swatch " + hazard }), hazard.replace("_", " "))),
    h("small", {}, MEANING[hazard] ?? "")));
  $("diagnosis").replaceChildren(
    h("ul", { class: "tally" }, counts),
    h("div", { class: "pair" }, list(marks, setup, look), recipes(diagnosis)));
}

function list(marks, setup, look) {
  const head = ["Hazard", "Time", "Frequency", "Bin, frame", "z"].map((text) => h("th", { scope: "col" }, text));
  const rows = marks.slice(0, LISTED).map((mark) => {
    const time = (mark.frame * setup.hop) / setup.sampleRate;
    return h("tr", {},
      h("td", {}, h("i", { class: "swatch " + mark.hazard }), " " + mark.hazard.replace("_", " ")),
      h("td", {}, h("button", { type: "button", class: "link", click: () => look(time) }, clock(time, 2))),
      h("td", {}, hertz((mark.bin * setup.sampleRate) / setup.nFft)),
      h("td", {}, mark.bin + ", " + mark.frame),
      h("td", {}, h("code", {}, `${short(mark.re)} ${mark.im < 0 || Object.is(mark.im, -0) ? "−" : "+"} ${short(Math.abs(mark.im))}i`)));
  });
  const more = marks.length > LISTED ? `The first ${LISTED} are listed, and the first ${short(MARKED)} of each kind are marked.` : "";
  return h("div", {},
    h("div", { class: "list", tabindex: "0", role: "region", "aria-label": "Hazardous bins" },
      h("h3", {}, "Where"),
      rows.length ? h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)) : h("p", {}, "No hazardous bin.")),
    more ? h("p", { class: "facts" }, more) : null);
}

function recipes({ recipes }) {
  const head = ["Recipe", "Not finite", "Largest gradient", "Error, rad", "Flipped"];
  const rows = recipes.map((recipe) => h("tr", {},
    h("th", { scope: "row" }, recipe.name.replaceAll("_", " ")),
    h("td", { class: recipe.non_finite_gradients > 0 ? "number fails" : "number" }, short(recipe.non_finite_gradients)),
    h("td", { class: "number" }, short(recipe.largest_gradient)),
    h("td", { class: "number" }, short(recipe.largest_phase_error)),
    h("td", { class: recipe.flipped > 0 ? "number fails" : "number" }, short(recipe.flipped))));
  return h("div", {},
    h("h3", {}, "What each recipe makes of them"),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Recipes" },
      h("table", { id: "recipes" },
        h("thead", {}, h("tr", {}, head.map((text, i) => h("th", { scope: "col", class: i ? "number" : null }, text)))),
        h("tbody", {}, rows))));
}
