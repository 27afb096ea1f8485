/**
 * The relying party's page: the plain files of the folder `page`, read anew for each request, so that a change to them shows on
 * reload. They need no build and load nothing from elsewhere.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** The compiled code lies in a folder of its own, which the compiler copies no such files to. */
const FOLDERS = ["./page/", "../../../emulator/relying-party/page/"];
const folder = FOLDERS.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));

export type PageFile = "index.html" | "page.css" | "page.js";

export function pageFile(name: PageFile): Promise<string> {
  if (folder === undefined) throw new Error("The relying party's page is missing: is the package whole?");
  return readFile(new URL(name, folder), "utf8");
}
