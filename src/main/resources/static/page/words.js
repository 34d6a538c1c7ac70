// Small pieces of the document.

/** An element with its attributes and children; a function as attribute listens. */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

export const $ = (id) => document.getElementById(id);

export function figure(value, digits = 1) {
  return value === null || value === undefined ? "–" : Array.isArray(value) ? figure(Math.max(...value), digits) : Number(value).toFixed(digits).replace("-", "−");
}

/** A number in few signs: 12 345, 0.0031, 8.4e5. */
export function short(value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return String(value);
  if (number !== 0 && (Math.abs(number) < 1e-3 || Math.abs(number) >= 1e6)) return number.toExponential(1);
  return Number.isInteger(number) ? number.toLocaleString("en") : number.toPrecision(3);
}

export function save(url, name) {
  h("a", { href: url, download: name }).click();
}

export function options(select, values, chosen) {
  select.replaceChildren(...values.map((value) => {
    const [name, text] = Array.isArray(value) ? value : [value, value.replaceAll("_", " ")];
    return h("option", { value: name, selected: name === chosen }, text);
  }));
}

/** What went wrong, in the service's words, until it is closed. */
export function tell(error) {
  if (error.name === "AbortError") return;
  const head = error.status ? error.status + (error.code ? " " + error.code : "") : "";
  $("problem").replaceChildren(h("div", { class: "problem" },
    h("div", {},
      h("p", {}, error.message),
      head || error.requestId ? h("p", {}, h("small", {}, [head, error.requestId && "request " + error.requestId].filter(Boolean).join(" · "))) : null),
    h("button", { type: "button", class: "small", click: untold }, "Close")));
}

export function untold() {
  $("problem").replaceChildren();
}
