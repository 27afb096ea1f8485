// node drift-issue.mjs FILE CODE: of a drift check's Markdown and exit code. Drift (3) opens an issue, or brings the open one up to
// date; none (0) closes it.
import { list, read, send, setting } from "./forge.mjs";

const [file, code] = process.argv.slice(2);
const { body: found, isEarlier } = read(file);
const body = `${found}\nThe workflow \`apply\`, started by hand, makes it what \`main\` declares again.\n`;
const issues = `repos/${setting("GITHUB_REPOSITORY")}/issues`;
const open = list(`${issues}?state=open&per_page=100`).find((issue) => !issue.pull_request && isEarlier(issue));

if (code === "3") {
  if (open === undefined) send("POST", issues, { title: "The services differ from what is declared", body });
  else if (open.body !== body) send("PATCH", `${issues}/${open.number}`, { body });
} else if (code === "0") {
  if (open !== undefined) {
    send("POST", `${issues}/${open.number}/comments`, { body: "The last check found no drift any more." });
    send("PATCH", `${issues}/${open.number}`, { state: "closed", state_reason: "completed" });
  }
} else {
  throw new Error(`the check itself failed (${code}): whether there is drift isn't known`);
}
