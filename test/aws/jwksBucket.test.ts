import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentText } from "../../providers/baikal/ring/documentText.js";
import { JwksBucket, type JwksBucketArgs } from "../../src/aws/index.js";
import { declared, refused, settled } from "./_mocks.js";

const active = { kty: "RSA", n: "sXch", e: "AQAB", alg: "RS256", use: "sig", kid: "active" };
const standby = { kid: "standby", kty: "RSA", n: "tYdi", e: "AQAB", alg: "RS256", use: "sig" };
const jwks = { ring: "tag", keys: [active, standby] };
const published =
  '{"keys":[{"alg":"RS256","e":"AQAB","kid":"active","kty":"RSA","n":"sXch","use":"sig"},' +
  '{"alg":"RS256","e":"AQAB","kid":"standby","kty":"RSA","n":"tYdi","use":"sig"}],"ring":"tag"}\n';

const bucketWith = (args: JwksBucketArgs) => declared(() => new JwksBucket("billing", args));

describe("the bucket of a JWKS", () => {
  test("is closed to the public in all four ways, versioned, encrypted, and its objects are the owner's", async () => {
    const { one } = await bucketWith({ jwks });
    const bucket = "billing-0a1b2c3";
    expect(one("Bucket")).toEqual({});
    expect(one("BucketPublicAccessBlock")).toEqual({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(one("BucketOwnershipControls")).toEqual({ bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    expect(one("BucketVersioning")).toEqual({ bucket, versioningConfiguration: { status: "Enabled" } });
    expect(one("BucketServerSideEncryptionConfiguration")).toEqual({
      bucket,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
  });

  test("lets one distribution read one object, and nobody else anything", async () => {
    const { one } = await bucketWith({ jwks, path: "keys/billing.json" });
    expect(one("BucketPolicy")).toEqual({ bucket: "billing-0a1b2c3", policy: expect.any(String) });
    expect(JSON.parse(String(one("BucketPolicy")["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DistributionReadsJwks",
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::billing-0a1b2c3/keys/billing.json"],
          Condition: { StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1" } },
        },
      ],
    });
  });

  test("takes the name that it is given", async () => {
    const { result, one } = await bucketWith({ bucketName: "example-keys" });
    expect(one("Bucket")).toEqual({ bucket: "example-keys" });
    expect(await settled(result.bucketName)).toBe("example-keys");
  });
});

describe("a published JWKS", () => {
  test("is the canonical text of the keys, in their order, with the media type and the cache time", async () => {
    const { one } = await bucketWith({ jwks, publisherCache: "5m" });
    expect(one("BucketObjectv2")).toEqual({
      bucket: "billing-0a1b2c3",
      key: "jwks.json",
      content: published,
      contentType: "application/jwk-set+json",
      cacheControl: "public, max-age=300",
    });
  });

  test("comes from a ring that was first told the address", async () => {
    const { result, one } = await declared(() => {
      const bucket = new JwksBucket("billing");
      bucket.publish(bucket.url.apply((url) => ({ ...jwks, ring: url })));
      return bucket;
    });
    expect(await settled(result.url)).toBe("https://d1.cloudfront.net/jwks.json");
    expect(one("BucketObjectv2")["content"]).toContain('"ring":"https://d1.cloudfront.net/jwks.json"');
  });

  test("has the same bytes whatever the order of the members", () => {
    const orders = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
    const key = (members: typeof active) =>
      orders(Object.entries(members)).map((entries) => ({ kty: "", kid: "", ...Object.fromEntries(entries) }));
    const sets = fc
      .tuple(key(active), key(standby), fc.boolean())
      .map(([one, other, last]) => (last ? { ring: "tag", keys: [one, other] } : { keys: [one, other], ring: "tag" }));
    fc.assert(
      fc.property(sets, (set) => {
        expect(documentText(set)).toBe(published);
      }),
    );
  });

  test.each([
    ["without keys", { keys: [] }, "jwks.keys must hold at least one key"],
    ["with a private RSA key", { keys: [{ ...active, d: "canary" }] }, "jwks.keys.0 holds a private key"],
    ["with a symmetric key", { keys: [{ kty: "oct", kid: "a", k: "canary" }] }, "jwks.keys.0 holds a private key"],
    ["with a key that has no kid", { keys: [{ kty: "RSA", n: "canary" }] }, "jwks.keys.0.kid must be text"],
  ])("%s is refused before anything is declared", async (_what, set, what) => {
    const refusal = await refused(() => new JwksBucket("billing", { jwks: set }));
    expect(refusal).toEqual({ code: "ERR_AUTHN_INPUT", message: expect.stringContaining(what), registered: 0 });
    expect(refusal.message).not.toContain("canary");
  });

  test("is published once", async () => {
    const { result } = await bucketWith({ jwks });
    expect(() => result.publish(jwks)).toThrow(/published here already.*\(JwksBucket billing\)/);
  });
});

describe("the distribution before it", () => {
  test("is HTTPS only, asks S3 by signed requests, and keeps no error", async () => {
    const { one } = await bucketWith({ jwks });
    expect(one("OriginAccessControl")).toEqual({
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    expect(one("Distribution")).toEqual({
      comment: "JWKS of billing",
      enabled: true,
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      origins: [
        {
          originId: "jwks",
          domainName: "billing-0a1b2c3.s3.eu-west-1.amazonaws.com",
          originAccessControlId: "billing-id",
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "jwks",
        viewerProtocolPolicy: "https-only",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        cachePolicyId: "billing-id",
        compress: false,
      },
      customErrorResponses: [403, 404, 500, 502, 503, 504].map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
  });

  test("never keeps a JWKS longer than the ring counts on, and by default not at all", async () => {
    const nothing = {
      cookiesConfig: { cookieBehavior: "none" },
      headersConfig: { headerBehavior: "none" },
      queryStringsConfig: { queryStringBehavior: "none" },
      enableAcceptEncodingBrotli: false,
      enableAcceptEncodingGzip: false,
    };
    for (const [publisherCache, seconds] of [[undefined, 0] as const, ["90s", 90] as const, ["1h", 3600] as const]) {
      const { one } = await bucketWith({ jwks, ...(publisherCache === undefined ? {} : { publisherCache }) });
      expect(one("CachePolicy")).toEqual({
        comment: "No longer than the key ring counts on",
        minTtl: 0,
        defaultTtl: seconds,
        maxTtl: seconds,
        parametersInCacheKeyAndForwardedToOrigin: nothing,
      });
      expect(one("BucketObjectv2")["cacheControl"]).toBe(`public, max-age=${seconds}`);
    }
  });

  test("has a domain of one's own with TLS 1.2 at least", async () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/6f1c-a";
    const { result, one } = await bucketWith({ domain: { name: "keys.example.com", certificateArn } });
    expect(one("Distribution")).toMatchObject({
      aliases: ["keys.example.com"],
      viewerCertificate: {
        acmCertificateArn: certificateArn,
        minimumProtocolVersion: "TLSv1.2_2021",
        sslSupportMethod: "sni-only",
      },
    });
    expect(await settled(result.url)).toBe("https://keys.example.com/jwks.json");
    expect(await settled(result.distributionId)).toBe("billing-id");
  });
});

describe("arguments of a JwksBucket", () => {
  const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/6f1c-a";
  test.each<[JwksBucketArgs, string]>([
    [{ publisherCache: "500ms" }, "publisherCache must be a whole number and one of s, m, h, d, w"],
    [{ publisherCache: "0.5s" }, "publisherCache must be a whole number"],
    [{ path: "/jwks.json" }, "path must be names of letters"],
    [{ path: "*" }, "path must be names of letters"],
    [{ path: "keys/../jwks.json" }, "path must be names of letters"],
    [{ path: "jwks-?.json" }, "path must be names of letters"],
    [{ bucketName: "Billing" }, "bucketName must be 3 to 63 lower-case letters"],
    [{ domain: { name: "keys.example.com", certificateArn } }, "domain.certificateArn must be the ARN of an ACM"],
    [{ domain: { name: "*.example.com", certificateArn } }, "domain.name must be one domain name"],
  ])("%j are refused before anything is declared", async (args, what) => {
    const refusal = await refused(() => new JwksBucket("billing", args));
    expect(refusal).toEqual({ code: "ERR_AUTHN_INPUT", message: expect.stringContaining(what), registered: 0 });
  });

  test.each(["clients/billing", "Billing", "a".repeat(33), "billing-"])("a component named %s is refused", (name) => {
    expect(() => new JwksBucket(name)).toThrow(/name must be at most 32 lower-case letters, digits and hyphens/);
  });
});
