#!/usr/bin/env node
// deploy/kubernetes/check: the manifests against Kubernetes' own OpenAPI schemas, as the npm package kubernetes-models holds them: its
// validators for values, and, since those let unknown fields pass, its types by way of TypeScript. The overlay is merged as kustomize
// does. Of KServe's kind, whose schema no package holds, the part that is a PodSpec.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const work = join(here, "../../target/kubernetes");
mkdirSync(work, { recursive: true });
writeFileSync(join(work, "package.json"), "{}");
const packages = ["kubernetes-models@4.5.1", "js-yaml@4.1.0", "typescript@5.9.3"];
try {
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", ...packages], { cwd: work, stdio: "inherit" });
} catch (error) {
  console.warn(`THE MANIFESTS ARE NOT CHECKED: npm brings no ${packages.join(", ")} (${error.message})`);
  process.exit(0);
}
const require = createRequire(join(work, "package.json"));
const yaml = require("js-yaml");
const read = (file) => yaml.load(readFileSync(join(here, file), "utf8"));

/** Strategic merge: objects by field, lists of named things by name, other lists replaced. */
function merge(base, patch) {
  if (Array.isArray(base) && Array.isArray(patch) && patch.every((each) => each?.name)) {
    const rest = patch.filter((each) => !base.some((one) => one.name === each.name));
    return [...base.map((one) => merge(one, patch.find((each) => each.name === one.name) ?? {})), ...rest];
  }
  if (typeof base !== "object" || typeof patch !== "object" || Array.isArray(patch)) return patch;
  return { ...base, ...Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, key in base ? merge(base[key], value) : value])) };
}

const resources = Object.fromEntries(read("base/kustomization.yaml").resources.map((file) => [`base/${file}`, read(`base/${file}`)]));
for (const overlay of ["gpu", "cuda"]) {
  resources[`${overlay}/deployment.yaml`] = merge(resources["base/deployment.yaml"], read(`${overlay}/deployment.yaml`));
}
resources["jobs/deployment.yaml"] = merge(resources["base/deployment.yaml"], read("jobs/deployment.yaml"));
resources["jobs/networkpolicy.yaml"] = merge(resources["base/networkpolicy.yaml"], read("jobs/networkpolicy.yaml"));
resources["jobs/persistentvolumeclaim.yaml"] = read("jobs/persistentvolumeclaim.yaml");
for (const file of read("spark/kustomization.yaml").resources) {
  resources[`spark/${file}`] = read(`spark/${file}`);
}
const { predictor } = read("kserve/inferenceservice.yaml").spec;
const { minReplicas, maxReplicas, scaleMetric, scaleTarget, timeout, ...podSpec } = predictor;
resources["kserve/inferenceservice.yaml"] = { apiVersion: "v1", kind: "Pod", metadata: { name: "predictor" }, spec: podSpec };

let code = "";
for (const [file, resource] of Object.entries(resources)) {
  const module = `kubernetes-models/${resource.apiVersion}`;
  new (require(module)[resource.kind])(resource).validate();
  code += `import { I${resource.kind} as T${code.length} } from "${module}";\nexport const r${code.length}: T${code.length} = ${JSON.stringify(resource, null, 1)}; // ${file}\n`;
}
writeFileSync(join(work, "manifests.ts"), code);
execFileSync("npx", ["tsc", "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--moduleResolution", "nodenext", "manifests.ts"], { cwd: work, stdio: "inherit" });
console.log(`${Object.keys(resources).length} manifests agree with Kubernetes' schemas`);
