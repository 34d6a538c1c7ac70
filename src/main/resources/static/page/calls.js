// The call that the page makes, for a shell and for Python.

const shell = (text) => "'" + text.replaceAll("'", "'\\''") + "'";
const python = (value) => (/^-?\d+(\.\d+)?$/.test(value) ? value : JSON.stringify(value));

/** @param key whether the service wants one; the key itself is never shown */
export function curl({ url, type, file, key, out }) {
  return [
    "curl -sS --fail-with-body -D headers.txt \\",
    ...(key ? ["     -H \"Authorization: Bearer $PHASOR_KEY\" \\"] : []),
    `     -H ${shell("Content-Type: " + type)} --data-binary @${shell(file)} \\`,
    `     ${shell(url.href)} -o ${out}`,
    "grep -i '^phasor-report' headers.txt",
  ].join("\n");
}

export function pythonCall({ url, file, key, kind, out }) {
  const query = new Map(url.searchParams);
  const mel = kind === "mel";
  if (mel && query.has("mel")) query.set("preset", query.get("mel"));
  if (mel) ["mel", "input"].forEach((name) => query.delete(name));
  const parameters = [...query].map(([name, value]) => `${name}=${python(value)}`);
  return [
    ...(key ? ["import os"] : []),
    "import phasor",
    "",
    `client = phasor.Client(${JSON.stringify(url.origin + url.pathname.replace(/\/v1\/.*/, ""))}${key ? ', key=os.environ["PHASOR_KEY"]' : ""})`,
    `audio = client.reconstruct(${[(mel ? "mel=" : "") + JSON.stringify(file), ...parameters].join(", ")})`,
    `audio.save(${JSON.stringify(out)})`,
    "print(audio.report)",
  ].join("\n");
}
