// A stand-in for GitHub's `gh api`: issues and comments in a JSON file (FORGE), as a workflow's own token sees them. It takes only what
// the real command takes in this form, and notes each call's arguments.
import { readFileSync, writeFileSync } from "node:fs";

const file = process.env["FORGE"] ?? "";
const forge = JSON.parse(readFileSync(file, "utf8"));
const [api, ...args] = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const path = (args.at(-1) ?? "").split("?")[0] ?? "";

if (api !== "api") throw new Error(`unknown command ${api}`);
// The real one ends so without a token.
if (!process.env["GH_TOKEN"]) process.exit(4);
forge.calls.push(args.join(" "));
const user = { login: "github-actions[bot]" };
const body = option("--input") === "-" ? JSON.parse(readFileSync(0, "utf8")) : undefined;
const [, number] = /^repos\/octo\/identities\/issues\/(\d+)(?:\/comments)?$/.exec(path) ?? [];
const [, comment] = /^repos\/octo\/identities\/issues\/comments\/(\d+)$/.exec(path) ?? [];
// Too long a text is refused.
if (body?.body?.length > 65_536) process.exit(1);

let answer;
switch (`${option("--method") ?? "GET"} ${path.replace(/\d+/, "N").replace("repos/octo/identities", "")}`) {
  case "GET /issues":
    answer = forge.issues.filter(({ state }) => state === "open");
    break;
  case "POST /issues":
    answer = { number: forge.issues.length + 1, state: "open", user, ...body };
    forge.issues.push(answer);
    break;
  case "PATCH /issues/N":
    answer = Object.assign(forge.issues.find((issue) => issue.number === Number(number)) ?? {}, body);
    break;
  case "GET /issues/N/comments":
    answer = forge.comments.filter((entry) => entry.issue === Number(number));
    break;
  case "POST /issues/N/comments":
    answer = { id: forge.comments.length + 1, issue: Number(number), user, ...body };
    forge.comments.push(answer);
    break;
  case "PATCH /issues/comments/N":
    answer = Object.assign(forge.comments.find((entry) => entry.id === Number(comment)) ?? {}, body);
    break;
  default:
    throw new Error(`unknown request: ${args.join(" ")}`);
}
writeFileSync(file, JSON.stringify(forge));
// A page of one each, as `--slurp` puts pages into a list.
process.stdout.write(JSON.stringify(args.includes("--slurp") ? [...answer.map((one) => [one]), []] : answer));
