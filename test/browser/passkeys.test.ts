/** A real browser signs in at the demonstration relying party with passkeys that `up` made on the real engine. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { createHankoClient } from "../../providers/clients.js";
import { createProject, type Project } from "../engine/_project.js";
import { browserAtHand, launchBrowser } from "./_browser.js";

const browserCredential = z.object({
  playwright: z.object({
    rpId: z.string(),
    options: z.object({
      id: z.string(),
      userHandle: z.string(),
      privateKey: z.string(),
      publicKey: z.string(),
      signCount: z.number(),
    }),
  }),
  devTools: z.object({
    credentialId: z.string(),
    isResidentCredential: z.boolean(),
    rpId: z.string(),
    privateKey: z.string(),
    userHandle: z.string(),
    signCount: z.number(),
    backupEligibility: z.boolean(),
    backupState: z.boolean(),
    userName: z.string(),
    userDisplayName: z.string(),
  }),
});
const people = z.object({
  ada: z.looseObject({
    hanko: z.record(z.string(), z.looseObject({ id: z.string(), browser: browserCredential })),
  }),
});
const fixtures = (list: string) => `people:\n  ada: { displayName: Ada Lovelace, hanko: [${list}] }\n`;

describe.runIf(browserAtHand())("Chromium at the demonstration relying party", () => {
  let tenant: Tenant;
  let project: Project;
  let browser: Browser;
  let context: BrowserContext;
  beforeAll(async () => {
    tenant = await startTenant();
    browser = await launchBrowser();
    const { rpId, origin, passkey } = tenant.record.hanko;
    const { apiKey, ...places } = { rpId, origin, ...passkey };
    project = await createProject({
      config: Object.fromEntries(Object.entries(places).map(([key, value]) => [`hanko:${key}`, value])),
      fixtures: fixtures("{ name: laptop }, { name: phone, algorithm: EdDSA }"),
      environment: { HANKO_API_KEY: apiKey, AUTHN_SEED: tenant.identity.seed },
    });
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await tenant.close();
    await project.remove();
  });
  afterEach(() => context.close());

  /** As a person's test would get them: from the outputs. */
  const passkeys = async () => {
    const shown = await project.authn("outputs", "--show-secrets");
    return people.parse(shown.json.outputs["people"]).ada.hanko;
  };
  const passkeyOf = async (name: string) => {
    const found = (await passkeys())[name];
    if (found === undefined) throw new Error(`the outputs have no ${name}`);
    return found;
  };
  const openPage = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(tenant.record.hanko.origin);
    return page;
  };
  const signInAndOut = async (page: Page) => {
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("Signed in as").waitFor();
    expect(await page.locator("#user-id").textContent()).toBe("ada");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("Signed out.").waitFor();
  };
  const virtualAuthenticator = async (page: Page) => {
    const devTools = await context.newCDPSession(page);
    await devTools.send("WebAuthn.enable");
    const { authenticatorId } = await devTools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return { devTools, authenticatorId };
  };

  it("signs in twice with what Playwright was given", async () => {
    const { browser: ready } = await passkeyOf("laptop");
    context = await browser.newContext();
    await context.credentials.create(ready.playwright.rpId, ready.playwright.options);
    await context.credentials.install();
    const page = await openPage();
    await signInAndOut(page);
    await signInAndOut(page);
  });

  it.each(["laptop", "phone"])("signs in twice with what the DevTools protocol was given of the %s", async (name) => {
    const { browser: ready } = await passkeyOf(name);
    context = await browser.newContext();
    const page = await openPage();
    const { devTools, authenticatorId } = await virtualAuthenticator(page);
    await devTools.send("WebAuthn.addCredential", { authenticatorId, credential: ready.devTools });
    await signInAndOut(page);
    await signInAndOut(page);
  });

  it("makes a passkey that looks to the service as ours do", async () => {
    context = await browser.newContext();
    const page = await openPage();
    await virtualAuthenticator(page);
    await page.getByLabel("Username").fill("grace");
    await page.getByRole("button", { name: "Register a passkey" }).click();
    await page.getByText("Signed in as").waitFor();
    const { rpId, origin, passkey } = tenant.record.hanko;
    const all = await createHankoClient({ api: "passkey", rpId, origin, ...passkey }).credentials();
    const { id } = await passkeyOf("laptop");
    const ours = all.find((credential) => credential.id === id);
    const theirs = all.find((credential) => credential.userId !== "ada");
    expect(theirs).toBeDefined();
    const looks = (credential: typeof ours) => ({
      shape: Object.entries(credential ?? {}).map(([key, value]) => [key, typeof value]),
      attestationType: credential?.attestationType,
      key: Buffer.from(credential?.publicKey ?? "", "base64url").length,
    });
    expect(looks(ours)).toEqual(looks(theirs));
  });

  it("signs in no more with a passkey whose line was removed", async () => {
    const { browser: ready } = await passkeyOf("phone");
    await project.write("people/people.yaml", fixtures("{ name: laptop }"));
    expect((await project.authn("up")).json.changes).toMatchObject({ delete: 1, same: 1 });
    context = await browser.newContext();
    const page = await openPage();
    const { devTools, authenticatorId } = await virtualAuthenticator(page);
    await devTools.send("WebAuthn.addCredential", { authenticatorId, credential: ready.devTools });
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    const status = page.getByRole("status");
    await status.filter({ hasNotText: "Signing in" }).filter({ hasText: /\S/ }).waitFor();
    expect(await page.getByText("Signed in as").isVisible()).toBe(false);
  });
});
