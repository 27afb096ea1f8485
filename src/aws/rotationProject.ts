/** The CodeBuild project that runs `pulumi up`, one build at a time, with its log group and its role. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Project } from "@pulumi/aws/codebuild/project.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { environmentVariables, readByBuild } from "./buildEnvironment.js";
import { fetching } from "./buildSource.js";
import { type RotationVariables, rotationBuildspec } from "./buildspec.js";
import { callerStatement } from "./callerStatements.js";
import { buildProjectArn, type Place } from "./place.js";
import { trustPolicy } from "./policyDocument.js";
import type { Rotation } from "./rotationArgs.js";
import { buildPolicy, LOG_STREAM } from "./rotationPolicies.js";

export function rotationProject(
  name: string,
  rotation: Rotation,
  place: pulumi.Output<Place>,
  parent: pulumi.Resource,
): { readonly project: Project; readonly logGroup: LogGroup } {
  const within = { parent };
  // Fixed, since the role's trust names the project, which itself names the role.
  const projectName = `${name}-${pulumi.getStack()}`.replace(/[^\w-]/g, "-");
  const logGroup = new LogGroup(name, { retentionInDays: rotation.logRetentionDays }, within);
  const role = new Role(
    `${name}-build`,
    {
      assumeRolePolicy: place.apply((at) =>
        trustPolicy("codebuild.amazonaws.com", at.accountId, buildProjectArn(at, projectName)),
      ),
    },
    within,
  );
  const { source, secrets, statements } = rotation;
  const policy = pulumi
    .output({ place, source, secrets, statements, logGroupArn: logGroup.arn })
    .apply(({ place, source, secrets, statements, logGroupArn }) =>
      buildPolicy({
        logGroupArn,
        ...readByBuild(secrets, place),
        statements: [...fetching(source).statements, ...statements.map(callerStatement)],
      }),
    );
  const rights = new RolePolicy(`${name}-build`, { role: role.id, policy }, within);
  const project = new Project(
    name,
    {
      name: projectName,
      description: "Runs pulumi up for a key ring",
      serviceRole: role.arn,
      source: pulumi
        .output({ source, buildspec: rotation.buildspec ?? rotationBuildspec })
        .apply(({ source, buildspec }) => ({ ...fetching(source).source, buildspec })),
      ...versionOf(rotation),
      artifacts: { type: "NO_ARTIFACTS" },
      environment: {
        type: "LINUX_CONTAINER",
        computeType: "BUILD_GENERAL1_SMALL",
        image: rotation.image,
        environmentVariables: variablesOf(rotation),
      },
      // Two runs at once could only wait for each other at the stack's lock.
      concurrentBuildLimit: 1,
      buildTimeout: rotation.minutes,
      queuedTimeout: rotation.minutes,
      logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: logGroup.name, streamName: LOG_STREAM } },
    },
    { parent, dependsOn: [rights] },
  );
  return { project, logGroup };
}

function versionOf({ source }: Rotation): { sourceVersion: pulumi.Output<string | undefined> } {
  return { sourceVersion: pulumi.output(source).apply((from) => ("version" in from ? from.version : undefined)) };
}

function variablesOf({ variables, secrets, stack, directory, pulumiVersion }: Rotation) {
  return pulumi
    .output({ variables, secrets, stack, directory, pulumiVersion })
    .apply(({ variables, secrets, stack, directory, pulumiVersion }) => {
      const own: RotationVariables = {
        ROTATION_STACK: stack,
        ROTATION_DIRECTORY: directory,
        ROTATION_PULUMI_VERSION: pulumiVersion,
      };
      return environmentVariables({ ...own, ...variables }, secrets);
    });
}
