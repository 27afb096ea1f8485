import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type BuildSource, RotationSchedule, type RotationScheduleArgs } from "../../src/aws/index.js";
import type { Place } from "../../src/aws/place.js";
import { declared, IRELAND, refused, settled } from "./_mocks.js";

const source: BuildSource = { type: "GITHUB", location: "https://github.com/example/rotation.git" };
const base: RotationScheduleArgs = { source, stack: "example/billing-keys/production" };
const log = "arn:aws:logs:eu-west-1:123456789012:log-group:billing-0a1b2c3";
const projectArn = "arn:aws:codebuild:eu-west-1:123456789012:project/billing-production";
const own = [
  { name: "ROTATION_STACK", type: "PLAINTEXT", value: "example/billing-keys/production" },
  { name: "ROTATION_DIRECTORY", type: "PLAINTEXT", value: "." },
  { name: "ROTATION_PULUMI_VERSION", type: "PLAINTEXT", value: "3.248.0" },
];
const writesItsLog = [
  { Sid: "BuildOpensLog", Effect: "Allow", Action: ["logs:CreateLogStream"], Resource: [`${log}:*`] },
  {
    Sid: "BuildWritesLog",
    Effect: "Allow",
    Action: ["logs:PutLogEvents"],
    Resource: [`${log}:log-stream:rotation/*`],
  },
];

const scheduleWith = (args: Partial<RotationScheduleArgs> = {}, place: Place = IRELAND) =>
  declared(() => new RotationSchedule("billing", { ...base, ...args }), place);
const statementsOf = ({ one }: Awaited<ReturnType<typeof scheduleWith>>, role: "build" | "schedule") => {
  const { policy, ...rest } = one("RolePolicy", `billing-${role}`);
  expect(rest).toEqual({ role: `billing-${role}-id` });
  const { Version, Statement } = JSON.parse(String(policy));
  expect(Version).toBe("2012-10-17");
  return Statement;
};
const trust = (service: string, accountId: string, sourceArn: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "ServiceTakesRole",
      Effect: "Allow",
      Principal: { Service: service },
      Action: ["sts:AssumeRole"],
      Condition: { StringEquals: { "aws:SourceAccount": accountId, "aws:SourceArn": sourceArn } },
    },
  ],
});

describe("the schedule", () => {
  test("starts the project every hour, tries a refused start again for a while, and gives up", async () => {
    const { one, result } = await scheduleWith();
    expect(one("ScheduleGroup")).toEqual({});
    expect(one("Schedule")).toEqual({
      description: "Starts billing's rotation",
      groupName: "billing-0a1b2c3",
      scheduleExpression: "rate(1 hour)",
      scheduleExpressionTimezone: "UTC",
      state: "ENABLED",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: projectArn,
        roleArn: "arn:aws:iam::123456789012:role/billing-schedule-0a1b2c3",
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 900 },
      },
    });
    expect(await settled(result.scheduleArn)).toMatch(/:schedule\/billing-0a1b2c3\/billing$/);
  });

  test("runs by cron in a time zone, can be paused, and keeps what couldn't be delivered", async () => {
    const deadLetterQueueArn = "arn:aws:sqs:eu-west-1:123456789012:undelivered";
    const declaredWith = await scheduleWith({
      schedule: "cron(15 3 ? * MON-FRI *)",
      timeZone: "Europe/Vienna",
      enabled: false,
      retryAttempts: 0,
      retryFor: "1h",
      deadLetterQueueArn,
    });
    expect(declaredWith.one("Schedule")).toMatchObject({
      scheduleExpression: "cron(15 3 ? * MON-FRI *)",
      scheduleExpressionTimezone: "Europe/Vienna",
      state: "DISABLED",
      target: {
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: deadLetterQueueArn },
      },
    });
    expect(statementsOf(declaredWith, "schedule").at(-1)).toEqual({
      Sid: "SchedulerKeepsUndelivered",
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: [deadLetterQueueArn],
    });
  });

  test("may start this project's builds and nothing else, and only as this schedule's group", async () => {
    const schedule = await scheduleWith();
    expect(statementsOf(schedule, "schedule")).toEqual([
      { Sid: "SchedulerStartsBuild", Effect: "Allow", Action: ["codebuild:StartBuild"], Resource: [projectArn] },
    ]);
    const { assumeRolePolicy } = schedule.one("Role", "billing-schedule");
    const group = "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/billing-0a1b2c3";
    expect(JSON.parse(String(assumeRolePolicy))).toEqual(trust("scheduler.amazonaws.com", "123456789012", group));
  });
});

