/** Keyri in the embedded tenant: the customer's own backend, which registers device keys and checks signed logins. */
import type { System } from "../system.js";
import { KeyRegister } from "./keys.js";
import { ReplayGuard } from "./replay.js";
import { keyriApp } from "./routes.js";

export interface KeyriCounts {
  /** Registered keys of all users. */
  readonly keys: number;
}

export interface KeyriEntry {
  readonly url: string;
  /** The bearer token that every call needs. A secret. */
  readonly token: string;
}

const SERVICE = "keyri";

export const keyri: System<KeyriCounts, KeyriEntry> = {
  services: [{ name: SERVICE, title: "Keyri (device keys and signed logins)" }],
  async open({ store, clock, tokens, urlOf }) {
    const keys = await KeyRegister.open(store, clock);
    const replay = await ReplayGuard.open(store, clock);
    const token = tokens.of(SERVICE);
    return {
      services: [{ name: SERVICE, app: keyriApp({ keys, replay, clock, token }) }],
      record: { url: urlOf(SERVICE), token },
      counts: () => ({ keys: keys.count() }),
      reset() {
        keys.clear();
        replay.clear();
      },
    };
  },
};
