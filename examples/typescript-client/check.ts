// npm run check URL FILE.wav HOST:PORT: calls the service at URL through the types made from its document, and its gRPC at HOST:PORT,
// and checks what it answers. The file is mono, 16 bits, with the 44 bytes of a plain header.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import createClient from "openapi-fetch";
import { connect, type Frames, sequence } from "./grpc.js";
import { live, LiveError } from "./live.js";
import type { paths } from "./schema.js";

const [url = "http://127.0.0.1:8080", file = "../audio/speech_en_m1_libri_16k.wav", grpc = "127.0.0.1:8001"] = process.argv.slice(2);

function bytesOrJson(body: unknown) {
  return body instanceof Blob ? body : JSON.stringify(body);
}

const client = createClient<paths>({ baseUrl: url, bodySerializer: bytesOrJson });

const bytes = new Uint8Array(await readFile(file));
const wav = new Blob([bytes], { type: "audio/wav" });
const sound = Float64Array.from(new Int16Array(bytes.buffer.slice(44)), (s) => s / 32768);

const n_fft = 512;
const hop_length = 128;

/** Rows and columns of a two-dimensional NPY of little-endian float32 or complex64, row-major, and its floats. */
function npy(buffer: ArrayBuffer) {
  const end = 10 + new DataView(buffer).getUint16(8, true);
  const header = new TextDecoder().decode(buffer.slice(10, end));
  const [, rows, columns] = /'shape': \((\d+), (\d+)\)/.exec(header)!.map(Number);
  return { rows, columns, floats: new Float32Array(buffer.slice(end)) };
}

/** One bin of one centered frame, by the definition of the transform. */
function bin(k: number, frame: number) {
  let re = 0;
  let im = 0;
  for (let n = 0; n < n_fft; n++) {
    const sample = sound[frame * hop_length - n_fft / 2 + n] ?? 0;
    const windowed = (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / n_fft)) * sample;
    re += windowed * Math.cos((2 * Math.PI * k * n) / n_fft);
    im -= windowed * Math.sin((2 * Math.PI * k * n) / n_fft);
  }
  return [re, im];
}

