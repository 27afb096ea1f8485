/**
 * Turns a lifecycle into what the stock dynamic-provider host calls, and absorbs that host's faults in this one place: it
 * configures nothing in time, loses what isn't JSON, and gives a person only `reasons` (pulumi-host, "Faults of the stock host").
 */
import { AuthnError } from "../errors.js";
import { checkInputs } from "./check.js";
import { cleanProperties, type Json } from "./clean.js";
import { concealedNames, concealedTexts } from "./concealed.js";
import { difference } from "./diff.js";
import { hostError, partialFailure } from "./failure.js";
import { owner as ownerSchema } from "./inputs.js";
import type { CommonInputs, InputFault, Lifecycle, OpenStep } from "./lifecycle.js";
import { projectFolder } from "./projectFolder.js";
import { type HostProcess, openSession } from "./session.js";
import { framed, parseState } from "./state.js";
import { type Progress, resumePoint, runChanges, runSteps } from "./steps.js";

type Properties = Readonly<Record<string, unknown>>;

/** The shape of a provider object that the stock host serves (`@pulumi/pulumi/dynamic` ResourceProvider). */
export interface HostedProvider {
  configure(request: { readonly config: { get(key: string): string | undefined } }): Promise<void>;
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs?: Properties; failures?: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes?: boolean; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(inputs: Properties): Promise<{ id: string; outs: Record<string, Json> }>;
  read(
    id: string,
    properties: Properties,
  ): Promise<{ id?: string; props?: Record<string, Json>; inputs?: Record<string, Json> }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Record<string, Json> }>;
  delete(id: string, properties: Properties): Promise<void>;
}

