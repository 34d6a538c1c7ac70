// Swagger UI over the service's own document, with bodies that are small enough to be tried at once.

import { keys } from "./keys.js";
import { call, key } from "./service.js";
import { tell } from "./words.js";

const JSON_TYPE = "application/json";

/** The document by faces, with JSON as the first form of each body: it is the one that can be typed. */
function jsonFirst(document) {
  for (const [name, path] of Object.entries(document.paths)) {
    for (const operation of Object.values(path)) {
      operation.tags ??= [name.startsWith("/v2") ? "/v2, the Open Inference Protocol" : "/v1"];
      const content = operation.requestBody?.content;
      if (content?.[JSON_TYPE]) operation.requestBody.content = { [JSON_TYPE]: content[JSON_TYPE], ...content };
    }
  }
  return document;
}

/** Leaves out what stands at its default: a parameter that an algorithm does not use is refused even so. */
function withoutDefaults(request, document) {
  const url = new URL(request.url, location.href);
  const parameters = document.paths[url.pathname]?.post?.parameters ?? [];
  for (const { name, schema } of parameters) {
    if (schema.default !== undefined && url.searchParams.get(name) === String(schema.default)) url.searchParams.delete(name);
  }
  request.url = url.href;
  if (key() && !request.headers.Authorization && !request.headers["X-API-Key"]) request.headers.Authorization = "Bearer " + key();
  return request;
}

async function show() {
  keys();
  try {
    const document = jsonFirst(await (await call("v3/api-docs")).json());
    window.SwaggerUIBundle({
      spec: document,
      dom_id: "#api",
      validatorUrl: null,
      docExpansion: "list",
      defaultModelsExpandDepth: -1,
      tryItOutEnabled: true,
      requestInterceptor: (request) => withoutDefaults(request, document),
    });
  } catch (error) {
    tell(error);
  }
}

show();
