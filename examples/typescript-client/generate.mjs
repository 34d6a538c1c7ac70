// npm run generate URL: the types of the service at URL, from its own document, into schema.d.ts.
import { writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const blob = ts.factory.createTypeReferenceNode("Blob");

const document = new URL("/v3/api-docs", process.argv[2] ?? "http://127.0.0.1:8080");
const types = await openapiTS(document, {
  transform: (schema) => (schema.format === "binary" ? blob : undefined), // files are bytes, not text
});
await writeFile("schema.d.ts", astToString(types));
