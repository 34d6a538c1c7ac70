// Calls of the service that this page came from: the key, problems, and what to do when it is busy.

const KEY = "phasor.key";
const PATIENCE = 3;

/** What the service refused, in its own words. */
export class Problem extends Error {
  constructor(status, body, headers) {
    super(body.detail ?? "The service answered " + status + " and said no more.");
    this.status = status;
    this.code = body.code ?? "";
    this.requestId = body.request_id ?? headers?.get("X-Request-Id") ?? "";
  }
}

let askForKey = async () => null;

/** @param ask called with a problem of 401; promises a key, or null where there is none to be had */
export function onKeyWanted(ask) {
  askForKey = ask;
}

export function key() {
  return sessionStorage.getItem(KEY) ?? "";
}

export function keepKey(value) {
  if (value) {
    sessionStorage.setItem(KEY, value);
  } else {
    sessionStorage.removeItem(KEY);
  }
}

/** The address of a path with its query; parameters that are empty are left out. */
export function address(path, query = {}) {
  const url = new URL(path, document.baseURI);
  for (const [name, value] of Object.entries(query)) {
    if (value !== "" && value !== null && value !== undefined) {
      url.searchParams.set(name, value);
    }
  }
  return url;
}

/** Sends a body, or asks where there is none. Throws Problem, or AbortError where the signal says so. */
export async function call(path, { query, body, type, accept, headers: more, ...request } = {}) {
  for (let attempt = 1; ; attempt++) {
    const headers = { ...more };
    if (type) headers["Content-Type"] = type;
    if (accept) headers.Accept = accept;
    const used = key();
    if (used) headers.Authorization = "Bearer " + used;
    const response = await sent(address(path, query), { method: body ? "POST" : "GET", body, headers, ...request });
    if (response.ok) {
      return response;
    }
    const problem = new Problem(response.status, await response.json().catch(() => ({})), response.headers);
    if (problem.status === 401 && key() !== used) {
      continue; // another call has asked meanwhile
    } else if (problem.status === 401) {
      const given = await askForKey(problem);
      if (given === null) throw problem;
      keepKey(given);
    } else if (attempt < PATIENCE && (problem.code === "busy" || problem.code === "too_many_requests")) {
      await pause(1000 * Math.min(5, Number(response.headers.get("Retry-After")) || 1), request.signal);
    } else {
      throw problem;
    }
  }
}

async function sent(url, request) {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { detail: "The service cannot be reached, or it closed the connection. Is it running?" });
  }
}

export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("aborted", "AbortError"));
    }, { once: true });
  });
}

/** The report of a binary answer. */
export function report(response) {
  return JSON.parse(response.headers.get("Phasor-Report") ?? "{}");
}
