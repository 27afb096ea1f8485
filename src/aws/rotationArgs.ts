/** The arguments of a `RotationSchedule`, and what is refused of them. */
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { queueArn } from "./arns.js";
import { type SecretVariable, secretVariables } from "./buildEnvironment.js";
import { type BuildSource, buildSource } from "./buildSource.js";
import { type BuildStatement, buildStatement } from "./callerStatements.js";
import { by, checked } from "./checked.js";
import { openVariables } from "./openVariables.js";
import {
  buildMinutes,
  directory,
  logRetention,
  pulumiVersion,
  retryAttempts,
  retrySeconds,
  scheduleExpression,
  stackName,
  timeZone,
} from "./scheduleInputs.js";

export interface RotationScheduleArgs {
  /** `rate(1 hour)`, or AWS's cron with six fields: `cron(5 * * * ? *)`. Default: `rate(1 hour)`. */
  readonly schedule?: pulumi.Input<string>;
  /** The IANA time zone in which cron is meant. Default: `UTC`. */
  readonly timeZone?: pulumi.Input<string>;
  /** False pauses the rotation: a ring that isn't run loses nothing but time. Default: true. */
  readonly enabled?: pulumi.Input<boolean>;
  /** Where the Pulumi program of the ring comes from. */
  readonly source: BuildSource;
  /** The folder of `Pulumi.yaml` in the source. Default: its root. */
  readonly directory?: pulumi.Input<string>;
  /** The ring's stack, not this one: `production`, `organization/production` or `organization/project/production`. */
  readonly stack: pulumi.Input<string>;
  /** The Pulumi CLI that the build fetches, an exact version. Default: `3.248.0`. */
  readonly pulumiVersion?: pulumi.Input<string>;
  /** What the build runs instead of its own commands: a buildspec, or the path of one in the source. */
  readonly buildspec?: pulumi.Input<string>;
  /** The build's image, x86-64; one of AWS's own, or one that needs no credentials. Default: AWS's Amazon Linux 2023. */
  readonly image?: pulumi.Input<string>;
  /** Plain environment variables, say `PULUMI_BACKEND_URL`: whoever may see the project reads them. */
  readonly variables?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Environment variables that CodeBuild fetches at each build, say `PULUMI_ACCESS_TOKEN` or `PULUMI_CONFIG_PASSPHRASE`. */
  readonly secrets?: Readonly<Record<string, SecretVariable>>;
  /** What the build may do beside reading those secrets and writing its log. Wildcards are refused. */
  readonly statements?: readonly BuildStatement[];
  /** After which a build is ended, 5m to 8h. Default: `30m`. */
  readonly timeout?: pulumi.Input<string>;
  /** How often a start that AWS refused is tried again, 0 to 185; one is refused while another build runs. Default: 3. */
  readonly retryAttempts?: pulumi.Input<number>;
  /** After which it is given up, 1m to 1d. Default: `15m`. */
  readonly retryFor?: pulumi.Input<string>;
  /** ARN of the SQS queue that takes starts that were given up. Default: none, the next run catches up. */
  readonly deadLetterQueueArn?: pulumi.Input<string>;
  /** How long the builds' log is kept, one of CloudWatch's spans. Default: 90. */
  readonly logRetentionDays?: pulumi.Input<number>;
}

/** AWS's curated images take `runtime-versions`. */
const IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0";

/** @throws AuthnError `ERR_AUTHN_INPUT` for a plain argument that doesn't fit; any other fails when its value comes */
export function checkedRotation(args: RotationScheduleArgs, of: string) {
  const checkedAs = <S extends z.ZodType>(given: unknown, schema: S, argument: string) =>
    checked(given, by(schema, argument, of));
  const { deadLetterQueueArn } = args;
  return {
    schedule: checkedAs(args.schedule ?? "rate(1 hour)", scheduleExpression, "schedule"),
    timeZone: checkedAs(args.timeZone ?? "UTC", timeZone, "timeZone"),
    enabled: args.enabled ?? true,
    source: checkedAs(args.source, buildSource, "source"),
    directory: checkedAs(args.directory ?? ".", directory, "directory"),
    stack: checkedAs(args.stack, stackName, "stack"),
    pulumiVersion: checkedAs(args.pulumiVersion ?? "3.248.0", pulumiVersion, "pulumiVersion"),
    buildspec: args.buildspec,
    image: args.image ?? IMAGE,
    variables: openVariables(args.variables ?? {}, of),
    secrets: checkedAs(args.secrets ?? {}, secretVariables, "secrets"),
    statements: checkedAs(args.statements ?? [], z.array(buildStatement), "statements"),
    minutes: checkedAs(args.timeout ?? "30m", buildMinutes, "timeout"),
    retryAttempts: checkedAs(args.retryAttempts ?? 3, retryAttempts, "retryAttempts"),
    retrySeconds: checkedAs(args.retryFor ?? "15m", retrySeconds, "retryFor"),
    deadLetterQueueArn:
      deadLetterQueueArn === undefined ? undefined : checkedAs(deadLetterQueueArn, queueArn, "deadLetterQueueArn"),
    logRetentionDays: checkedAs(args.logRetentionDays ?? 90, logRetention, "logRetentionDays"),
  };
}

export type Rotation = ReturnType<typeof checkedRotation>;
