/** AWS as Pulumi's mocks answer for it: each resource's inputs are kept, and what AWS would name is named. */
import * as pulumi from "@pulumi/pulumi";
import { isAuthnError } from "../../providers/errors.js";
import type { Place } from "../../src/aws/place.js";

export interface Registered {
  /** The type's last part: `Bucket`. */
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export const IRELAND: Place = { partition: "aws", region: "eu-west-1", accountId: "123456789012" };

/** Runs a program against the mocks and waits for all that it registered. */
export async function declared<T>(
  program: () => T,
  place: Place = IRELAND,
): Promise<{
  readonly result: T;
  readonly resources: readonly Registered[];
  one(type: string, name?: string): Record<string, unknown>;
}> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const last = type.split(":").at(-1) ?? type;
        const given: unknown = inputs;
        resources.push({ type: last, name, inputs: asRecord(given) });
        return { id: `${name}-id`, state: { ...asRecord(given), ...named(last, name, asRecord(given), place) } };
      },
      call: ({ token }) => (LOOKUPS.includes(token) ? { ...place } : {}),
    },
    "keys",
    "production",
  );
  const result = program();
  await pulumi.runtime.disconnect();
  return {
    result,
    resources,
    one: (type, name) => {
      const [only, ...more] = resources.filter((each) => each.type === type && (name ?? each.name) === each.name);
      if (only === undefined || more.length > 0) throw new Error(`not exactly one ${type}`);
      return { ...only.inputs };
    },
  };
}

const LOOKUPS = [
  "aws:index/getPartition:getPartition",
  "aws:index/getRegion:getRegion",
  "aws:index/getCallerIdentity:getCallerIdentity",
];

/** The outputs that the components read. */
function named(type: string, name: string, inputs: Readonly<Record<string, unknown>>, place: Place): object {
  const { partition, region, accountId } = place;
  const arn = (service: string, rest: string) => ({
    arn: `arn:${partition}:${service}:${region}:${accountId}:${rest}`,
  });
  switch (type) {
    case "Bucket": {
      const bucket = inputs["bucket"] ?? `${name}-0a1b2c3`;
      const host = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
      return {
        bucket,
        arn: `arn:${partition}:s3:::${bucket}`,
        bucketRegionalDomainName: `${bucket}.s3.${region}.${host}`,
      };
    }
    case "Distribution":
      return { arn: `arn:${partition}:cloudfront::${accountId}:distribution/E1`, domainName: "d1.cloudfront.net" };
    case "Secret":
      return { name: `${name}-0a1b2c3`, ...arn("secretsmanager", `secret:${name}-0a1b2c3-XyZ123`) };
    case "SecretVersion":
      return { versionId: "v1" };
    case "LogGroup":
      return { name: `${name}-0a1b2c3`, ...arn("logs", `log-group:${name}-0a1b2c3`) };
    case "Project":
      return arn("codebuild", `project/${inputs["name"]}`);
    case "ScheduleGroup":
      return { name: `${name}-0a1b2c3`, ...arn("scheduler", `schedule-group/${name}-0a1b2c3`) };
    case "Schedule":
      return arn("scheduler", `schedule/${inputs["groupName"]}/${name}`);
    case "Role":
      return { arn: `arn:${partition}:iam::${accountId}:role/${name}-0a1b2c3` };
    default:
      return {};
  }
}

/** What a program throws, and what it had registered by then. */
export async function refused(program: () => unknown): Promise<{ message: string; code: unknown; registered: number }> {
  let thrown: unknown;
  const { resources } = await declared(() => {
    try {
      program();
    } catch (error) {
      thrown = error;
    }
  });
  if (!isAuthnError(thrown)) throw new Error("the program wasn't refused", { cause: thrown });
  return { message: thrown.message, code: thrown.code, registered: resources.length };
}

/** What an output comes to. */
export function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
