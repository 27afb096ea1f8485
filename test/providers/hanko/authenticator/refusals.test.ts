import { describe, expect, it } from "vitest";
import { isAuthnError } from "../../../../providers/errors.js";
import { createCredential } from "../../../../providers/hanko/authenticator/createCredential.js";
import { getAssertion } from "../../../../providers/hanko/authenticator/getAssertion.js";
import { credentialWith, loginOptions, ORIGIN, registrationOptions } from "./_ceremony.js";

const OTHER_ID = Buffer.alloc(32, 1).toString("base64url");
const ceremony = { origin: ORIGIN, signCount: 0 };

/** The error's code and text, and the name of the DOMException that a browser would throw. */
function refusalOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (!isAuthnError(error)) throw error;
    return {
      code: error instanceof Error && "code" in error ? error.code : undefined,
      text: error.message,
      name: error.cause instanceof DOMException ? error.cause.name : undefined,
    };
  }
  return undefined;
}

describe("a registration", () => {
  it("of a credential that excludeCredentials lists is refused as one that exists, with others listed it goes on", async () => {
    const credential = await credentialWith();
    const excluding = (...ids: string[]) => registrationOptions({ excludeCredentials: ids.map((id) => ({ id })) });
    const listed = await excluding(OTHER_ID, credential.id);
    expect(refusalOf(() => createCredential(listed, credential, ceremony))).toMatchObject({
      code: "ERR_AUTHN_ALREADY_EXISTS",
      name: "InvalidStateError",
    });
    const padded = { ...listed, excludeCredentials: [{ id: `${credential.id}=`, type: "public-key" }] };
    expect(refusalOf(() => createCredential(padded, credential, ceremony))?.name).toBe("InvalidStateError");
    expect(createCredential(await excluding(OTHER_ID), credential, ceremony).id).toBe(credential.id);
  });

  it("with an algorithm that the relying party doesn't take is refused, naming both sides", async () => {
    const options = await registrationOptions({ supportedAlgorithmIDs: [-7, -257, -47] });
    const credential = await credentialWith("EdDSA");
    const refused = refusalOf(() => createCredential(options, credential, ceremony));
    expect(refused).toMatchObject({ code: "ERR_AUTHN_INPUT", name: "NotSupportedError" });
    expect(refused?.text).toContain("ES256, RS256, COSE algorithm -47");
    expect(refused?.text).toContain("EdDSA");
  });

  it("at a relying party that names no algorithm is made with ES256 or RS256 only", async () => {
    const options = { ...(await registrationOptions()), pubKeyCredParams: [] };
    const eddsa = await credentialWith("EdDSA");
    expect(refusalOf(() => createCredential(options, eddsa, ceremony))?.name).toBe("NotSupportedError");
    expect(createCredential(options, await credentialWith("ES256"), ceremony).response.publicKeyAlgorithm).toBe(-7);
  });

  it("counts no parameter of another type than public-key", async () => {
    const options = { ...(await registrationOptions()), pubKeyCredParams: [{ type: "password", alg: -7 }] };
    const credential = await credentialWith("ES256");
    expect(refusalOf(() => createCredential(options, credential, ceremony))?.name).toBe("NotSupportedError");
  });

  it("is refused where the relying party wants another attachment, a resident key or user verification", async () => {
    const cases = [
      [{ authenticatorAttachment: "cross-platform" }, {}, "NotAllowedError"],
      [{ residentKey: "required" }, { residentKey: false }, "ConstraintError"],
      [{ requireResidentKey: true }, { residentKey: false }, "ConstraintError"],
      [{ userVerification: "required" }, { userVerification: false }, "NotAllowedError"],
    ] as const;
    for (const [authenticatorSelection, authenticator, name] of cases) {
      const options = { ...(await registrationOptions()), authenticatorSelection };
      const credential = await credentialWith("ES256", authenticator);
      expect(refusalOf(() => createCredential(options, credential, ceremony))).toMatchObject({
        code: "ERR_AUTHN_INPUT",
        name,
      });
    }
  });

  it("takes the newer member where both tell of a resident key", async () => {
    const options = {
      ...(await registrationOptions()),
      authenticatorSelection: { residentKey: "discouraged", requireResidentKey: true } as const,
    };
    const credential = await credentialWith("ES256", { residentKey: false });
    expect(createCredential(options, credential, ceremony).id).toBe(credential.id);
  });

  it("of a state that no authenticator is in is refused", async () => {
    const options = await registrationOptions();
    const credential = await credentialWith();
    const backedUp = await credentialWith("ES256", { backedUp: true });
    expect(() => createCredential(options, backedUp, ceremony)).toThrow("eligible");
    for (const signCount of [-1, 2 ** 31, 0.5, Number.NaN])
      expect(() => createCredential(options, credential, { origin: ORIGIN, signCount })).toThrow("sign counter");
    const noModel = await credentialWith("ES256", { aaguid: "ea9b8d66" });
    expect(() => createCredential(options, noModel, ceremony)).toThrow("AAGUID");
  });
});

