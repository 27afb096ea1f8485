// node comment.mjs FILE: puts the file's Markdown into a comment of this run's pull request, in the place of the one before.
import { readFileSync } from "node:fs";
import { list, read, send, setting } from "./forge.mjs";

const { body, isEarlier } = read(process.argv[2]);
const { number } = JSON.parse(readFileSync(setting("GITHUB_EVENT_PATH"), "utf8")).pull_request;
const repository = `repos/${setting("GITHUB_REPOSITORY")}`;
const comments = `${repository}/issues/${number}/comments`;
const earlier = list(`${comments}?per_page=100`).find(isEarlier);

if (earlier === undefined) send("POST", comments, { body });
else if (earlier.body !== body) send("PATCH", `${repository}/issues/comments/${earlier.id}`, { body });
