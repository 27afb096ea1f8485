/** The lifecycle's delete for what only the ledger knows: what the sweep runs, with today's configuration and no engine. */
import { AuthnError } from "../errors.js";
import { removeLeftover } from "./acts/remove.js";
import type { ReadConfiguration } from "./configuration.js";
import type { LedgerEntry } from "./ledger/entry.js";
import { noLedger } from "./ledger/none.js";
import type { CommonInputs, Lifecycle } from "./lifecycle.js";
import { type HostProcess, type OpenedSession, openSession } from "./session.js";

export type RemoverSurroundings = Pick<HostProcess, "environment" | "workingDirectory" | "dependencies">;

/**
 * @param read today's configuration; calls with the same one share a session, and so its rate budget
 * @returns "retained" where it is declared to stay in the service
 * @throws AuthnError of the service, or ERR_AUTHN_LEDGER where the entry is of another service than today's
 */
export type Remover = (
  entry: LedgerEntry,
  read: ReadConfiguration,
  surroundings: RemoverSurroundings,
) => Promise<"removed" | "retained">;

export function removerOf<Inputs extends CommonInputs, State extends object, Settings, Session>(
  lifecycle: Lifecycle<Inputs, State, Settings, Session>,
): readonly [type: string, remove: Remover] {
  const sessions = new WeakMap<ReadConfiguration, OpenedSession<Settings, Session>>();
  const openedFor = (read: ReadConfiguration, surroundings: RemoverSurroundings) => {
    const known = sessions.get(read);
    if (known !== undefined) return known;
    const operation = { id: "sweep", pid: process.pid };
    const opened = openSession(lifecycle, {
      ...surroundings,
      operation,
      ledgers: new Map(),
      enter: () => () => undefined,
    });
    opened.configure(read);
    sessions.set(read, opened);
    return opened;
  };
  return [
    lifecycle.type,
    async (entry, read, surroundings) => {
      const opened = openedFor(read, surroundings);
      const session = await opened.session();
      if (entry.service !== opened.service()) throw anotherService(entry, opened.service());
      const { stopped } = surroundings.dependencies;
      return removeLeftover({ lifecycle, session, ledger: noLedger, stopped }, entry);
    },
  ];
}

function anotherService({ owner, service }: LedgerEntry, today: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: `${owner.type} ${owner.name} was made at ${service}, and today's configuration is of ${today}`,
    remedy: `Configure that service again and sweep, or remove it there by hand and run \`authn ledger forget ${owner.name}\``,
  });
}
