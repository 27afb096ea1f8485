/**
 * Turns a lifecycle into what the stock dynamic-provider host calls, and absorbs that host's faults in this one place: it
 * configures nothing in time, loses what isn't JSON, and gives a person only `reasons` (pulumi-host, "Faults of the stock host").
 */
import { AuthnError } from "../errors.js";
import { type Acted, type Acting, engineIsGone, recorded } from "./acts/acting.js";
import { create } from "./acts/create.js";
import { read } from "./acts/read.js";
import { remove } from "./acts/remove.js";
import { update } from "./acts/update.js";
import { checkInputs } from "./check.js";
import { cleanProperties, type Json } from "./clean.js";
import { concealedNames, concealedTexts } from "./concealed.js";
import { difference } from "./diff.js";
import { hostError, partialFailure } from "./failure.js";
import { type Owner, owner as ownerSchema } from "./inputs.js";
import { revisionOf } from "./ledger/revision.js";
import type { CommonInputs, InputFault, Lifecycle } from "./lifecycle.js";
import { type HostProcess, openSession } from "./session.js";
import { framed, parseState } from "./state.js";

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

  /** What the acts on a resource have at hand; opens the session and the ledger. */
  const acting = async (owner: Owner): Promise<Acting<Inputs, State, Settings, Session>> => {
    // What an orphan that still runs is going to write must be known before anything is asked of a service.
    const ledger = await opened.ledger(owner);
    const standing = await ledger.settled();
    const session = await opened.session();
    const { stopped, warn } = host.dependencies;
    return { lifecycle, session, ledger, standing, service: opened.service(), stopped, nowMs: opened.nowMs, warn };
  };

  /** The answer to the engine, once the ledger has it. */
  const settle = async (
    { id, progress, adopted, account, revision }: Acted<State>,
    inputs: Inputs,
    properties: Properties,
  ) => {
    const { state, open, error } = progress.done
      ? { ...progress, open: undefined, error: undefined }
      : progress.stopped;
    await account.settle({ id, state: recorded(lifecycle, state, adopted), open });
    const outs = framed(state, { schemaVersion, adopted, open, revision: account.revision ?? revision });
    if (open === undefined) return cleanProperties(outs);
    throw partialFailure(id, cleanProperties({ ...outs, __provider: properties["__provider"] }), error, {
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

  /** Refresh asks read, then diff, and shows what diff says: the clock has no part in that, and is asked only after a check. */
  const refreshed = new Set<string>();
  /**
   * What the state holds and diff wasn't asked of: if it is created then, something declared replaces it (`replaceWith`). What is replaced by
   * name isn't among them: of that, check isn't given what the state holds (engine v3.228.0, step_generator.go).
   */
  const undecided = new Set<string>();
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
        if (Object.keys(olds).length > 0) undecided.add(nameOf(news));
        const checked = await checkInputs(lifecycle, withoutProvider(news), {
          projectFolder: opened.projectFolder(),
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

    diff: (id, olds, news) =>
      attempt(news, "diff", async () => {
        undecided.delete(nameOf(news));
        const { standing } = await opened.ledger(ownerOf(news));
        const revision = revisionOf(lifecycle.type, id, olds);
        // What the state holds was deleted by an operation that couldn't say so any more.
        if (standing.isGone(revision)) return { changes: true, replaces: ["gone"], deleteBeforeReplace: true };
        const ahead = standing.ahead(revision);
        if (ahead === undefined) standing.confirm(revision);
        const { state, frame } = parseState(lifecycle, ahead?.state ?? olds);
        const due = refreshed.delete(nameOf(news)) ? undefined : dueOf(state, withoutProvider(news));
        if (due !== undefined) host.dependencies.tell?.(`${lifecycle.type} ${nameOf(news)}: ${due}`);
        const known = ahead === undefined ? frame : { ...frame, open: ahead.open };
        const { changes, replaces, deleteBeforeReplace } = difference(
          lifecycle,
          state,
          known,
          withoutProvider(news),
          due !== undefined,
        );
        const differs = ahead === undefined ? changes : true;
        return {
          ...(differs === undefined ? {} : { changes: differs }),
          replaces: [...replaces],
          deleteBeforeReplace,
        };
      }),

    create: (properties) =>
      attempt(properties, "create", async () => {
        const inputs = validInputs(properties);
        const acted = await create(await acting(inputs.owner), inputs, undecided.delete(nameOf(properties)));
        return { id: acted.id, outs: await settle(acted, inputs, properties) };
      }),

    update: (id, olds, news) =>
      attempt(news, "update", async () => {
        const inputs = validInputs(news);
        const acted = await update(await acting(inputs.owner), id, olds, inputs);
        return { outs: await settle(acted, inputs, news) };
      }),

    read: (id, properties) =>
      attempt(properties, "read", async () => {
        const { standing } = await opened.ledger(ownerOf(properties));
        const found = await read({ lifecycle, standing }, opened.session, id, properties);
        if (found.kind === "gone") return {};
        const inputs = lifecycle.inputsOf(found.state);
        if (found.kind === "stands") refreshed.add(inputs.owner.name);
        return { id, props: cleanProperties(framed(found.state, found.frame)), inputs: cleanProperties(inputs) };
      }),

    delete: (id, properties) =>
      attempt(properties, "delete", async () => {
        await remove(await acting(ownerOf(properties)), id, properties);
      }),
  };
}

/** The engine prints the value of a property that a failure names; so a failure of one that must not be shown names it in its text. */
function withoutValue({ property, reason }: InputFault, hidden: ReadonlySet<string>): InputFault {
  const name = /^[^.[]*/.exec(property)?.[0] ?? property;
  return hidden.has(name) ? { property: "", reason: `${property} ${reason}` } : { property, reason };
}

/** Every state and every declaration has one; what comes without was made by hand. */
function ownerOf(properties: Properties): Owner {
  const parsed = ownerSchema.safeParse(properties["owner"]);
  if (parsed.success) return parsed.data;
  throw new AuthnError({
    code: "ERR_AUTHN_STATE",
    what: "The resource says nothing of who declared it (owner)",
    remedy: "Declare it with the class of this package; was the state edited by hand?",
  });
}

/** Of the one type that is served here; two resources that share a name under different parents share the mark too. */
function nameOf(properties: Properties): string {
  return ownerSchema.safeParse(properties["owner"]).data?.name ?? "";
}

function withoutProvider(properties: Properties): Properties {
  const { __provider, ...rest } = properties;
  return rest;
}
