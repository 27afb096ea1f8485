import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { bucketArn, objectKey, queueArn, roleArn, secretArn } from "../../src/aws/arns.js";
import { readByBuild, secretVariables } from "../../src/aws/buildEnvironment.js";
import { buildSource, fetching } from "../../src/aws/buildSource.js";
import { buildStatement, callerStatement } from "../../src/aws/callerStatements.js";
import { jwksPolicy } from "../../src/aws/jwksPolicy.js";
import { buildProjectArn, type Place } from "../../src/aws/place.js";
import { trustPolicy } from "../../src/aws/policyDocument.js";
import { buildPolicy, schedulerPolicy } from "../../src/aws/rotationPolicies.js";
import { secretPolicy } from "../../src/aws/secretPolicy.js";

/** IAM's grammar, as far as these documents use it: an unknown member fails. */
const policy = z.strictObject({
  Version: z.literal("2012-10-17"),
  Statement: z
    .array(
      z.strictObject({
        Sid: z.string().regex(/^[A-Za-z0-9]+$/),
        Effect: z.literal("Allow"),
        Principal: z
          .union([z.strictObject({ Service: z.string() }), z.strictObject({ AWS: z.array(z.string()).min(1) })])
          .optional(),
        Action: z.array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/)).min(1),
        Resource: z.array(z.string().startsWith("arn:aws")).min(1).optional(),
        Condition: z.strictObject({ StringEquals: z.record(z.string(), z.string()) }).optional(),
      }),
    )
    .min(1),
});

const fromAlphabet = (alphabet: string, maxLength = 20) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength });
const word = fromAlphabet("abcdefghijklmnopqrstuvwxyz0123456789-");
const anyText = fc.oneof(word, fromAlphabet('ab*?{}$/:." '), fc.string());
const accountId = fromAlphabet("0123456789").map((digits) => digits.padEnd(12, "0").slice(0, 12));
const place: fc.Arbitrary<Place> = fc.record({
  partition: fc.constantFrom("aws", "aws-cn", "aws-us-gov"),
  region: fc.constantFrom("eu-west-1", "cn-north-1", "us-gov-east-1", "ap-southeast-4"),
  accountId,
});
/** ARNs, right and wrong: what the schema refuses never comes to a policy. */
const arnOf = (service: string, kind: string) =>
  fc
    .tuple(place, anyText)
    .map(([at, rest]) => `arn:${at.partition}:${service}:${at.region}:${at.accountId}:${kind}${rest}`);
const taken = <S extends z.ZodType>(schema: S, given: fc.Arbitrary<unknown>): fc.Arbitrary<z.output<S>> =>
  given.filter((value) => schema.safeParse(value).success).map((value) => schema.parse(value));

const bucket = taken(
  bucketArn,
  fc.tuple(place, anyText).map(([at, rest]) => `arn:${at.partition}:s3:::${rest}`),
);
const key = taken(
  objectKey,
  fc.oneof(
    anyText,
    fc.array(word, { minLength: 1 }).map((parts) => parts.join("/")),
  ),
);
const role = taken(
  roleArn,
  fc.tuple(place, anyText).map(([at, rest]) => `arn:${at.partition}:iam::${at.accountId}:role/${rest}`),
);
const secret = taken(secretArn, arnOf("secretsmanager", "secret:"));
const queue = taken(queueArn, arnOf("sqs", ""));

function statementsOf(document: string) {
  return policy.parse(JSON.parse(document)).Statement;
}
function wildcardsIn(document: string): string[] {
  return statementsOf(document).flatMap(({ Action, Resource = [], Principal = {}, Condition = {} }) => {
    const texts = [...Action, ...Resource, JSON.stringify(Principal), JSON.stringify(Condition)];
    return texts.filter((text) => /[*?$]/.test(text));
  });
}

