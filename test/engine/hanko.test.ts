/** Passkeys on the real engine, on both generations of the API: made, renamed, removed, handed out, and good for a login. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { createHankoClient } from "../../providers/clients.js";
import { hankoAlgorithm } from "../../providers/hanko/inputs.js";
import { createProject, type Project } from "./_project.js";

let tenant: Tenant;
let project: Project | undefined;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());
afterEach(async () => {
  await project?.remove();
  await tenant.reset();
});

const people = z.record(
  z.string(),
  z.looseObject({
    hanko: z.record(
      z.string(),
      z.object({
        id: z.string(),
        userId: z.string(),
        userHandle: z.string(),
        privateKey: z.string(),
        algorithm: hankoAlgorithm.optional(),
        userVerification: z.literal("discouraged").optional(),
      }),
    ),
  }),
);
const ada = (list: string, displayName = "ada") =>
  `people:\n  ada: { displayName: ${displayName}, hanko: [${list}] }\n`;

describe.each(["passkey", "authentication"] as const)("passkeys on the %s API", (api) => {
  const held = () => {
    const { passkeyCredentials, authenticationCredentials } = tenant.state().hanko;
    return api === "passkey" ? passkeyCredentials : authenticationCredentials;
  };
  const client = () => {
    const { rpId, origin, passkey, authentication } = tenant.record.hanko;
    return api === "passkey"
      ? createHankoClient({ api, rpId, origin, ...passkey })
      : createHankoClient({ api, rpId, origin, ...authentication });
  };
  const open = async (fixtures: string) => {
    const { rpId, origin, passkey, authentication } = tenant.record.hanko;
    const { apiKey, ...places } = { rpId, origin, api, ...passkey };
    const { apiSecret, ...other } = { rpId, origin, api, ...authentication };
    project = await createProject({
      config: prefixed(api === "passkey" ? places : other),
      fixtures,
      environment: { HANKO_API_KEY: apiKey, HANKO_API_SECRET: apiSecret, AUTHN_SEED: tenant.identity.seed },
    });
    return project;
  };
  const passkeysOf = async (opened: Project) => {
    const shown = await opened.authn("outputs", "--show-secrets");
    expect(shown.code, shown.stderr).toBe(0);
    return people.parse(shown.json.outputs["people"])["ada"]?.hanko ?? {};
  };

  it("go through their life: made, good for a login, unchanged, renamed in place, removed by their line, destroyed", async () => {
    const phone = "{ name: phone, algorithm: EdDSA, userVerification: discouraged }";
    const opened = await open(ada(`{ name: laptop }, ${phone}`));
    const up = await opened.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.json.changes).toMatchObject({ create: 2 });
    expect(held()).toBe(2);
    const made = await passkeysOf(opened);
    expect(Object.keys(made)).toEqual(["laptop", "phone"]);

    // By name of the user and without, as their authenticators would.
    const passkeys = Object.values(made);
    expect(passkeys.map(({ userVerification }) => userVerification)).toEqual([undefined, "discouraged"]);
    for (const passkey of passkeys) {
      expect((await client().login(passkey)).credentialId).toBe(passkey.id);
      expect((await client().login(passkey, { discoverable: true })).userId).toBe("ada");
    }

    // What is ready for a browser has another counter in each run, and is no change all the same.
    tenant.clearJournal();
    expect((await opened.authn("up")).json.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 2 });
    expect(tenant.journal()).toEqual([]);
    const refresh = await opened.authn("refresh");
    expect(refresh.json.changes, refresh.said).toMatchObject({ update: 0, delete: 0, same: 2 });

    await opened.write("people/people.yaml", ada(`{ name: work laptop }, ${phone}`));
    const renamed = await opened.authn("up");
    expect(renamed.json.changes, renamed.said).toMatchObject({ update: 1, replace: 0, create: 0, delete: 0 });
    const id = made["laptop"]?.id ?? "";
    expect((await client().api.credential(id))?.name).toBe("work laptop");

    await opened.write("people/people.yaml", ada("{ name: work laptop }"));
    expect((await opened.authn("up")).json.changes).toMatchObject({ delete: 1, same: 1 });
    expect(await client().api.credential(made["phone"]?.id ?? "")).toBeUndefined();
    expect(held()).toBe(1);

    const destroy = await opened.authn("destroy");
    expect(destroy.code, destroy.said).toBe(0);
    expect(held()).toBe(0);
  });

  it("that were half-made when a run broke off are finished by the next one, with the same key", async () => {
    const opened = await open(ada("{ name: laptop }"));
    const service = `hanko-${api}` as const;
    const login = api === "passkey" ? "login" : "authentication";
    tenant.addFault({ service, method: "POST", path: `/*/${login}/finalize`, status: 503 });
    const first = await opened.authn("up");
    expect(first.code).toBe(1);
    expect(first.said).toContain("step prove");
    expect(held()).toBe(1);
    const second = await opened.authn("up");
    expect(second.json.changes, second.said).toMatchObject({ update: 1, create: 0 });
    expect(held()).toBe(1);
    expect((await opened.authn("destroy")).code).toBe(0);
    expect(held()).toBe(0);
  });
});

function prefixed(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`hanko:${key}`, value]));
}