describe("the project", () => {
  test("runs one build at a time, within its time, and writes its own log", async () => {
    const { one, result } = await scheduleWith({ timeout: "45m", logRetentionDays: 30 });
    expect(one("LogGroup")).toEqual({ retentionInDays: 30 });
    expect(one("Project")).toEqual({
      name: "billing-production",
      description: "Runs pulumi up for a key ring",
      serviceRole: "arn:aws:iam::123456789012:role/billing-build-0a1b2c3",
      source: { ...source, gitCloneDepth: 1, buildspec: expect.any(String) },
      artifacts: { type: "NO_ARTIFACTS" },
      environment: {
        type: "LINUX_CONTAINER",
        computeType: "BUILD_GENERAL1_SMALL",
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        environmentVariables: own,
      },
      concurrentBuildLimit: 1,
      buildTimeout: 45,
      queuedTimeout: 45,
      logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: "billing-0a1b2c3", streamName: "rotation" } },
    });
    expect(await settled(result.projectName)).toBe("billing-production");
    expect(await settled(result.logGroupName)).toBe("billing-0a1b2c3");
  });

  test("runs pulumi up on the stack, from a text that no argument is written into", async () => {
    const texts: unknown[] = [];
    for (const stack of ["production", "example/other"]) {
      const { one } = await scheduleWith({ stack, directory: "infra/keys", pulumiVersion: "3.250.1" });
      texts.push(Object(one("Project")["source"]).buildspec);
    }
    expect(texts[0]).toBe(texts[1]);
    const { version, phases } = parse(String(texts[0]));
    expect(version).toBe(0.2);
    expect(phases.build.commands).toEqual([
      'pulumi up --stack "$ROTATION_STACK" --yes --skip-preview --non-interactive',
    ]);
    expect(phases.install.commands).toContain('cd "$ROTATION_DIRECTORY"');
  });

  test("runs another buildspec, image, folder and version where they are given", async () => {
    const given = { buildspec: "ci/rotation.yml", image: "public.ecr.aws/example/rotation:1" };
    const { one } = await scheduleWith({ ...given, directory: "infra/keys", pulumiVersion: "3.250.1" });
    expect(one("Project")).toMatchObject({
      source: { buildspec: "ci/rotation.yml" },
      environment: {
        image: "public.ecr.aws/example/rotation:1",
        environmentVariables: [
          own[0],
          { name: "ROTATION_DIRECTORY", type: "PLAINTEXT", value: "infra/keys" },
          { name: "ROTATION_PULUMI_VERSION", type: "PLAINTEXT", value: "3.250.1" },
        ],
      },
    });
  });

  test("fetches secrets at each build, and may read those only", async () => {
    const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pulumi-AbCdEf";
    const schedule = await scheduleWith({
      variables: { PULUMI_BACKEND_URL: "s3://state" },
      secrets: {
        PULUMI_ACCESS_TOKEN: { secretArn: pulumi.output(secretArn), jsonKey: "token" },
        OTHER: { secretArn },
        PULUMI_CONFIG_PASSPHRASE: { parameter: "/rotation/passphrase" },
      },
      statements: [{ actions: ["s3:GetObject", "s3:PutObject"], resources: ["arn:aws:s3:::state/.pulumi/*"] }],
    });
    expect(schedule.one("Project")["environment"]).toMatchObject({
      environmentVariables: [
        ...own,
        { name: "PULUMI_BACKEND_URL", type: "PLAINTEXT", value: "s3://state" },
        { name: "PULUMI_ACCESS_TOKEN", type: "SECRETS_MANAGER", value: `${secretArn}:token` },
        { name: "OTHER", type: "SECRETS_MANAGER", value: secretArn },
        { name: "PULUMI_CONFIG_PASSPHRASE", type: "PARAMETER_STORE", value: "/rotation/passphrase" },
      ],
    });
    expect(statementsOf(schedule, "build")).toEqual([
      ...writesItsLog,
      {
        Sid: "BuildReadsSecrets",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [secretArn],
      },
      {
        Sid: "BuildReadsParameters",
        Effect: "Allow",
        Action: ["ssm:GetParameters"],
        Resource: ["arn:aws:ssm:eu-west-1:123456789012:parameter/rotation/passphrase"],
      },
      {
        Sid: "Caller1",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: ["arn:aws:s3:::state/.pulumi/*"],
      },
    ]);
  });

  test.each<Place>([
    { partition: "aws-cn", region: "cn-north-1", accountId: "210987654321" },
    { partition: "aws-us-gov", region: "us-gov-west-1", accountId: "210987654321" },
  ])("has ARNs of its partition, $partition", async (place) => {
    const schedule = await scheduleWith({ secrets: { TOKEN: { parameter: "token" } } }, place);
    const { partition, region } = place;
    expect(statementsOf(schedule, "build").at(-1).Resource).toEqual([
      `arn:${partition}:ssm:${region}:210987654321:parameter/token`,
    ]);
    const { assumeRolePolicy } = schedule.one("Role", "billing-build");
    const project = `arn:${partition}:codebuild:${region}:210987654321:project/billing-production`;
    expect(JSON.parse(String(assumeRolePolicy))).toEqual(trust("codebuild.amazonaws.com", "210987654321", project));
  });
});

