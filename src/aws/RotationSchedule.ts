/** `RotationSchedule`: `pulumi up` for a ring's stack, again and again, by AWS alone. */
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { ScheduleGroup } from "@pulumi/aws/scheduler/scheduleGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { checkName } from "./checked.js";
import { placeOf } from "./place.js";
import { trustPolicy } from "./policyDocument.js";
import { checkedRotation, type RotationScheduleArgs } from "./rotationArgs.js";
import { schedulerPolicy } from "./rotationPolicies.js";
import { rotationProject } from "./rotationProject.js";

/**
 * A schedule of EventBridge Scheduler that starts a CodeBuild project, which runs `pulumi up` for the stack of a key ring. Its two
 * roles may do no more than that takes. It stands in a stack of its own: what it runs can't change the schedule or the roles.
 * The component's name: at most 32 lower-case letters, digits and hyphens.
 * @example
 * const rotation = new RotationSchedule("billing", {
 *   source: { type: "GITHUB", location: "https://github.com/example/rotation.git" },
 *   stack: "example/billing-keys/production",
 *   secrets: { PULUMI_ACCESS_TOKEN: { secretArn: token.arn } },
 * });
 * export const log = rotation.logGroupName;
 */
export class RotationSchedule extends pulumi.ComponentResource {
  readonly projectName: pulumi.Output<string>;
  readonly scheduleArn: pulumi.Output<string>;
  /** The builds' log in CloudWatch Logs, a stream each. */
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: RotationScheduleArgs, options?: pulumi.ComponentResourceOptions) {
    checkName("RotationSchedule", name);
    const rotation = checkedRotation(args, `RotationSchedule ${name}`);
    super("pulumi-authn:aws:RotationSchedule", name, {}, options);
    const within = { parent: this };
    const place = placeOf(this);
    const { project, logGroup } = rotationProject(name, rotation, place, this);

    // A group of its own, since that is all that a role's trust can name of a schedule.
    const group = new ScheduleGroup(name, {}, within);
    const role = new Role(
      `${name}-schedule`,
      {
        assumeRolePolicy: pulumi
          .output({ place, groupArn: group.arn })
          .apply(({ place, groupArn }) => trustPolicy("scheduler.amazonaws.com", place.accountId, groupArn)),
      },
      within,
    );
    const { deadLetterQueueArn, enabled } = rotation;
    const rights = new RolePolicy(
      `${name}-schedule`,
      { role: role.id, policy: pulumi.output({ projectArn: project.arn, deadLetterQueueArn }).apply(schedulerPolicy) },
      within,
    );
    const schedule = new Schedule(
      name,
      {
        description: `Starts ${name}'s rotation`,
        groupName: group.name,
        scheduleExpression: rotation.schedule,
        scheduleExpressionTimezone: rotation.timeZone,
        state: pulumi.output(enabled).apply((on) => (on ? "ENABLED" : "DISABLED")),
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: project.arn,
          roleArn: role.arn,
          retryPolicy: {
            maximumRetryAttempts: rotation.retryAttempts,
            maximumEventAgeInSeconds: rotation.retrySeconds,
          },
          ...(deadLetterQueueArn === undefined ? {} : { deadLetterConfig: { arn: deadLetterQueueArn } }),
        },
      },
      { parent: this, dependsOn: [rights] },
    );

    this.projectName = project.name;
    this.scheduleArn = schedule.arn;
    this.logGroupName = logGroup.name;
    this.registerOutputs({
      projectName: this.projectName,
      scheduleArn: this.scheduleArn,
      logGroupName: this.logGroupName,
    });
  }
}
