/** What the Node processes under the engine are told. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** @param options the caller's own NODE_OPTIONS, which go on counting */
export function nodeOptions(options: string | undefined): string {
  const packageFolder = dirname(createRequire(import.meta.url).resolve("pulumi-authn/package.json"));
  // An address has no space in it, which would have to be quoted.
  const host = pathToFileURL(join(packageFolder, "dist", "src", "cli", "sdk", "host.js"));
  return [options ?? "", `--import=${host.href}`].join(" ").trim();
}