describe("the source", () => {
  const connectionArn = "arn:aws:codeconnections:eu-west-1:123456789012:connection/6f1c-a";
  const oldConnectionArn = "arn:aws:codestar-connections:eu-west-1:123456789012:connection/6f1c-a";
  const repositoryArn = "arn:aws:codecommit:eu-west-1:123456789012:rotation";
  const location = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/rotation";
  const fetches = (Action: string[], resource: string) => [
    { Sid: "BuildFetchesSource", Effect: "Allow", Action, Resource: [resource] },
  ];
  test.each<[string, BuildSource, object, object[]]>([
    [
      "a connection",
      { ...source, version: "main", connectionArn },
      { auth: { type: "CODECONNECTIONS", resource: connectionArn } },
      fetches(["codeconnections:GetConnection", "codeconnections:GetConnectionToken"], connectionArn),
    ],
    [
      "a connection of before its new name",
      { ...source, version: "main", connectionArn: oldConnectionArn },
      { auth: { type: "CODECONNECTIONS", resource: oldConnectionArn } },
      fetches(["codestar-connections:GetConnection", "codestar-connections:GetConnectionToken"], oldConnectionArn),
    ],
    [
      "CodeCommit",
      { type: "CODECOMMIT", location, version: "main", repositoryArn },
      { type: "CODECOMMIT", location, gitCloneDepth: 1 },
      fetches(["codecommit:GitPull"], repositoryArn),
    ],
    [
      "an archive in S3",
      { type: "S3", bucketArn: "arn:aws:s3:::sources", key: "rotation/main.zip" },
      { type: "S3", location: "sources/rotation/main.zip" },
      fetches(["s3:GetObject", "s3:GetObjectVersion"], "arn:aws:s3:::sources/rotation/main.zip"),
    ],
  ])("of %s is fetched with the right to that one thing", async (_what, from, expected, statements) => {
    const schedule = await scheduleWith({ source: from });
    const { source: sent, sourceVersion } = schedule.one("Project");
    expect(sent).toMatchObject(expected);
    expect(sourceVersion).toBe(from.type === "S3" ? undefined : "main");
    expect(statementsOf(schedule, "build")).toEqual([...writesItsLog, ...statements]);
  });
});

