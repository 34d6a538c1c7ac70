// The dialog for a key, once however many calls wait for it.

import { keepKey, onKeyWanted } from "./service.js";
import { $ } from "./words.js";

let asked = null;

/** Promises the key that was typed, or null. */
function ask(problem) {
  asked ??= new Promise((resolve) => {
    $("key-detail").textContent = problem ? problem.message : "It is kept in this tab and sent to this service only.";
    $("key").value = "";
    $("key-dialog").returnValue = "cancel";
    $("key-dialog").showModal();
    $("key-dialog").addEventListener("close", () => {
      asked = null;
      const value = $("key").value.trim();
      resolve($("key-dialog").returnValue === "use" && value ? value : null);
    }, { once: true });
  });
  return asked;
}

export function keys() {
  onKeyWanted(ask);
  $("key-button").addEventListener("click", async () => {
    const value = await ask(null);
    if (value !== null) {
      keepKey(value);
      location.reload();
    }
  });
}
