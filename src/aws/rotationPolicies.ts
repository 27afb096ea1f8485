/** What the two roles of a rotation may do: the scheduler start one project's builds, the build what it was given and its log. */
import { type PolicyStatement, policyDocument } from "./policyDocument.js";

/** The stream's name begins with it, and each build's id follows. */
export const LOG_STREAM = "rotation";

export interface SchedulerRights {
  readonly projectArn: string;
  readonly deadLetterQueueArn: string | undefined;
}

/** The policy of the role that EventBridge Scheduler takes on. */
export function schedulerPolicy({ projectArn, deadLetterQueueArn }: SchedulerRights): string {
  return policyDocument([
    allow("SchedulerStartsBuild", ["codebuild:StartBuild"], [projectArn]),
    ...optional(
      "SchedulerKeepsUndelivered",
      "sqs:SendMessage",
      deadLetterQueueArn === undefined ? [] : [deadLetterQueueArn],
    ),
  ]);
}

export interface BuildRights {
  readonly logGroupArn: string;
  readonly secretArns: readonly string[];
  readonly parameterArns: readonly string[];
  /** What fetching the source takes, and the caller's own. */
  readonly statements: readonly PolicyStatement[];
}

/**
 * The policy of the role that CodeBuild takes on. Its two log resources end in a wildcard, within the project's own log group: a
 * stream's name ends in the build's id, which nobody knows beforehand; and IAM knows a log group, when a stream is created in it,
 * by its ARN with `:*`.
 */
export function buildPolicy({ logGroupArn, secretArns, parameterArns, statements }: BuildRights): string {
  return policyDocument([
    allow("BuildOpensLog", ["logs:CreateLogStream"], [`${logGroupArn}:*`]),
    allow("BuildWritesLog", ["logs:PutLogEvents"], [`${logGroupArn}:log-stream:${LOG_STREAM}/*`]),
    ...optional("BuildReadsSecrets", "secretsmanager:GetSecretValue", secretArns),
    ...optional("BuildReadsParameters", "ssm:GetParameters", parameterArns),
    ...statements,
  ]);
}

function allow(Sid: string, Action: readonly string[], Resource: readonly string[]): PolicyStatement {
  return { Sid, Effect: "Allow", Action, Resource };
}

/** IAM refuses a statement without a resource. */
function optional(sid: string, action: string, resources: readonly string[]): PolicyStatement[] {
  return resources.length === 0 ? [] : [allow(sid, [action], resources)];
}
