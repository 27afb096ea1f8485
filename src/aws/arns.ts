/** The forms of ARNs that the components take: exact ones, since `*` and `?` in a policy's resource stand for anything. */
import { z } from "zod";

const PARTITION = "arn:aws(-cn|-us-gov)?";
const OWNER = "[a-z0-9-]+:\\d{12}";

const exactArn = (rest: string, expected: string) => z.string().regex(new RegExp(`^${PARTITION}:${rest}$`), expected);

export const roleArn = exactArn(
  "iam::\\d{12}:role/[\\w+=,.@/-]+",
  'must be the ARN of one IAM role: "arn:aws:iam::123456789012:role/billing"',
);
export const secretArn = exactArn(
  `secretsmanager:${OWNER}:secret:[\\w/+=.@!-]+`,
  "must be the ARN of one secret of Secrets Manager",
);
export const queueArn = exactArn(`sqs:${OWNER}:[\\w.-]+`, "must be the ARN of one SQS queue");
export const repositoryArn = exactArn(`codecommit:${OWNER}:[\\w.-]+`, "must be the ARN of one CodeCommit repository");
export const connectionArn = exactArn(
  `(codeconnections|codestar-connections):${OWNER}:connection/[\\w-]+`,
  "must be the ARN of one connection of CodeConnections",
);
export const bucketArn = exactArn("s3:::[a-z0-9.-]+", 'must be the ARN of one bucket: "arn:aws:s3:::name"');
/** CloudFront takes certificates of us-east-1 only; those of AWS in China are not ACM's. */
export const certificateArn = exactArn(
  "acm:us-east-1:\\d{12}:certificate/[\\w-]+",
  "must be the ARN of an ACM certificate in us-east-1, which is where CloudFront looks",
);

/** An object's key in a bucket: it stands in a URL, and in a policy's resource, where `*`, `?` and `$` would mean more. */
export const objectKey = z.string().regex(
  // No dots alone: a client takes them out of the address, and would ask for another object.
  /^(?!(.*\/)?\.{1,2}(\/|$))[\w.-]+(\/[\w.-]+)*$/,
  "must be names of letters, digits, dots, hyphens and underscores, with / between",
);
