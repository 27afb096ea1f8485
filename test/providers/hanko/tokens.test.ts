/** The Passkey API's tokens: which are taken, which aren't, and how often the tenant's keys are fetched for it. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { exportJWK, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { hankoTokenVerifier } from "../../../providers/hanko/tokens.js";
import { manualClock } from "../http/service.js";
import { refusalOf, reply, serve } from "./_service.js";

const pair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const ONE = pair();
const TWO = pair();
const RP = "example.com";
const clock = manualClock();
const nowSeconds = () => Math.floor(clock.now() / 1000);

async function jwkOf(publicKey: KeyObject, kid: string) {
  // Without `alg`: the key itself would sign by other algorithms too.
  return { ...(await exportJWK(publicKey)), kid, use: "sig" };
}

interface Made {
  readonly kid?: string;
  readonly key?: KeyObject | Uint8Array;
  readonly alg?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}
/** A sound token, but for what is said. */
function tokenOf({ kid = "one", key = ONE.privateKey, alg = "RS256", claims = {} }: Made = {}): Promise<string> {
  const sound = { sub: "ada", aud: [RP], cred: "Y3JlZA", iat: nowSeconds(), exp: nowSeconds() + 300 };
  return new SignJWT({ ...sound, ...claims }).setProtectedHeader({ alg, kid }).sign(key);
}

/** Fetches the given keys, the first list first; the last one stays. */
function tenant(...lists: readonly (readonly [publicKey: KeyObject, kid: string][])[]) {
  let fetches = 0;
  const fetchJwks = async () => {
    fetches += 1;
    const list = lists[Math.min(fetches, lists.length) - 1] ?? [];
    return { keys: await Promise.all(list.map(([publicKey, kid]) => jwkOf(publicKey, kid))), maxAgeMs: 600_000 };
  };
  return { verify: hankoTokenVerifier(fetchJwks, RP, clock), fetches: () => fetches };
}

describe("a token", () => {
  it("says who signed in, with which credential, and in which transaction", async () => {
    const { verify } = tenant([[ONE.publicKey, "one"]]);
    const claims = { userId: "ada", credentialId: "Y3JlZA", expiresAtMs: (nowSeconds() + 300) * 1000 };
    expect(await verify(await tokenOf())).toEqual(claims);
    expect(await verify(await tokenOf({ claims: { trans: "t-1", aud: RP } }))).toEqual({
      ...claims,
      transactionId: "t-1",
    });
  });

  it("is for the relying party that is asked for", async () => {
    const { verify } = tenant([[ONE.publicKey, "one"]]);
    const other = await tokenOf({ claims: { aud: ["other.example"] } });
    expect(await verify(other, "other.example")).toMatchObject({ userId: "ada" });
    expect((await refusalOf(verify(await tokenOf(), "other.example"))).code).toBe("ERR_AUTHN_PROOF_FAILED");
  });

  it.each<[string, Made]>([
    ["of another relying party", { claims: { aud: ["other.example"] } }],
    ["without a relying party", { claims: { aud: undefined } }],
    ["that has expired", { claims: { exp: nowSeconds() - 1 } }],
    ["that never expires", { claims: { exp: undefined } }],
    ["without a user", { claims: { sub: undefined } }],
    ["without a credential", { claims: { cred: undefined } }],
    ["whose credential is no text", { claims: { cred: 7 } }],
    ["signed with another key", { key: TWO.privateKey }],
    ["signed by another algorithm of the same key", { alg: "PS256" }],
    ["signed with the public key as if it were a secret", { alg: "HS256", key: new Uint8Array(32).fill(1) }],
  ])("is refused: one %s", async (_, made) => {
    const { verify } = tenant([[ONE.publicKey, "one"]]);
    const token = await tokenOf(made);
    const error = await refusalOf(verify(token));
    expect(error.code).toBe("ERR_AUTHN_PROOF_FAILED");
    for (const part of token.split(".")) expect(error.message).not.toContain(part);
  });

  it("is refused where it isn't signed, or is none, or was changed", async () => {
    const { verify } = tenant([[ONE.publicKey, "one"]]);
    const unsigned = new UnsecuredJWT({ sub: "ada", cred: "c" }).setAudience(RP).setExpirationTime("5m").encode();
    const [header, , signature] = (await tokenOf()).split(".");
    const [, payload] = (await tokenOf({ claims: { sub: "eve" } })).split(".");
    for (const token of [unsigned, "", "a.b.c", [header, payload, signature].join(".")])
      expect((await refusalOf(verify(token))).code).toBe("ERR_AUTHN_PROOF_FAILED");
  });
});

describe("the tenant's keys", () => {
  it("are fetched once for all tokens of their time, also for those that come at once", async () => {
    const { verify, fetches } = tenant([[ONE.publicKey, "one"]]);
    const tokens = [await tokenOf(), await tokenOf(), await tokenOf()];
    await Promise.all(tokens.map((token) => verify(token)));
    clock.advance(599_999);
    await verify(await tokenOf());
    expect(fetches()).toBe(1);
    clock.advance(1);
    await verify(await tokenOf());
    expect(fetches()).toBe(2);
  });

  it("are fetched once more for a token of a key that isn't among them", async () => {
    const { verify, fetches } = tenant([[ONE.publicKey, "one"]], [[TWO.publicKey, "two"]]);
    await verify(await tokenOf());
    await verify(await tokenOf({ kid: "two", key: TWO.privateKey }));
    expect(fetches()).toBe(2);
    expect((await refusalOf(verify(await tokenOf({ kid: "three" })))).code).toBe("ERR_AUTHN_PROOF_FAILED");
    expect(fetches()).toBe(3);
  });

  it("aren't fetched again for a token that fails otherwise, nor where they have just been fetched", async () => {
    const { verify, fetches } = tenant([[ONE.publicKey, "one"]]);
    await refusalOf(verify(await tokenOf({ kid: "three" })));
    expect(fetches()).toBe(1);
    await refusalOf(verify(await tokenOf({ claims: { exp: 1 } })));
    expect(fetches()).toBe(1);
  });

  it("are asked for again after a failure, which is told as what it is", async () => {
    const {
      passkey,
      requests,
      clock: served,
    } = await serve((response, count, sent) => reply(count === 1 ? 500 : 200, { keys: [] })(response, count, sent));
    const verify = hankoTokenVerifier(() => passkey.passkey.jwks(), RP, served);
    const token = await tokenOf();
    expect((await refusalOf(verify(token))).message).toContain("Hanko Passkey API answered 500 to JWKS");
    expect((await refusalOf(verify(token))).code).toBe("ERR_AUTHN_PROOF_FAILED");
    expect(requests).toHaveLength(2);
  });
});
