import { generateKeyPairSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { SigningKeySecret, type SigningKeySecretArgs } from "../../src/aws/index.js";
import { declared, refused, settled } from "./_mocks.js";

const kid = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
const { privateKey: pem, publicKey } = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const key = { activeKid: kid, activePrivateKey: pem, algorithm: "ES256" } as const;
const issuer = "https://billing.example/";
const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:billing-0a1b2c3-XyZ123";
const reader = "arn:aws:iam::123456789012:role/service/billing";

const secretWith = (args: SigningKeySecretArgs) => declared(() => new SigningKeySecret("billing", args));

describe("the secret of a signing key", () => {
  test("can be restored for a month, and its key is that of the account", async () => {
    const { one, result } = await secretWith(key);
    expect(one("Secret")).toEqual({
      description: "The active signing key of a client of Baikal",
      recoveryWindowInDays: 30,
    });
    expect(await settled(result.arn)).toBe(arn);
    expect(await settled(result.secretName)).toBe("billing-0a1b2c3");
    expect(await settled(result.versionId)).toBe("v1");
  });

  test("takes a name, a KMS key and another time to restore it", async () => {
    const given = { secretName: "billing/signing-key", kmsKeyId: "alias/keys", recoveryWindowDays: 0 };
    const { one } = await secretWith({ ...key, ...given });
    expect(one("Secret")).toMatchObject({
      name: "billing/signing-key",
      kmsKeyId: "alias/keys",
      recoveryWindowInDays: 0,
    });
  });

  test("holds the key and all that an application signs with, as a secret of the stack too", async () => {
    // As a plain text: the component makes it a secret all the same.
    const { one } = await secretWith({ ...key, issuer });
    const { secretId, secretString, ...more } = one("SecretVersion");
    expect({ secretId, more }).toEqual({ secretId: "billing-id", more: {} });
    // What the SDK sends for a secret.
    const value = JSON.stringify({ alg: "ES256", issuer, kid, privateKey: pem });
    expect(secretString).toEqual({ [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value });
  });

  test("holds the PEM alone where that is asked for, and no issuer where none is known", async () => {
    const plain = await secretWith({ ...key, format: "pem" });
    expect(plain.one("SecretVersion")["secretString"]).toMatchObject({ value: pem });
    const json = await secretWith(key);
    const value = JSON.stringify({ alg: "ES256", kid, privateKey: pem });
    expect(json.one("SecretVersion")["secretString"]).toMatchObject({ value });
  });

  test("keeps the version before: a promoted key is a new version, and the old one isn't deleted", async () => {
    const options = new Map<string, pulumi.CustomResourceOptions>();
    const transformations: pulumi.ResourceTransformation[] = [
      ({ type, opts }) => {
        options.set(type, opts);
        return undefined;
      },
    ];
    await declared(() => new SigningKeySecret("billing", key, { transformations }));
    expect(options.get("aws:secretsmanager/secretVersion:SecretVersion")).toMatchObject({
      replaceOnChanges: ["secretString"],
      retainOnDelete: true,
    });
    expect(options.get("aws:secretsmanager/secret:Secret")).not.toHaveProperty("retainOnDelete");
  });
});

describe("the secret's policy", () => {
  test("lets the roles named read that secret, each once, and do nothing else", async () => {
    const other = "arn:aws:iam::210987654321:role/reader";
    const { one } = await secretWith({ ...key, readers: [other, pulumi.output(reader), other] });
    expect(one("SecretPolicy")).toEqual({ secretArn: arn, blockPublicPolicy: true, policy: expect.any(String) });
    expect(JSON.parse(String(one("SecretPolicy")["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ReadersGetSigningKey",
          Effect: "Allow",
          Principal: { AWS: [reader, other] },
          Action: ["secretsmanager:GetSecretValue"],
          Resource: [arn],
        },
      ],
    });
  });

  test("is none without readers", async () => {
    const { resources } = await secretWith({ ...key, readers: [] });
    expect(resources.map(({ type }) => type)).not.toContain("SecretPolicy");
  });
});

describe("arguments of a SigningKeySecret", () => {
  test.each<[string, Partial<SigningKeySecretArgs>, string]>([
    ["a public key", { activePrivateKey: publicKey }, "activePrivateKey must be one private key in PEM"],
    ["two private keys", { activePrivateKey: pem + pem }, "activePrivateKey must be one private key in PEM"],
    ["a kid of another kind", { activeKid: "2024-01" }, "activeKid must be an RFC 7638 thumbprint"],
    ["an empty issuer", { issuer: "" }, "issuer must not be empty"],
    ["a reader that is everyone", { readers: ["*"] }, "readers.0 must be the ARN of one IAM role"],
    ["a whole account", { readers: [reader, "arn:aws:iam::123456789012:root"] }, "readers.1 must be the ARN"],
    ["roles by a wildcard", { readers: ["arn:aws:iam::123456789012:role/*"] }, "readers.0 must be the ARN"],
    ["a time to restore below a week", { recoveryWindowDays: 6 }, "recoveryWindowDays must be 7 to 30 days, or 0"],
    ["a name with spaces", { secretName: "signing key" }, "secretName must be 1 to 512 letters"],
  ])("with %s are refused before anything is declared, and the key isn't in the message", async (_what, args, what) => {
    const refusal = await refused(() => new SigningKeySecret("billing", { ...key, ...args }));
    expect(refusal).toEqual({ code: "ERR_AUTHN_INPUT", message: expect.stringContaining(what), registered: 0 });
    expect(refusal.message).not.toContain(pem.slice(30, 60));
  });
});
