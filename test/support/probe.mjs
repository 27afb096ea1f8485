/**
 * A resource for tests only, served through the real adapter in the stock host's process: its state holds what a careless
 * lifecycle might return, and its schema has an older shape. Loaded by provider text from the built package.
 */
import { z } from "zod";
import { adapt } from "../../dist/providers/host/adapter.js";
import { stockHostProcess } from "../../dist/providers/host/process.js";

const inputs = z.strictObject({
  mode: z.enum(["plain", "odd", "odd-partial", "throw-text", "throw-nothing", "no-id"]),
  colour: z.string().optional(),
  onDelete: z.enum(["delete", "retain"]).optional(),
  owner: z.object({ project: z.string(), stack: z.string(), type: z.string(), name: z.string() }),
});

const odd = () => ({
  nothing: undefined,
  bytes: Buffer.from("bytes"),
  big: 12n,
  call: () => 1,
  when: new Date(0),
  map: new Map([["a", 1]]),
  nested: { deep: [undefined, 2n] },
});

const lifecycle = {
  type: "Probe",
  inputs,
  state: z.looseObject({ mode: z.string(), colour: z.string().optional(), owner: z.unknown() }),
  schemaVersion: 2,
  // Version 1 had the American spelling.
  migrations: { 0: (old) => old, 1: ({ color, ...rest }) => ({ ...rest, colour: color }) },
  properties: { mode: "replace", colour: "update", onDelete: "update" },
  unprintable: [],
  inputsOf: ({ mode, colour, onDelete, owner }) => ({ mode, colour, onDelete, owner }),
  effective: (given) => given,
  applied: (state, { colour, owner }) => ({ ...state, colour, owner }),
  settings: {
    namespace: "probe",
    keys: ["url", "token"],
    json: [],
    urls: ["url"],
    secrets: ["token"],
    schema: z.object({ url: z.string(), token: z.string().optional() }),
    serviceUrl: ({ url }) => url,
  },
  session: async ({ system }) => system,
  begin: async (session, given) => {
    if (given.mode === "throw-text") throw `text is no error, token ${session.token}`;
    if (given.mode === "throw-nothing") throw undefined;
    return {
      id: given.mode === "no-id" ? 7 : "probe",
      state: { ...given, seen: session.url, ...(given.mode.startsWith("odd") ? odd() : {}) },
      from: "first",
    };
  },
  steps: [
    { name: "first", lost: "repeat", run: async (_session, state) => state },
    {
      name: "second",
      lost: "repeat",
      run: async (session, state) => {
        if (state.mode === "odd-partial") throw new Error(`the service broke, token ${session.token}`);
        return state;
      },
    },
  ],
  changes: [],
  read: async (_session, _id, state) => ({ gone: false, state }),
  delete: async () => undefined,
  secretsOf: () => [],
};

export const Probe = adapt(lifecycle, stockHostProcess(process.argv[2]));
