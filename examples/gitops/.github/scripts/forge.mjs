// The forge's API by its command `gh`, which takes the job's token from GH_TOKEN. Texts go by its standard input: no shell and no
// argument ever holds what others wrote.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

// Who writes with a workflow's own token.
const author = "github-actions[bot]";

/** All that a list holds, whatever its pages. */
export function list(path) {
  return JSON.parse(gh(["api", "--paginate", "--slurp", path])).flat();
}

export function send(method, path, body) {
  return JSON.parse(gh(["api", "--method", method, "--input", "-", path], JSON.stringify(body)));
}

function gh(args, input = "") {
  return execFileSync("gh", args, { input, encoding: "utf8", stdio: ["pipe", "pipe", "inherit"], maxBuffer: 2 ** 28 });
}

/** A text that `authn … --markdown` wrote, and what tells a later one of the same operation and stack: its first line. */
export function read(file) {
  const body = readFileSync(file, "utf8");
  const mark = body.split("\n")[0];
  return { body, isEarlier: (item) => item.user?.login === author && item.body?.startsWith(`${mark}\n`) };
}

export function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} isn't set: this script runs in a workflow`);
  return value;
}
