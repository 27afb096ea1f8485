/** `pulumi-authn/aws`: a client's keys on AWS. The only entry that loads `@pulumi/aws`. */
export type { SecretVariable } from "./buildEnvironment.js";
export type { BuildSource, CodeCommitSource, HostedSource, S3Source } from "./buildSource.js";
export type { BuildStatement } from "./callerStatements.js";
export { JwksBucket, type JwksBucketArgs } from "./JwksBucket.js";
export type { JwksDomain } from "./jwksDistribution.js";
export type { JsonWebKeySet } from "./publicKeySet.js";
export { RotationSchedule } from "./RotationSchedule.js";
export type { RotationScheduleArgs } from "./rotationArgs.js";
export { SigningKeySecret, type SigningKeySecretArgs } from "./SigningKeySecret.js";
export type { SecretFormat } from "./signingKeyText.js";
