// The page: opens a file, and hands it to its panels.

import { curl, pythonCall } from "./calls.js";
import { hazardous } from "./example.js";
import { diagnose, marksOf, showDiagnosis } from "./hazards.js";
import { Form } from "./form.js";
import { keys } from "./keys.js";
import { Look } from "./look.js";
import { Runs } from "./runs.js";
import { address, call, key } from "./service.js";
import { PARTS, kindsOf, open, overview, soundOf } from "./source.js";
import { arrayLayer, soundLayer } from "./tiles.js";
import { clock } from "./axis.js";
import { $, h, save, tell, untold } from "./words.js";

const EXAMPLE = "speech_en_m1_libri_16k.wav";
/** Sound of at most so many bytes is diagnosed without being asked to. */
const DIAGNOSED = 4e6;

const look = new Look();
const form = new Form($("form"), (transform) => (transform ? transformed() : calls()));
const runs = new Runs(() => look.sides(runs.a, runs.b));
let source = null;
let kind = "audio";
let language = "curl";
let opened = 0;

const known = learn();

async function learn() {
  keys();
  try {
    const [algorithms, mels] = await Promise.all(["v1/algorithms", "v1/mels"].map(async (path) => (await call(path)).json()));
    form.know(algorithms.algorithms, mels.mels);
  } catch (error) {
    tell(error);
  }
}

async function take(file) {
  untold();
  $("status").textContent = "Opening " + file.name;
  document.body.classList.add("busy");
  try {
    await known;
    source = await open(file);
    source.sound = source.wav;
    const kinds = source.array ? kindsOf(source.array, source.named) : ["audio"];
    $("work").hidden = false;
    $("intake").hidden = true;
    await show(kinds[0], kinds);
    $("status").textContent = file.name + " is open.";
    $("look-title").scrollIntoView({ block: "nearest" });
  } catch (error) {
    tell(error);
  } finally {
    document.body.classList.remove("busy");
  }
}

/** Shows what was opened as what it is taken for. */
async function show(as, kinds) {
  kind = as;
  const turn = ++opened;
  form.fit(source, kind, kinds);
  const { array } = source;
  if (array) source.sound = kind === "audio" ? await soundOf(array, Number(form.value("sample_rate"))) : null;
  const { sound } = source;
  const isSound = kind === "audio";
  const items = isSound ? sound.channels : array.shape.slice(0, -2).reduce((a, b) => a * b, 1);
  $("channel-field").hidden = items === 1;
  $("channel").replaceChildren(...Array.from({ length: items }, (_, i) => h("option", { value: i }, String(i + 1))));
  $("look-title").textContent = source.name;
  $("facts").textContent = isSound
    ? [+(sound.sampleRate / 1000).toFixed(3) + " kHz", clock(sound.length / sound.sampleRate), sound.channels === 1 ? "mono" : sound.channels === 2 ? "stereo" : sound.channels + " channels", sound.kind].join(" · ")
    : [kind === "spectrogram" ? "complex spectrogram" : kind, "[" + array.shape.join(", ") + "]"].join(" · ");
  $("hazards").hidden = kind === "magnitude" || kind === "mel";
  $("diagnosis").replaceChildren();
  const layer = isSound ? soundLayer("given", sound) : arrayLayer("given", array, kind, Number(form.value("power")));
  const given = { id: "given", name: "Original", detail: "as it was given", wav: isSound ? sound : null, level: 0, layer };
  if (isSound) given.url = URL.createObjectURL(sound.blob);
  runs.begin(given);
  const setup = form.setup(source, 0);
  look.picture.setup = setup;
  look.begin(isSound ? sound.length / sound.sampleRate : lengthOf(setup));
  look.sides(given, null);
  calls();
  if (isSound) glance(sound, 0, turn, given);
  if (kind === "spectrogram" || (isSound && source.file.size < DIAGNOSED)) diagnosis();
}

function lengthOf(setup) {
  return Math.max(0.001, ((source.array.shape.at(-1) - 1) * setup.hop) / setup.sampleRate);
}

async function glance(sound, channel, turn, given) {
  try {
    await look.picture.complete();
    for await (const part of overview(sound, channel, PARTS)) {
      if (turn !== opened) return;
      Object.assign(given, { overview: part, level: part.level });
      look.update();
    }
    look.player.balance();
  } catch (error) {
    tell(error);
  }
}

