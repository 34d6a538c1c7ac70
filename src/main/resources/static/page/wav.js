// A WAV file that is read where it is looked at: an hour of sound takes the memory of what is on the screen.

const HEAD = 1 << 16;
/** Samples that an array of the browser's holds as they are. */
const WHOLE = { "1/16": { Type: Int16Array, scale: 1 / 32768 }, "3/32": { Type: Float32Array, scale: 1 } };

/** What reads a channel's samples from a WAV, or null where the service has to read the file. */
export async function openWav(blob) {
  const view = new DataView(await blob.slice(0, HEAD).arrayBuffer());
  const name = (at) => String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
  if (view.byteLength < 44 || name(0) !== "RIFF" || name(8) !== "WAVE") return null;
  let format = null;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at + 4, true);
    if (name(at) === "fmt " && at + 24 <= view.byteLength) {
      const tag = view.getUint16(at + 8, true);
      format = {
        tag: tag === 0xfffe && size >= 40 ? view.getUint16(at + 32, true) : tag,
        channels: view.getUint16(at + 10, true),
        sampleRate: view.getUint32(at + 12, true),
        bits: view.getUint16(at + 22, true),
      };
    } else if (name(at) === "data") {
      return format && reader(blob, at + 8, size, format);
    }
    at += 8 + size + (size & 1);
  }
  return null;
}

function reader(blob, start, size, { tag, channels, sampleRate, bits }) {
  const read = sample(tag, bits);
  const frame = (channels * bits) / 8;
  if (!read || !frame || !sampleRate) return null;
  // A pipe writes 0 or the largest number: all that follows is sound.
  const bytes = size === 0 || size >= 0xffff0000 ? blob.size - start : Math.min(size, blob.size - start);
  const length = Math.floor(bytes / frame);
  return {
    blob, channels, sampleRate, length,
    kind: (tag === 3 ? "float" : "PCM ") + bits,
    /** Samples from..to of a channel, zeros beyond the ends. */
    async read(channel, from, to) {
      const out = new Float32Array(to - from);
      const first = Math.max(0, from);
      const last = Math.min(length, to);
      if (first >= last) return out;
      const bytes = await blob.slice(start + first * frame, start + last * frame).arrayBuffer();
      if (WHOLE[tag + "/" + bits]) {
        const { Type, scale } = WHOLE[tag + "/" + bits];
        const samples = new Type(bytes);
        for (let i = first - from, at = channel; at < samples.length; i++, at += channels) out[i] = samples[at] * scale;
      } else {
        const view = new DataView(bytes);
        for (let i = first, at = (channel * bits) / 8; i < last; i++, at += frame) out[i - from] = read(view, at);
      }
      return out;
    },
  };
}

function sample(tag, bits) {
  return {
    "1/8": (view, at) => (view.getUint8(at) - 128) / 128,
    "1/16": (view, at) => view.getInt16(at, true) / 32768,
    "1/24": (view, at) => (view.getInt8(at + 2) * 65536 + view.getUint16(at, true)) / 8388608,
    "1/32": (view, at) => view.getInt32(at, true) / 2147483648,
    "3/32": (view, at) => view.getFloat32(at, true),
    "3/64": (view, at) => view.getFloat64(at, true),
  }[tag + "/" + bits];
}

/** Channels of float32 as a WAV. */
export function writeWav(channels, sampleRate) {
  const length = channels[0].length;
  const size = 4 * channels.length * length;
  const view = new DataView(new ArrayBuffer(44 + size));
  [..."RIFF    WAVEfmt "].forEach((letter, i) => view.setUint8(i, letter.charCodeAt(0)));
  [..."data"].forEach((letter, i) => view.setUint8(36 + i, letter.charCodeAt(0)));
  view.setUint32(4, 36 + size, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 4 * channels.length * sampleRate, true);
  view.setUint16(32, 4 * channels.length, true);
  view.setUint16(34, 32, true);
  view.setUint32(40, size, true);
  for (let i = 0, at = 44; i < length; i++) {
    for (const channel of channels) {
      view.setFloat32(at, channel[i], true);
      at += 4;
    }
  }
  return new Blob([view], { type: "audio/wav" });
}
