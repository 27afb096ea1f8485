// Writes fixtures/schema.json, the JSON Schema of fixture files, from the built zod schemas; `--check` only compares and exits 1
// where the committed file has drifted. Run it after `npm run build`.
import { readFile, writeFile } from "node:fs/promises";
import { fixturesJsonSchema } from "../dist/src/fixtures/schema.js";

const target = new URL("../fixtures/schema.json", import.meta.url);
const current = `${JSON.stringify(fixturesJsonSchema(), undefined, 2)}\n`;

if (!process.argv.includes("--check")) {
  await writeFile(target, current);
} else if ((await readFile(target, "utf8").catch(() => "")) !== current) {
  process.stderr.write(
    "fixtures/schema.json isn't what the schemas say. Run: npm run build && node tools/fixtures-schema.mjs\n",
  );
  process.exitCode = 1;
}