function near(actual: number, expected: number, tolerance: number, what: string) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} is not within ${tolerance} of ${expected}`);
}

// WAV in, complex spectrogram out, as NPY.
const stft = await client.POST("/v1/stft", {
  params: { query: { n_fft, hop_length } },
  headers: { "Content-Type": "audio/wav" },
  body: wav,
  parseAs: "arrayBuffer",
});
assert.equal(stft.response.status, 200);
assert.equal(stft.response.headers.get("Content-Type"), "application/x-npy");
const z = npy(stft.data!);
assert.deepEqual([z.rows, z.columns], [n_fft / 2 + 1, 1 + Math.floor(sound.length / hop_length)]);
for (const frame of [0, 100, 300, z.columns - 1]) {
  for (let k = 0; k < z.rows; k++) {
    const at = 2 * (k * z.columns + frame);
    const [re, im] = bin(k, frame);
    near(z.floats[at], re, 1e-4, `real part of bin ${k}, frame ${frame}`);
    near(z.floats[at + 1], im, 1e-4, `imaginary part of bin ${k}, frame ${frame}`);
  }
}

// That to its phase.
const phase = await client.POST("/v1/phase", {
  headers: { "Content-Type": "application/x-npy" },
  body: new Blob([stft.data!]),
  parseAs: "arrayBuffer",
});
assert.equal(phase.response.status, 200);
const phi = npy(phase.data!);
assert.deepEqual([phi.rows, phi.columns], [z.rows, z.columns]);
phi.floats.forEach((angle, i) => near(angle, Math.atan2(z.floats[2 * i + 1], z.floats[2 * i]), 1e-6, `phase ${i}`));

// Sound to sound, and the report with it.
const reconstruct = await client.POST("/v1/reconstruct", {
  params: { query: { n_fft, hop_length, encoding: "float32" } },
  headers: { "Content-Type": "audio/wav" },
  body: wav,
  parseAs: "arrayBuffer",
});
assert.equal(reconstruct.response.status, 200);
const samples = new Float32Array(reconstruct.data!.slice(-4 * sound.length));
samples.forEach((sample, i) => near(sample, sound[i], 1e-6, `sample ${i}`));
assert.equal(JSON.parse(reconstruct.response.headers.get("Phasor-Report")!).algorithm, "istft");

// A misspelt parameter is an error of the compiler, and of the service.
const misspelt = await client.POST("/v1/stft", {
  // @ts-expect-error
  params: { query: { n_ftt: 512 } },
  headers: { "Content-Type": "audio/wav" },
  body: wav,
});
assert.equal(misspelt.response.status, 400);
assert.ok(misspelt.error && "code" in misspelt.error);
assert.equal(misspelt.error.code, "bad_parameter");

// The same service as a model server.
const inference = await client.POST("/v2/models/{model}/infer", {
  params: { path: { model: "phase" } },
  body: {
    inputs: [{ name: "spectrogram", shape: [1, 2, 1, 3], datatype: "FP32", data: [0, 3, -1, 0, 4, 0] }],
    parameters: { floor: 1e-6 },
  },
  parseAs: "json",
});
assert.ok(inference.data && "outputs" in inference.data);
const [output] = inference.data.outputs;
assert.deepEqual(output.shape, [1, 1, 3]);
[0, Math.atan2(4, 3), Math.PI].forEach((angle, i) => near(Number(output.data![i]), angle, 1e-6, `angle ${i}`));

// Live: its magnitudes frame by frame over the WebSocket, and in threes over gRPC, are the same sound bit for bit.
const frames = Array.from({ length: 60 }, (_, frame) =>
  Float32Array.from({ length: z.rows }, (_, k) => {
    const at = 2 * (k * z.columns + 100 + frame);
    return Math.hypot(z.floats[at], z.floats[at + 1]);
  }),
);
const start = { n_fft, hop_length, lookahead: 1 };

function joined(parts: Float32Array[]) {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

const socketed: Float32Array[] = [];
const { ready, report } = await live(url, { operation: "reconstruct", ...start }, frames, (values) => socketed.push(values));
assert.equal(ready.values_in, z.rows);
assert.equal(ready.latency_samples, n_fft + hop_length);
assert.equal(report.frames, frames.length);

function* threes(): Iterable<Frames> {
  for (let from = 0; from < frames.length; from += 3) {
    const values = new Float32Array(3 * z.rows); // [bins, frames]
    for (let i = 0; i < 3; i++) {
      frames[from + i].forEach((value, k) => (values[3 * k + i] = value));
    }
    yield { shape: [1, z.rows, 3], values };
  }
}

const streamed: Float32Array[] = [];
const service = connect(grpc, "../../src/main/proto");
const told = await sequence(service, "reconstruct", start, "magnitude", threes(), ({ values }) => streamed.push(values));
assert.equal(Number(told.frames), frames.length);
assert.equal(joined(streamed).length, (frames.length - 1) * hop_length);
assert.deepEqual(joined(streamed), joined(socketed));

// What is wrong has the same words over both.
const noNumber = [new Float32Array(z.rows).fill(NaN)];
await assert.rejects(
  live(url, { operation: "reconstruct", ...start }, noNumber, () => {}),
  (error: LiveError) => error.code === "non_finite_input" && error.message.includes("must be finite, got NaN"),
);
await assert.rejects(
  sequence(service, "reconstruct", start, "magnitude", [{ shape: [1, z.rows, 1], values: noNumber[0] }], () => {}),
  /must be finite, got NaN/,
);
service.close();

console.log(`stft [${z.rows}, ${z.columns}], phase, reconstruct of ${sound.length} samples, a refusal, an inference and live sessions are right`);
