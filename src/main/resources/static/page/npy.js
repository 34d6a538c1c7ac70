// NPY and NPZ, read into float32 in C order. The service reads the file itself; this is for the picture.

const KNOWN = ["audio", "spectrogram", "magnitude", "mel"];

/** An array: its shape, whether it is complex, and its values; complex ones are re, im, re, im. */
export function readNpy(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes[0] !== 0x93 || String.fromCharCode(...bytes.subarray(1, 6)) !== "NUMPY") {
    throw new Error("This is no NPY file: it does not begin with \\x93NUMPY.");
  }
  const view = new DataView(buffer);
  const wide = bytes[6] > 1;
  const start = (wide ? 12 : 10) + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder("latin1").decode(bytes.subarray(wide ? 12 : 10, start));
  const descr = /'descr':\s*'([<>|=]?)([a-z])(\d+)'/.exec(header);
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "").split(",").map((n) => n.trim()).filter(Boolean).map(Number);
  if (!descr || !"fciu".includes(descr[2])) {
    throw new Error("This array holds no numbers that can be shown: " + header.slice(0, 100));
  }
  const complex = descr[2] === "c";
  const values = numbers(view, start, shape.reduce((a, b) => a * b, 1) * (complex ? 2 : 1), descr);
  const fortran = /'fortran_order':\s*True/.test(header);
  return { shape, complex, integer: "iu".includes(descr[2]), values: fortran ? inC(values, shape, complex ? 2 : 1) : values };
}

function numbers(view, start, count, [, order, kind, size]) {
  const little = order !== ">";
  const width = kind === "c" ? size / 2 : Number(size);
  if (start + count * width > view.byteLength) {
    throw new Error("This array is cut: it has fewer values than its shape says.");
  }
  if (little && width === 4 && kind !== "i" && kind !== "u") {
    return new Float32Array(view.buffer.slice(start, start + 4 * count));
  }
  const floats = { 2: half, 4: (at) => view.getFloat32(at, little), 8: (at) => view.getFloat64(at, little) };
  const signed = { 1: (at) => view.getInt8(at), 2: (at) => view.getInt16(at, little), 4: (at) => view.getInt32(at, little) };
  const read = kind === "i" ? signed[width] : kind === "u" ? width === 1 && ((at) => view.getUint8(at) - 128) : floats[width];
  if (!read) {
    throw new Error("Numbers of " + 8 * width + " bits and kind '" + kind + "' cannot be shown here.");
  }
  const scale = kind === "i" || kind === "u" ? 2 ** (1 - 8 * width) : 1;
  return Float32Array.from({ length: count }, (_, i) => scale * read(start + i * width));

  function half(at) {
    const bits = view.getUint16(at, little);
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const magnitude = exponent === 31 ? (fraction ? NaN : Infinity)
      : exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
    return bits >> 15 ? -magnitude : magnitude;
  }
}

function inC(values, shape, parts) {
  const out = new Float32Array(values.length);
  const index = new Array(shape.length).fill(0);
  for (let to = 0; to < values.length; to += parts) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) from = from * shape[axis] + index[axis];
    for (let part = 0; part < parts; part++) out[to + part] = values[parts * from + part];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}

/** Float32 values as a file, in C order; of complex ones re, im, re, im. */
export function writeNpy(values, shape = [values.length], complex = false) {
  const header = `{'descr': '${complex ? "<c8" : "<f4"}', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`.padEnd(117) + "\n";
  const start = new Uint8Array(10 + header.length);
  start.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  start.set(new TextEncoder().encode(header), 10);
  return new Blob([start, values], { type: "application/x-npy" });
}

/** The arrays of an NPZ by name, those that the service knows first. */
export async function readNpz(buffer) {
  const view = new DataView(buffer);
  let end = buffer.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error("This is no NPZ file: it has no directory of a ZIP archive.");
  const arrays = new Map();
  let at = view.getUint32(end + 16, true);
  for (let entry = view.getUint16(end + 10, true); entry > 0; entry--) {
    const [method, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const local = view.getUint32(at + 42, true);
    const title = new TextDecoder().decode(new Uint8Array(buffer, at + 46, name)).replace(/\.npy$/, "");
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const stored = buffer.slice(from, from + size);
    if (KNOWN.includes(title)) arrays.set(title, readNpy(method === 0 ? stored : await inflated(stored)));
    at += 46 + name + extra + comment;
  }
  const found = KNOWN.find((title) => arrays.has(title));
  if (!found) throw new Error("This NPZ has none of the arrays " + KNOWN.join(", ") + ".");
  return { name: found, array: arrays.get(found) };
}

function inflated(bytes) {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
}
