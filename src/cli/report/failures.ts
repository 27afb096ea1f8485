/** What failed, once each: the engine repeats an error for the resource, the program and the stack, with stack traces of ours. */
import type { EngineEvent } from "../events/event.js";
import { isStackUrn, nameOf } from "../events/urn.js";
import { withoutStackTrace } from "../text.js";
import type { ResourceReport } from "./report.js";

export interface Failure {
  /** `ada-phone (ada in fixtures/demo/people.yaml)`; undefined for what is no single resource's. */
  readonly where: string | undefined;
  /** Controls escaped, no stack trace. */
  readonly message: string;
}

/** What the engine adds at the end: it names nothing. */
const empty =
  /^(?:(?:update|preview|refresh|destroy) (?:failed|canceled)|one or more (?:errors|resources).*|failed to .* resource\(s\).*|)$/i;

export function failuresOf(events: readonly EngineEvent[], resources: readonly ResourceReport[]): readonly Failure[] {
  const failures: Failure[] = [];
  const named = new Map(resources.map((resource) => [resource.urn, resource]));
  const told = new Set<string>();
  for (const event of events) {
    if (event.kind !== "diagnostic" || event.severity !== "error") continue;
    const message = plainMessage(event.message);
    if (empty.test(message)) continue;
    const ofResource = event.urn !== undefined && !isStackUrn(event.urn);
    if (ofResource) told.add(event.urn);
    const where = ofResource ? whereIs(event.urn, named.get(event.urn), message) : undefined;
    const known = failures.some((failure) =>
      where === undefined ? failure.message.includes(message) : failure.where === where && failure.message === message,
    );
    if (!known) failures.push({ where, message });
  }
  for (const resource of resources) {
    if (resource.outcome !== "failed" || told.has(resource.urn)) continue;
    failures.push({ where: whereIs(resource.urn, resource, ""), message: "failed, and the engine doesn't say why" });
  }
  return failures;
}

/** An error's text without the class names and traces that Node puts around it. */
export function plainMessage(text: string): string {
  return withoutStackTrace(text)
    .replace(
      /^(?:Unhandled exception: |an unhandled error occurred: |Running program .* failed with an unhandled exception:\s*)+/i,
      "",
    )
    .replace(/^(?:<ref \*\d+> )?(?:[A-Z]\w*)?Error(?: \[\w+\])?: /, "")
    .trim();
}

/** The resource's name, and who declared it where: its owner says so, unless the message does. */
function whereIs(urn: string, resource: ResourceReport | undefined, message: string): string {
  const name = nameOf(urn);
  const owner = resource?.after?.inputs["owner"] ?? resource?.before?.inputs["owner"];
  const declaredIn =
    typeof owner === "object" && owner !== null && "declaredIn" in owner ? owner.declaredIn : undefined;
  return typeof declaredIn === "string" && !message.includes(declaredIn) ? `${name} (${declaredIn})` : name;
}

/** What is known of an operation's end besides the events. */
export interface Ending {
  /** What the program threw. */
  readonly programError: unknown;
  /** The engine's exit with another code than 0. */
  readonly engineError: unknown;
  /** By one Ctrl-C in order, by two at once. */
  readonly stopped: "in order" | "at once" | undefined;
}

const stopMessages = {
  "in order": "stopped before the end; run the command again to go on from there",
  "at once": "stopped at once: what was under way may have taken effect; run the command again, it finds what is there",
} as const;

/** The program's own error stands for what the engine makes of it; the engine's exit counts where no event explains it. */
export function explainedFailures(failures: readonly Failure[], ending: Ending): readonly Failure[] {
  const { programError, engineError, stopped } = ending;
  if (stopped !== undefined) return [...failures, { where: undefined, message: stopMessages[stopped] }];
  if (programError !== undefined) {
    const message = plainMessage(programError instanceof Error ? programError.message : String(programError));
    const firstLine = message.split("\n")[0] ?? message;
    return [...failures.filter((failure) => !failure.message.includes(firstLine)), { where: undefined, message }];
  }
  if (engineError === undefined || failures.length > 0) return failures;
  return [{ where: undefined, message: engineError instanceof Error ? engineError.message : String(engineError) }];
}
