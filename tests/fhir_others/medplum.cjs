// Writes every resource that @medplum/mock exports, one a line, into the folder that is named.
const fs = require("fs");
const path = require("path");
const mock = require("@medplum/mock");

const found = new Map();
const add = (value) => {
  if (Array.isArray(value)) value.forEach(add);
  else if (value && typeof value === "object" && typeof value.resourceType === "string" && value.resourceType !== "Bundle")
    found.set(JSON.stringify(value), value);
};
Object.keys(mock).sort().forEach((name) => add(mock[name]));
const lines = [...found.keys()].map((line) => line + "\n").join("");
fs.writeFileSync(path.join(process.argv[2], "resources.ndjson"), lines);
