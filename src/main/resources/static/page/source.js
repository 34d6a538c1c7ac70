// What a file is: a sound, or an array of a spectrogram.

import { call } from "./service.js";
import { readNpy, readNpz } from "./npy.js";
import { openWav, writeWav } from "./wav.js";

const TYPES = {
  wav: "audio/wav", flac: "audio/flac", mp3: "audio/mpeg", ogg: "audio/ogg", oga: "audio/ogg", opus: "audio/ogg",
  m4a: "audio/mp4", mp4: "audio/mp4", aac: "audio/aac", aif: "audio/aiff", aiff: "audio/aiff", webm: "audio/webm",
  npy: "application/x-npy", npz: "application/x-npz", json: "application/json",
};
// Arrays of one or two long channels are sound, as the service has it for its own operations on audio.
const MOST_CHANNELS = 8;
/** Bands that mels have and transforms do not. */
const MELS = [40, 80, 96, 100, 120, 128, 160, 229];
/** Parts of a sound at a glance: more than a screen has pixels. */
export const PARTS = 4096;

/** The kinds that an array may be, the likely one first. */
export function kindsOf(array, name) {
  if (array.complex) return ["spectrogram"];
  if (array.shape.length < 2) return ["audio"];
  const kinds = ["magnitude", "mel", "audio"];
  const bins = array.shape.at(-2);
  const likely = kinds.includes(name) ? name : bins <= MOST_CHANNELS ? "audio" : MELS.includes(bins) ? "mel" : "magnitude";
  return [likely, ...kinds.filter((kind) => kind !== likely)];
}

/** Reads so much of a file as its picture needs. */
export async function open(file) {
  const ending = file.name.split(".").pop().toLowerCase();
  const type = TYPES[ending] ?? file.type;
  const source = { name: file.name, file, type: type || "application/octet-stream" };
  if (type === "application/x-npy") {
    return { ...source, array: readNpy(await file.arrayBuffer()), named: null };
  } else if (type === "application/x-npz") {
    const { name, array } = await readNpz(await file.arrayBuffer());
    return { ...source, array, named: name };
  }
  const wav = type === "audio/wav" ? await openWav(file) : null;
  return { ...source, wav: wav ?? (await openWav(await decoded(source))) };
}

/** What the browser may not know is read by the service, in whatever format, and comes back as WAV. */
async function decoded(source) {
  const query = { n_fft: 1024, hop_length: 512, response_format: "wav" };
  return (await call("v1/reconstruct", { query, body: source.file, type: source.type })).blob();
}

/** An array of samples as a sound. */
export async function soundOf(array, sampleRate) {
  const length = array.shape.at(-1);
  const channels = array.values.length / length;
  const parts = Array.from({ length: channels }, (_, i) => array.values.subarray(i * length, (i + 1) * length));
  return openWav(writeWav(parts, sampleRate));
}

/** The least and the largest sample of each of so many parts of a channel, and its level, while it is being read. */
export async function* overview(wav, channel, parts) {
  const each = Math.max(1, Math.ceil(wav.length / parts));
  const least = new Float32Array(parts);
  const most = new Float32Array(parts);
  const block = each * Math.max(1, Math.floor((1 << 17) / each));
  let energy = 0;
  for (let from = 0; from < wav.length; from += block) {
    const samples = await wav.read(channel, from, Math.min(wav.length, from + block));
    for (let i = 0; i < samples.length; i++) {
      const part = Math.floor((from + i) / each);
      const value = samples[i];
      if (value < least[part]) least[part] = value;
      if (value > most[part]) most[part] = value;
      energy += value * value;
    }
    yield { least, most, seconds: each / wav.sampleRate, level: Math.sqrt(energy / wav.length) };
  }
}