export function adapt<Inputs extends CommonInputs, State extends object, Settings, Session>(
  lifecycle: Lifecycle<Inputs, State, Settings, Session>,
  host: HostProcess,
): HostedProvider {
  const opened = openSession(lifecycle, host);
  const { schemaVersion } = lifecycle;

  const settle = (id: string, progress: Progress<State>, inputs: Inputs, properties: Properties, adopted: boolean) => {
    if (progress.done) return cleanProperties(framed(progress.state, { schemaVersion, adopted }));
    const { state, open, error } = progress.stopped;
    const kept = { ...framed(state, { schemaVersion, adopted, open }), __provider: properties["__provider"] };
    throw partialFailure(id, cleanProperties(kept), error, {
      type: lifecycle.type,
      owner: inputs.owner,
      step: open.step,
      secrets: [...opened.secrets(), ...concealedTexts(properties), ...lifecycle.secretsOf(state)],
    });
  };

  /** Runs a method of a resource: counts it, and turns what it throws into what a person reads. */
  const attempt = async <T>(properties: Properties, step: string, work: () => Promise<T>): Promise<T> => {
    const leave = host.enter();
    try {
      if (host.dependencies.stopped()) throw engineIsGone();
      return await work();
    } catch (error) {
      const secrets = [...opened.secrets(), ...concealedTexts(properties)];
      throw hostError(error, { type: lifecycle.type, owner: properties["owner"], step, secrets });
    } finally {
      leave();
    }
  };

  /** A failed in-place change is no step: what it was to change is complete, and shows whether it is still needed. */
  const openStep = (open: OpenStep | undefined): OpenStep | undefined =>
    lifecycle.changes.some(({ name }) => name === open?.step) ? undefined : open;

  /** Refresh asks read, then diff, and shows what diff says: the clock has no part in that, and is asked only after a check. */
  const refreshed = new Set<string>();
  const dueOf = (state: State, news: Properties): string | undefined => {
    // What isn't known yet in a preview can't be judged by the clock; the engine then shows the change anyway.
    const inputs = lifecycle.due === undefined ? undefined : lifecycle.inputs.safeParse(news).data;
    return inputs === undefined ? undefined : lifecycle.due?.(state, inputs, opened.nowMs());
  };

  const validInputs = (properties: Properties): Inputs => lifecycle.inputs.parse(withoutProvider(properties));

  return {
    // Stored synchronously: the host caches the provider before configure has ended, and calls on regardless.
    configure({ config }) {
      opened.configure((key) => config.get(key));
      return Promise.resolve();
    },

    check: (olds, news) =>
      attempt(news, "check", async () => {
        refreshed.delete(nameOf(news));
        const checked = await checkInputs(lifecycle, withoutProvider(news), {
          projectFolder: projectFolder(host.workingDirectory),
          settings: opened.system(),
          circumstances: { olds, nowMs: opened.nowMs(), allowedHosts: opened.authn()?.allowedHosts },
        });
        const hidden = new Set([...lifecycle.unprintable, ...concealedNames(news)]);
        const failures = [
          ...(checked.kind === "faulty" ? checked.faults.map((fault) => withoutValue(fault, hidden)) : []),
          // Configuration is no property of the resource: the engine would print a value for it.
          ...opened.faults().map(({ property, reason }) => ({ property: "", reason: `${property} ${reason}` })),
        ];
        if (failures.length > 0 || checked.kind === "faulty") return { failures };
        return { inputs: cleanProperties(checked.inputs) };
      }),

    diff: (_id, olds, news) =>
      attempt(news, "diff", async () => {
        const { state, frame } = parseState(lifecycle, olds);
        const due = refreshed.delete(nameOf(news)) ? undefined : dueOf(state, withoutProvider(news));
        if (due !== undefined) host.dependencies.tell?.(`${lifecycle.type} ${nameOf(news)}: ${due}`);
        const { changes, replaces, deleteBeforeReplace } = difference(
          lifecycle,
          state,
          frame,
          withoutProvider(news),
          due !== undefined,
        );
        return { ...(changes === undefined ? {} : { changes }), replaces: [...replaces], deleteBeforeReplace };
      }),

    create: (properties) =>
      attempt(properties, "create", async () => {
        const inputs = validInputs(properties);
        const session = await opened.session();
        const { id, state, from, adopted = false, reached = false } = await lifecycle.begin(session, inputs);
        // The host turns an id that is no text into an empty one, and what was made is lost: so before anything is made.
        if (typeof id !== "string" || id === "") throw new TypeError(`${lifecycle.type} began without an id`);
        const progress = await runSteps(lifecycle.steps, from, session, state);
        if (!progress.done && !reached && nothingStands(progress.stopped.open, lifecycle.steps[0]?.name))
          throw progress.stopped.error;
        return { id, outs: settle(id, progress, inputs, properties, adopted) };
      }),

    update: (id, olds, news) =>
      attempt(news, "update", async () => {
        const inputs = validInputs(news);
        const { state: before, frame } = parseState(lifecycle, olds);
        const session = await opened.session();
        const adopted = frame.adopted ?? false;
        const open = openStep(frame.open);
        // What is unfinished is finished as it is declared now: whoever gives up on a proof must not be asked for it again.
        const begun = open === undefined ? before : lifecycle.applied(before, inputs);
        const resumed = await finishOpenStep(lifecycle, session, id, begun, open);
        if (!resumed.done) return { outs: settle(id, resumed, inputs, news, adopted) };
        const changed = await runChanges(lifecycle.changes, session, resumed.state, inputs, {
          nowMs: opened.nowMs,
          isResumed: frame.open !== undefined,
        });
        const progress = changed.done ? { ...changed, state: lifecycle.applied(changed.state, inputs) } : changed;
        return { outs: settle(id, progress, inputs, news, adopted) };
      }),

    read: (id, properties) =>
      attempt(properties, "read", async () => {
        const { state, frame } = parseState(lifecycle, properties);
        // Unfinished work is never called gone: the next `up` goes on with it.
        if (openStep(frame.open) !== undefined) {
          return {
            id,
            props: cleanProperties(framed(state, frame)),
            inputs: cleanProperties(lifecycle.inputsOf(state)),
          };
        }
        const observed = await lifecycle.read(await opened.session(), id, state);
        if (observed.gone) return {};
        refreshed.add(lifecycle.inputsOf(state).owner.name);
        return {
          id,
          props: cleanProperties(framed(observed.state, frame)),
          inputs: cleanProperties(lifecycle.inputsOf(observed.state)),
        };
      }),

    delete: (id, properties) =>
      attempt(properties, "delete", async () => {
        const { state, frame } = parseState(lifecycle, properties);
        const rule = lifecycle.inputsOf(state).onDelete ?? (frame.adopted ? "retain" : "delete");
        if (rule === "delete") await lifecycle.delete(await opened.session(), id, state, frame.open);
      }),
  };
}

function engineIsGone(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ORPHANED_HOST",
    what: "The engine that started this process is gone",
    remedy: "Run the command again",
  });
}

/** A first step that certainly did nothing leaves nothing to record: the plain error makes the engine forget the resource. */
function nothingStands(open: OpenStep, firstStep: string | undefined): boolean {
  return open.step === firstStep && open.outcome !== "unknown";
}

async function finishOpenStep<Inputs extends CommonInputs, State extends object, Session>(
  lifecycle: Pick<Lifecycle<Inputs, State, unknown, Session>, "steps" | "read">,
  session: Session,
  id: string,
  state: State,
  open: OpenStep | undefined,
): Promise<Progress<State>> {
  if (open === undefined) return { done: true, state };
  const point = await resumePoint(lifecycle, session, id, state, open);
  return runSteps(lifecycle.steps, point.from, session, point.state);
}

/** The engine prints the value of a property that a failure names; so a failure of one that must not be shown names it in its text. */
function withoutValue({ property, reason }: InputFault, hidden: ReadonlySet<string>): InputFault {
  const name = /^[^.[]*/.exec(property)?.[0] ?? property;
  return hidden.has(name) ? { property: "", reason: `${property} ${reason}` } : { property, reason };
}

/** Of the one type that is served here; two resources that share a name under different parents share the mark too. */
function nameOf(properties: Properties): string {
  return ownerSchema.safeParse(properties["owner"]).data?.name ?? "";
}

function withoutProvider(properties: Properties): Properties {
  const { __provider, ...rest } = properties;
  return rest;
}
