/** What a hostile service can do by its answers: nothing but make a step fail, in a few printable words. Every call of every system. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { closeAllPools } from "../../providers/http/client.js";
import type { Target } from "../lifecycle/subject.js";
import { subjects } from "../lifecycle/subjects.js";
import { EngineModel } from "../support/engineModel.js";
import { ESCAPES, type HostileService, openHostileService, twists, UNPRINTABLE } from "./_hostileService.js";

/** The setting that leads to each service, and where the tenant has it. */
const SERVICES: Readonly<Record<string, readonly [string, (tenant: Tenant) => string]>> = {
  keyri: ["keyri:url", ({ record }) => record.keyri.url],
  "hanko-passkey": ["hanko:url", ({ record }) => record.hanko.passkey.url],
  "hanko-authentication": ["hanko:url", ({ record }) => record.hanko.authentication.url],
  "keyless-agent": ["keyless:agentUrl", ({ record }) => record.keyless.agentUrl],
  "keyless-operations": ["keyless:operationsUrl", ({ record }) => record.keyless.operationsUrl],
  "keyless-authentication": ["keyless:authenticationUrl", ({ record }) => record.keyless.authenticationUrl],
  baikal: ["baikal:endpoint", ({ record }) => record.baikal.endpoint],
  "jwks-bucket": ["baikal:publishUrl", ({ record }) => record.baikal.publishUrl],
};
/** One of each system and generation, with all its calls. */
const chosen = [
  "KeyriPublicKey with a derived key",
  "KeyriPublicKey with a given key",
  "HankoCredential on the Passkey API, derived",
  "HankoCredential on the Authentication API, derived",
  "KeylessUser with an external id",
  "BaikalClientKeys proven by a grant",
];
const tried = subjects.filter(({ name }) => chosen.includes(name));
const LONGEST = 2_000;

/** The calls of each that none before it makes. */
const known = new Set<string>();
const rows = tried.map((subject) => ({
  ...subject,
  fresh: [...subject.calls, ...subject.asked, subject.removal].filter((call) => {
    const name = JSON.stringify(call);
    if (known.has(name)) return false;
    known.add(name);
    return true;
  }),
}));

let tenant: Tenant;
const hostile = new Map<string, HostileService>();
beforeAll(async () => {
  tenant = await startTenant();
  for (const [name, [, urlOf]] of Object.entries(SERVICES)) hostile.set(name, await openHostileService(urlOf(tenant)));
});
afterAll(async () => {
  await closeAllPools();
  for (const service of hostile.values()) await service.close();
  await tenant.close();
});
afterEach(async () => {
  for (const service of hostile.values()) Object.assign(service, { twist: undefined, heard: [] });
  await tenant.reset();
});

function standIn({ service }: Target): {
  readonly front: HostileService;
  readonly configuration: Record<string, string>;
} {
  const front = hostile.get(service ?? "");
  const [key] = SERVICES[service ?? ""] ?? [];
  if (front === undefined || key === undefined) throw new TypeError(`no such service: ${String(service)}`);
  return { front, configuration: { [key]: front.url, "authn:timeoutMs": "2000" } };
}

function pathOf({ path = "/*" }: Target): RegExp {
  return new RegExp(
    `^${path
      .split("*")
      .map((part) => part.replace(/[.+?^$()[\]{}|\\]/g, "\\$&"))
      .join(".*")}(?:\\?.*)?$`,
  );
}

/** What a person would be told. */
function expectFit(told: string) {
  expect(told).not.toMatch(UNPRINTABLE);
  expect(told.length).toBeLessThanOrEqual(LONGEST);
  // What this package didn't foresee is told so, without a code of its own.
  expect(told).not.toContain("Unexpected:");
}

const prototypes = [Object.prototype, Array.prototype, Function.prototype];
const members = () => prototypes.map((prototype) => Reflect.ownKeys(prototype).length);

it("every system is tried", () => {
  expect(tried).toHaveLength(chosen.length);
});

describe.each(rows)("$name", (subject) => {
  it.each(subject.fresh)(
    "told anything by $method $path, it fails in a few printable words or not at all",
    async (call) => {
      const { front, configuration } = standIn(call);
      const before = members();
      for (const [name, make] of twists) {
        const engine = new EngineModel(subject.provider(tenant, configuration));
        front.twist = { method: call.method ?? "GET", path: pathOf(call), make };
        const done = await engine.up(subject.declared);
        if (done === "created") await engine.refresh();
        await engine.destroy();
        expect.soft(members(), name).toEqual(before);
        expect.soft(JSON.stringify(engine.kept?.outputs ?? {}), name).not.toContain("__proto__");
        expectFit(engine.error);
        front.twist = undefined;
        await tenant.reset();
      }
      expect(front.heard.length).toBeGreaterThan(0);
    },
  );

  it("a name with line breaks and escapes begins no header and no other path", async () => {
    const before = members();
    for (const call of [...subject.calls, ...subject.asked]) {
      const { front, configuration } = standIn(call);
      const engine = new EngineModel(subject.provider(tenant, configuration));
      const evil = `ada\r\nX-Evil: 1\r\n\r\nDELETE /${ESCAPES}`;
      const named = { username: evil, userId: evil, name: evil, externalUserId: evil };
      const declared = Object.entries(named).filter(([property]) => property in subject.declared);
      await engine.up({ ...subject.declared, ...Object.fromEntries(declared) });
      await engine.destroy();
      for (const { line, headers } of front.heard) {
        expect(line).not.toMatch(UNPRINTABLE);
        expect(line).not.toContain("X-Evil: ");
        expect(headers).not.toContain("x-evil");
      }
      expectFit(engine.error);
    }
    expect(members()).toEqual(before);
  });
});
