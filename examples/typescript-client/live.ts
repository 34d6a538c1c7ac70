// A live session over the WebSocket /v1/live: https://… becomes wss://…. Browsers have WebSocket; so has Node from 22 on, and from
// 20.10 on with --experimental-websocket.

/** What a session is begun with: the operation, and its parameters as /v1 has them. */
export type Start = { operation: "stft" | "istft" | "reconstruct" | "mel" | "stretch" } & Record<string, string | number | boolean>;

export type Ready = { latency_samples: number; hop_length: number; values_in: number; values_out: number };

/** An error of the service, with the stable code of /v1. */
export class LiveError extends Error {
  constructor(readonly code: string, detail: string) {
    super(detail);
  }
}

/**
 * Feeds a session, and hands out what it answers meanwhile.
 *
 * @param chunks samples, or the values of frames one behind the other, cut as one likes
 * @param receive is given samples or the values of frames, as soon as they are known
 * @returns what the service said at the start, and its report
 */
export async function live(
  url: string,
  start: Start,
  chunks: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  receive: (values: Float32Array) => void,
) {
  const socket = new WebSocket(new URL("/v1/live", url.replace(/^http/, "ws")));
  socket.binaryType = "arraybuffer";
  const heard: Record<string, unknown>[] = [];
  let wake = () => {};
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") {
      heard.push(JSON.parse(data));
      wake();
    } else {
      receive(new Float32Array(data)); // little-endian, as what runs this is
    }
  };
  socket.onclose = ({ code }) => {
    heard.push({ type: "error", code: "client_closed", detail: `the connection was closed with ${code}` });
    wake();
  };
  async function hear(type: string) {
    while (heard.length === 0) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
    const message = heard.shift()!;
    if (message.type === "error") {
      throw new LiveError(String(message.code), String(message.detail));
    } else if (message.type !== type) {
      throw new Error(`expected ${type}, got ${JSON.stringify(message)}`);
    }
    return message;
  }
  try {
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error(`no connection to ${url}`));
    });
    socket.send(JSON.stringify({ type: "start", ...start }));
    const ready = (await hear("ready")) as unknown as Ready;
    for await (const values of chunks) {
      socket.send(values as Float32Array<ArrayBuffer>);
      while (socket.bufferedAmount > 1 << 20) {
        await new Promise((resolve) => setTimeout(resolve, 5)); // the service reads no faster than it computes
      }
    }
    socket.send(JSON.stringify({ type: "end" }));
    return { ready, report: await hear("report") };
  } finally {
    socket.close();
  }
}
