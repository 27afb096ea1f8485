/** What is measured beside the runs, in the report: a person's wait, a busy agent, large pictures, passkeys alone, RSA keys. Pure. */
import { verdict } from "./aim.mjs";
import { agentAim, besideRingsAims, imagesAim, registrationsAim, waitAim } from "./measure-aims.mjs";
import { aimsTable, boundOf, notesText, section } from "./section.mjs";
import { factor, mebibytes, milliseconds, seconds, table, UNKNOWN } from "./table.mjs";

/** @param {readonly import("../waits.mjs").Wait[]} waits */
export function waitsText(waits) {
  const rows = waits.map((wait) => {
    const aim = waitAim(wait);
    const times = wait.seconds.map(seconds).join(" ");
    return [aim.aim, times || UNKNOWN, seconds(aim.measured), boundOf(aim), verdict(aim)];
  });
  const notes = waits.flatMap(({ tenant, note }) => (note === undefined ? [] : [`tenant ${tenant}: ${note}`]));
  return section(
    "## What a person waits for: 20 people, nothing to do",
    table(["the whole command", "each, s", "median, s", "should be", ""], rows),
    notesText(notes),
  );
}

/** @param {import("../agent.mjs").AgentRun} run */
export function agentText(run) {
  const { users, latencyMs, concurrency, figures, notes } = run;
  return section(
    `## KeylessUser: ${users} people through an agent that takes ${latencyMs / 1_000} s an image, ${concurrency} at once`,
    `Created in ${seconds(figures?.wallSeconds)} s, the engine's start and end included; the agent alone needs ${seconds((users * latencyMs) / 1_000 / concurrency)} s.`,
    aimsTable([agentAim(run)]),
    notesText(notes),
  );
}

/** @param {import("../images.mjs").ImagesRun} run */
export function imagesText(run) {
  const rows = [run.small, run.large].map(({ imageBytes, figures }) => [
    `${imageBytes / 1_000} kB each`,
    seconds(figures?.wallSeconds),
    seconds(figures?.providerCpuSeconds),
    mebibytes(figures?.providerPeakBytes),
  ]);
  return section(
    `## KeylessUser: ${run.users} people created, small pictures and large ones, ${run.concurrency} under way at once`,
    table(["picture", "wall s", "CPU s provider", "peak MiB provider"], rows),
    aimsTable([imagesAim(run)]),
    notesText(run.notes),
  );
}

/** @param {import("../registrations.mjs").RegistrationsRun} run */
export function registrationsText(run) {
  const { count, first, each, notes } = run;
  const rows = [
    ["the first of a process", milliseconds(first?.cpuSeconds), milliseconds(first?.wallSeconds)],
    [`each of the ${count} after it`, milliseconds(each?.cpuSeconds), milliseconds(each?.wallSeconds)],
  ];
  return section(
    "## HankoCredential: ES256 registrations in one process, without a service",
    "From the text of the creation options to the text of the response: id and key derived, attestation none; modules loaded before.",
    table(["registration", "CPU ms", "wall ms"], rows),
    aimsTable([registrationsAim(run)]),
    notesText(notes),
  );
}

/** @type {Readonly<Record<import("../beside-rings.mjs").Beside, string>>} */
const BESIDE = {
  nothing: "nothing",
  ES256: "rings of ES256",
  RS256: "rings of RS256",
  blocking: "RSA keys made in the way",
};

/** @param {import("../beside-rings.mjs").BesideRun} run */
export function besideRingsText(run) {
  const rows = run.rows.map((row) => [
    BESIDE[row.beside],
    String(row.count),
    seconds(row.wallSeconds),
    factor(row.pauseP99Ms),
    factor(row.pauseMaxMs),
    factor(row.keyMedianMs),
    factor(row.keyMaxMs),
  ]);
  return section(
    "## BaikalClientKeys: whether the RSA keys of rings hold up other resources",
    `Keys of KeyriPublicKey created by turns with rings (two key pairs each, no grant) in one provider process, without the engine: how long
its event loop stood still, and how long one key took. The last row is what the measure must show: an RSA key pair made in the event
loop's own thread before each key.`,
    table(["beside", "of each", "wall s", "pause ms, 99 %", "longest", "a key ms, median", "longest"], rows),
    aimsTable(besideRingsAims(run)),
    notesText(run.notes),
  );
}