describe("an origin", () => {
  it.each([
    ["example.com", "https://example.com"],
    ["example.com", "https://login.example.com:8443"],
    ["login.example.com", "https://a.login.example.com"],
    ["localhost", "http://localhost:8080"],
    ["localhost", "https://localhost"],
    ["app.localhost", "http://app.localhost:1"],
  ])("may use the relying party id %s from %s", async (id, origin) => {
    const options = { ...(await registrationOptions()), rp: { id } };
    expect(createCredential(options, await credentialWith(), { origin, signCount: 0 }).type).toBe("public-key");
  });

  it.each([
    ["example.com", "https://example.org"],
    ["example.com", "https://badexample.com"],
    ["login.example.com", "https://example.com"],
    ["com", "https://example.com"],
    ["localhost", "http://app.localhost"],
    ["", "https://example.com"],
    [".com", "https://example.com"],
    ["example.com", "http://example.com"],
    ["127.0.0.1", "https://127.0.0.1"],
    ["0.0.1", "https://127.0.0.1"],
    ["[::1]", "http://[::1]:8080"],
    ["example.com", "https://example.com/"],
    ["example.com", "https://EXAMPLE.com"],
    ["example.com", "example.com"],
    ["example.com", "android:apk-key-hash:abc"],
  ])("may not use the relying party id %j from %s, at a registration and at a login", async (id, origin) => {
    const options = { ...(await registrationOptions()), rp: { id } };
    const credential = { ...(await credentialWith()), rpId: id };
    const page = { origin, signCount: 0 };
    expect(refusalOf(() => createCredential(options, credential, page))?.name).toBe("SecurityError");
    expect(refusalOf(() => getAssertion({ challenge: "AAAA", rpId: id }, credential, page))?.name).toBe(
      "SecurityError",
    );
  });

  it("is the relying party itself where the options name none", async () => {
    const credential = { ...(await credentialWith()), rpId: "login.example.com" };
    expect(getAssertion({ challenge: "AAAA" }, credential, ceremony).id).toBe(credential.id);
    expect(
      refusalOf(() => getAssertion({ challenge: "AAAA" }, { ...credential, rpId: "example.com" }, ceremony)),
    ).toMatchObject({
      name: "NotAllowedError",
    });
  });
});

describe("a login", () => {
  it("is refused where the relying party allows other credentials only", async () => {
    const credential = await credentialWith();
    const allowing = (...ids: string[]) => loginOptions({ allowCredentials: ids.map((id) => ({ id })) });
    const others = await allowing(OTHER_ID);
    expect(refusalOf(() => getAssertion(others, credential, ceremony))?.name).toBe("NotAllowedError");
    expect(getAssertion(await allowing(OTHER_ID, credential.id), credential, ceremony).id).toBe(credential.id);
  });

  it("that names no credential is refused for one that is not discoverable", async () => {
    const credential = await credentialWith("ES256", { residentKey: false });
    const open = await loginOptions();
    const naming = await loginOptions({ allowCredentials: [{ id: credential.id }] });
    expect(refusalOf(() => getAssertion(open, credential, ceremony))?.name).toBe("NotAllowedError");
    expect(getAssertion(naming, credential, ceremony).id).toBe(credential.id);
  });

  it("that requires user verification is refused for a credential without it", async () => {
    const credential = await credentialWith("ES256", { userVerification: false });
    const options = await loginOptions({ userVerification: "required" });
    expect(refusalOf(() => getAssertion(options, credential, ceremony))?.name).toBe("NotAllowedError");
  });
});
