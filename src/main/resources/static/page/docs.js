// Swagger UI over the service's own document, with bodies that are small enough to be tried at once.

import { keys } from "./keys.js";
import { address, call, key } from "./service.js";
import { tell } from "./words.js";

const JSON_TYPE = "application/json";

/** The document by faces, with JSON as the first form of each body: it is the one that can be typed. */
function toBeTried(document) {
  document.servers = [{ url: address(".").pathname }]; // a proxy may have the service behind a prefix
  for (const [name, path] of Object.entries(document.paths)) {
    for (const operation of Object.values(path)) {
      operation.tags ??= [name.startsWith("/v2") ? "/v2, the Open Inference Protocol" : "/v1"];
      operation.parameters?.forEach(tellDefault);
      const content = operation.requestBody?.content;
      if (content?.[JSON_TYPE]) operation.requestBody.content = { [JSON_TYPE]: content[JSON_TYPE], ...content };
    }
  }
  return document;
}

/** In words, or it would be sent: a parameter that an algorithm does not use is refused, at its default too. */
function tellDefault(parameter) {
  const value = parameter.schema?.default;
  if (value === undefined) return;
  parameter.description = `${parameter.description ?? ""} (${value} unless given)`.trim();
  delete parameter.schema.default;
}

function withKey(request) {
  if (key() && !request.headers.Authorization && !request.headers["X-API-Key"]) {
    request.headers.Authorization = "Bearer " + key();
  }
  return request;
}

async function show() {
  keys();
  try {
    window.SwaggerUIBundle({
      spec: toBeTried(await (await call("v3/api-docs")).json()),
      dom_id: "#api",
      validatorUrl: null,
      docExpansion: "list",
      defaultModelsExpandDepth: -1,
      tryItOutEnabled: true,
      requestInterceptor: withKey,
    });
  } catch (error) {
    tell(error);
  }
}

show();