/** The transform's parameters, or the channel, are others. */
function transformed() {
  if (!source) return;
  const setup = form.setup(source, Number($("channel").value));
  if (!setup) return;
  look.picture.setup = setup;
  if (kind !== "audio") {
    look.picture.duration = look.wave.duration = lengthOf(setup);
    look.picture.show(Math.min(look.picture.start, look.picture.duration), Math.min(look.picture.span, look.picture.duration));
    if (kind === "magnitude") {
      runs.items[0].layer = arrayLayer("given " + form.value("power"), source.array, kind, Number(form.value("power")));
      look.sides(runs.a, runs.b);
    }
  }
  look.picture.hazards = [];
  $("diagnosis").replaceChildren();
  look.picture.redraw();
  calls();
}

async function diagnosis() {
  const turn = opened;
  const setup = look.picture.setup;
  $("diagnose").disabled = true;
  try {
    const found = await diagnose(source, form.transform(source));
    if (turn !== opened || setup !== look.picture.setup) return;
    const marks = marksOf(found, setup.channel);
    const { picture, player } = look;
    showDiagnosis(found, marks, {
      setup, marked: picture.marked,
      look: (time) => {
        picture.show(time - picture.span / 2);
        player.seek(time);
        $("picture").focus();
      },
      mark: (hazard, is) => {
        picture.marked[is ? "add" : "delete"](hazard);
        picture.redraw();
      },
    });
    picture.hazards = marks;
    picture.redraw();
  } catch (error) {
    tell(error);
  } finally {
    $("diagnose").disabled = false;
  }
}

function calls() {
  if (!source) return;
  const url = address("v1/reconstruct", form.query(source));
  const told = { url, type: source.type, file: source.name, key: key() !== "", kind, out: "found.wav" };
  $("call-text").textContent = language === "curl" ? curl(told) : pythonCall(told);
  $("call-curl").setAttribute("aria-pressed", String(language === "curl"));
  $("call-python").setAttribute("aria-pressed", String(language === "python"));
}

async function speech() {
  try {
    await take(new File([await (await call("page/example/" + EXAMPLE)).blob()], EXAMPLE));
  } catch (error) {
    tell(error);
  }
}

function listen() {
  $("file").addEventListener("change", () => {
    if ($("file").files[0]) take($("file").files[0]);
    $("file").value = "";
  });
  $("open-other").addEventListener("click", () => $("file").click());
  $("example").addEventListener("click", speech);
  $("example-array").addEventListener("click", () => take(hazardous()));
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget ?? document.body.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("over");
    const file = event.dataTransfer.files[0];
    if (file) take(file);
  });
  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    untold();
    runs.run(source, form.query(source), form.algorithm.replaceAll("_", " "));
  });
  form.field("input").addEventListener("change", () => show(form.value("input"), [...form.field("input").options].map((option) => option.value)).catch(tell));
  $("channel").addEventListener("change", () => {
    transformed();
    if (source.sound) glance(source.sound, Number($("channel").value), opened, runs.items[0]);
  });
  $("diagnose").addEventListener("click", diagnosis);
  $("save-npz").addEventListener("click", spectrogram);
  for (const name of ["curl", "python"]) {
    $("call-" + name).addEventListener("click", () => {
      language = name;
      calls();
    });
  }
  $("copy").addEventListener("click", async () => {
    getSelection().selectAllChildren($("call-text"));
    // Only a secure address, or this machine's, has a clipboard: elsewhere the text is at least selected.
    await navigator.clipboard?.writeText($("call-text").textContent).catch(() => {});
    $("status").textContent = navigator.clipboard ? "Copied." : "Selected.";
  });
}

/** The complex spectrogram of the side that is shown, as the service computes it. */
async function spectrogram() {
  const { of } = look.picture.look;
  const item = runs[of];
  try {
    if (!item.wav) throw new Error("What was given is no sound: its spectrogram is the file itself.");
    const { nFft, hop, window } = look.picture.setup;
    const query = { n_fft: nFft, hop_length: hop, window, response_format: "npz" };
    const answer = await call("v1/stft", { query, body: item.wav.blob, type: "audio/wav" });
    const url = URL.createObjectURL(await answer.blob());
    save(url, item.id.replace(" ", "-") + ".npz");
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    tell(error);
  }
}

listen();