describe("arguments of a RotationSchedule", () => {
  const one = (action: string, resource: string) => ({ statements: [{ actions: [action], resources: [resource] }] });
  const someObject = "arn:aws:s3:::state/object";
  test.each<[Partial<RotationScheduleArgs>, string]>([
    [{ schedule: "every hour" }, 'schedule must be "rate(1 hour)"'],
    [{ schedule: "cron(0 * * * *)" }, "schedule must be"],
    [{ schedule: "at(2030-01-01T00:00:00)" }, "schedule must be"],
    [{ timeZone: "Vienna" }, "timeZone must be an IANA time zone"],
    [{ timeZone: "+01:00" }, "timeZone must be an IANA time zone"],
    [{ timeout: "4m" }, "timeout must be whole minutes, 5m to 8h"],
    [{ timeout: "330s" }, "timeout must be whole minutes, 5m to 8h"],
    [{ retryFor: "30s" }, "retryFor must be 1m to 1d"],
    [{ retryAttempts: 186 }, "retryAttempts must be 0 to 185"],
    [{ logRetentionDays: 31 }, "logRetentionDays must be one of 1, 3, 5"],
    [{ stack: "a; rm -rf /" }, "stack must be a stack, or organization/stack"],
    [{ directory: "/etc" }, "directory must be a folder of the source"],
    [{ pulumiVersion: "latest" }, "pulumiVersion must be an exact version"],
    [{ deadLetterQueueArn: "arn:aws:sqs:eu-west-1:123456789012:*" }, "deadLetterQueueArn must be the ARN of one SQS"],
    [{ source: { type: "GITHUB", location: "https://me:canary@github.com/a/b" } }, "source.location must be an https"],
    [{ variables: { PULUMI_ACCESS_TOKEN: "canary" } }, "variables.PULUMI_ACCESS_TOKEN is a secret: give it in secrets"],
    [
      { variables: { BAIKAL_CLIENT_SECRET: "canary" } },
      "variables.BAIKAL_CLIENT_SECRET is a secret: give it in secrets",
    ],
    [{ variables: { AUTHN_FIXTURE_KEY: "canary" } }, "variables.AUTHN_FIXTURE_KEY is a secret: give it in secrets"],
    [{ variables: { "A-B": "canary" } }, "variables.A-B must be letters, digits and underscores"],
    [{ variables: { ROTATION_STACK: "canary" } }, "variables.ROTATION_STACK must be letters"],
    [
      { secrets: { A: { secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:*" } } },
      "secrets.A.secretArn must be the ARN of one secret",
    ],
    [{ secrets: { A: { parameter: "/rotation/*" } } }, "secrets.A.parameter must be the name of one"],
    [one("*", someObject), "statements.0.actions.0 must name one action, without * and ?"],
    [one("s3:*", someObject), "statements.0.actions.0 must name one action"],
    [one("s3:Get*", someObject), "statements.0.actions.0 must name one action"],
    [one("s3:GetObject", "*"), "statements.0.resources.0 must be one ARN without * and ?"],
    [one("s3:GetObject", "arn:aws:s3:::*"), "statements.0.resources.0 must be one ARN"],
    [one("s3:GetObject", "arn:aws:s3:::*/*"), "statements.0.resources.0 must be one ARN"],
    [one("s3:GetObject", "arn:aws:s3:::state*"), "statements.0.resources.0 must be one ARN"],
    [one("kms:Decrypt", "arn:aws:kms:eu-west-1:123456789012:key/*"), "statements.0.resources.0 must be one ARN"],
    [{ statements: [{ actions: [], resources: [] }] }, "statements.0.actions must name at least one action"],
  ])("%j are refused before anything is declared", async (args, what) => {
    const refusal = await refused(() => new RotationSchedule("billing", { ...base, ...args }));
    expect(refusal).toEqual({ code: "ERR_AUTHN_INPUT", message: expect.stringContaining(what), registered: 0 });
    expect(refusal.message).not.toContain("canary");
  });
});
