import { createPublicKey, sign, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derivationFrom, seed } from "../../../providers/host/derivation.js";
import { deriveP256, P256_DERIVATION_BYTES } from "../../../providers/host/p256.js";
import { publicKeyText } from "../../../providers/keyri/publicKey.js";

const owner = { project: "project", stack: "dev", type: "KeyriPublicKey", name: "ada/phone" };
const root = Buffer.alloc(32, 7);

describe("derivation from the seed", () => {
  it("gives the same key for ever: a change here would change every derived key of every user", () => {
    const derive = derivationFrom(root, "https://keyri.example.com");
    const key = deriveP256(derive("keyri/device-key/P-256", owner, 1, P256_DERIVATION_BYTES));
    expect(publicKeyText(createPublicKey(key))).toBe(
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPJVx4+zGS8j8lW8xfHcXysp+Vbzu6NGx+qUjJThXQG+FMc7iR3/bigtLMxO7hyawWDvVkaQBkaqhWy23PNs3EQ==",
    );
  });

  it("gives other bytes whenever any one of the names differs, and however they are cut", () => {
    const name = fc.string();
    const parts = fc.record({
      purpose: name,
      service: name,
      project: name,
      stack: name,
      type: name,
      name,
      generation: fc.integer({ min: 1, max: 9 }),
    });
    const derived = ({
      purpose,
      service,
      generation,
      ...rest
    }: {
      purpose: string;
      service: string;
      project: string;
      stack: string;
      type: string;
      name: string;
      generation: number;
    }) => derivationFrom(root, service)(purpose, rest, generation, 32).toString("hex");
    fc.assert(
      fc.property(
        parts,
        parts,
        (one, two) => (JSON.stringify(one) === JSON.stringify(two)) === (derived(one) === derived(two)),
      ),
    );
    const cut = { purpose: "p", service: "s", project: "ab", stack: "c", type: "t", name: "n", generation: 1 };
    expect(derived(cut)).not.toBe(derived({ ...cut, project: "a", stack: "bc" }));
  });

  it("doesn't look at where a resource is declared", () => {
    const derive = derivationFrom(root, "s");
    expect(derive("p", { ...owner, declaredIn: "ada in people.yaml" }, 1, 32)).toEqual(derive("p", owner, 1, 32));
  });

  it("makes keys that sign", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 48 }), (bytes) => {
        const key = deriveP256(Buffer.from(bytes));
        const signature = sign("sha256", Buffer.from("text"), key);
        return verify("sha256", Buffer.from("text"), createPublicKey(key), signature);
      }),
      { numRuns: 25 },
    );
  });
});

describe("the seed", () => {
  it.each([
    "",
    "short",
    Buffer.alloc(31).toString("base64"),
    Buffer.alloc(33).toString("base64"),
    Buffer.alloc(32).toString("hex"),
  ])("%j is refused, with the command that makes one, and without its value", (text) => {
    const parsed = seed.safeParse(text);
    expect(parsed.success).toBe(false);
    const said = parsed.error?.issues.map(({ message }) => message).join() ?? "";
    expect(said).toContain("openssl rand -base64 32");
    if (text !== "") expect(said).not.toContain(text);
  });
});