describe("a policy that a component makes", () => {
  test("of a bucket names one object and one distribution, whatever their names", () => {
    const distributions = fc
      .tuple(place, word)
      .map(([at, id]) => `arn:${at.partition}:cloudfront::${at.accountId}:distribution/${id}`);
    fc.assert(
      fc.property(bucket, key, distributions, (bucketArn, path, distributionArn) => {
        const document = jwksPolicy({ bucketArn, path, distributionArn });
        expect(wildcardsIn(document)).toEqual([]);
        expect(statementsOf(document)).toMatchObject([
          { Resource: [`${bucketArn}/${path}`], Condition: { StringEquals: { "AWS:SourceArn": distributionArn } } },
        ]);
      }),
    );
  });

  test("of a secret names that secret and exact roles, each once", () => {
    fc.assert(
      fc.property(secret, fc.array(role, { minLength: 1, maxLength: 5 }), (arn, readers) => {
        const document = secretPolicy(arn, readers);
        expect(wildcardsIn(document)).toEqual([]);
        const [statement] = statementsOf(document);
        expect(statement?.Resource).toEqual([arn]);
        expect(statement?.Principal).toEqual({ AWS: [...new Set(readers)].sort() });
        expect(secretPolicy(arn, [...readers].reverse())).toBe(document);
      }),
    );
  });

  test("of a role's trust names one service, one account and one resource", () => {
    fc.assert(
      fc.property(place, word, (at, project) => {
        const document = trustPolicy("codebuild.amazonaws.com", at.accountId, buildProjectArn(at, project));
        expect(wildcardsIn(document)).toEqual([]);
        expect(statementsOf(document)).toHaveLength(1);
      }),
    );
  });

  test("of the scheduler names one project, and one queue where there is one", () => {
    fc.assert(
      fc.property(place, word, fc.option(queue, { nil: undefined }), (at, project, deadLetterQueueArn) => {
        const projectArn = buildProjectArn(at, project);
        const document = schedulerPolicy({ projectArn, deadLetterQueueArn });
        expect(wildcardsIn(document)).toEqual([]);
        const resources = statementsOf(document).flatMap(({ Resource = [] }) => Resource);
        expect(resources).toEqual(deadLetterQueueArn === undefined ? [projectArn] : [projectArn, deadLetterQueueArn]);
      }),
    );
  });

  test("of the build has wildcards within its own log group only, and where its caller named a bucket's objects", () => {
    const secrets = taken(
      secretVariables,
      fc.dictionary(
        fromAlphabet("ABC_"),
        fc.oneof(
          fc.record({ secretArn: secret, jsonKey: word }),
          fc.record({
            parameter: fc.oneof(
              anyText,
              key.map((name) => `/${name}`),
            ),
          }),
        ),
      ),
    );
    const sources = taken(buildSource, fc.record({ type: fc.constant("S3"), bucketArn: bucket, key }));
    const actions = fc.array(fc.oneof(anyText, fc.constantFrom("s3:GetObject", "kms:Decrypt", "s3:*", "*")), {
      minLength: 1,
      maxLength: 3,
    });
    const resources = fc.array(
      fc.oneof(
        anyText,
        secret,
        bucket,
        bucket.map((arn) => `${arn}/*`),
        fc.tuple(bucket, key).map(([arn, path]) => `${arn}/${path}/*`),
      ),
      { minLength: 1, maxLength: 3 },
    );
    const statements = fc.array(taken(buildStatement, fc.record({ actions, resources })), { maxLength: 3 });
    fc.assert(
      fc.property(place, word, secrets, sources, statements, (at, group, secrets, source, given) => {
        const logGroupArn = `arn:${at.partition}:logs:${at.region}:${at.accountId}:log-group:${group}`;
        const callers = given.map(callerStatement);
        const rights = { logGroupArn, ...readByBuild(secrets, at) };
        const document = buildPolicy({ ...rights, statements: [...fetching(source).statements, ...callers] });
        const objects = wildcardsIn(document).filter((resource) => !resource.startsWith(`${logGroupArn}:`));
        for (const resource of objects)
          expect(resource).toMatch(/^arn:aws(-cn|-us-gov)?:s3:::[a-z0-9.-]+\/([^*?$]+\/)?\*$/);
        if (callers.length === 0) expect(objects).toEqual([]);
        expect(wildcardsIn(document)).toEqual(
          expect.arrayContaining([`${logGroupArn}:*`, `${logGroupArn}:log-stream:rotation/*`]),
        );
        const sids = statementsOf(document).map(({ Sid }) => Sid);
        expect(new Set(sids).size).toBe(sids.length);
      }),
    );
  });
});
