// A long call as a job of the service: it tells how far it is, and can be ended with what it has reached.

import { call, pause } from "./service.js";

/** Connections to a job's events, one a second, that may fail or stay silent before that is a failure. */
const PATIENCE = 300;

/**
 * Sends a call as a job, and promises its answer. A service that has no jobs, or cannot keep them, answers directly.
 *
 * @param told called with what the job says of itself, again and again
 * @param begun called with a function that cancels the job: what it has reached is the answer then
 */
export async function job(path, { told, begun, ...request }) {
  const sent = await call(path, { ...request, headers: { Prefer: "respond-async" } }).catch((error) => {
    if (error.code !== "storage_failed") throw error;
    return call(path, request);
  });
  if (sent.status !== 202) return sent;
  const here = "v1/jobs/" + (await sent.json()).id;
  const leave = () => call(here, { method: "DELETE", query: { forget: true }, keepalive: true }).catch(() => {});
  addEventListener("pagehide", leave);
  begun?.(() => call(here, { method: "DELETE" }));
  try {
    await watch(here, told, request.signal);
    const answer = await call(here + "/result", { signal: request.signal });
    return new Response(await answer.blob(), answer);
  } finally {
    removeEventListener("pagehide", leave);
    leave();
  }
}

/** Until the job has ended. A connection that is lost is followed by another, from the last event that came. */
async function watch(path, told, signal) {
  for (let last = 0, failed = 0; failed < PATIENCE; failed++) {
    try {
      const stream = await call(path + "/events", { headers: { "Last-Event-ID": last }, signal });
      if (stream.status === 204) return;
      for await (const event of events(stream.body)) {
        [last, failed] = [event.id, 0];
        told(JSON.parse(event.data));
        if (event.name === "ended") return;
      }
    } catch (error) {
      // Without a status the connection broke; 503 is a service that stops, or has as many watchers as it may.
      if (error.name === "AbortError" || ![undefined, 0, 503].includes(error.status)) throw error;
      told({ stage: "waiting for the service" });
    }
    await pause(1000, signal);
  }
  throw new Error("The service has not told how its job goes for five minutes. Is it running?");
}

/** Server-sent events, by hand: an EventSource sends no key. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let rest = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const { id, event: name, data } = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/, 2)));
        if (data) yield { id, name, data };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
