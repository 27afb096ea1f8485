/** Where the Pulumi program comes from: for each kind what CodeBuild is told, and what its role may do to fetch it. */
import type { ProjectArgs } from "@pulumi/aws/codebuild/project.js";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { bucketArn, connectionArn, objectKey, repositoryArn } from "./arns.js";
import type { PolicyStatement } from "./policyDocument.js";

/** A repository that is public, or that a connection of CodeConnections opens. */
export interface HostedSource {
  readonly type: "GITHUB" | "GITLAB" | "BITBUCKET";
  /** `https://github.com/example/rotation.git` */
  readonly location: pulumi.Input<string>;
  /** A branch, tag or commit. Default: the default branch. */
  readonly version?: pulumi.Input<string>;
  readonly connectionArn?: pulumi.Input<string>;
}

export interface CodeCommitSource {
  readonly type: "CODECOMMIT";
  /** The repository's HTTPS address for cloning. */
  readonly location: pulumi.Input<string>;
  readonly version?: pulumi.Input<string>;
  readonly repositoryArn: pulumi.Input<string>;
}

/** A ZIP file in a bucket. */
export interface S3Source {
  readonly type: "S3";
  readonly bucketArn: pulumi.Input<string>;
  readonly key: pulumi.Input<string>;
}

export type BuildSource = HostedSource | CodeCommitSource | S3Source;

const location = z.string().regex(/^https:\/\/[^\s@]+$/, "must be an https address without a name and password in it");
const version = z
  .string()
  .regex(/^[\w./-]+$/, "must be a branch, tag or commit")
  .optional();
export const buildSource = z.discriminatedUnion(
  "type",
  [
    z.object({
      type: z.enum(["GITHUB", "GITLAB", "BITBUCKET"]),
      location,
      version,
      connectionArn: connectionArn.optional(),
    }),
    z.object({ type: z.literal("CODECOMMIT"), location, version, repositoryArn }),
    z.object({ type: z.literal("S3"), bucketArn, key: objectKey }),
  ],
  "must be of type GITHUB, GITLAB, BITBUCKET, CODECOMMIT or S3",
);

interface Fetching {
  readonly source: pulumi.Unwrap<ProjectArgs["source"]>;
  readonly statements: readonly PolicyStatement[];
}

/** The source as CodeBuild takes it, without the buildspec, and the statements of the build's role. */
export function fetching(from: z.output<typeof buildSource>): Fetching {
  switch (from.type) {
    case "S3":
      return {
        source: { type: "S3", location: `${from.bucketArn.replace(/^.*:/, "")}/${from.key}` },
        statements: [mayFetch(["s3:GetObject", "s3:GetObjectVersion"], `${from.bucketArn}/${from.key}`)],
      };
    case "CODECOMMIT":
      return {
        source: { type: from.type, location: from.location, gitCloneDepth: 1 },
        statements: [mayFetch(["codecommit:GitPull"], from.repositoryArn)],
      };
    default: {
      const { type, location, connectionArn } = from;
      const source = { type, location, gitCloneDepth: 1 };
      if (connectionArn === undefined) return { source, statements: [] };
      // Connections of before the service's new name keep the old one, in their ARNs and actions.
      const service = connectionArn.includes(":codestar-connections:") ? "codestar-connections" : "codeconnections";
      return {
        source: { ...source, auth: { type: "CODECONNECTIONS", resource: connectionArn } },
        statements: [mayFetch([`${service}:GetConnection`, `${service}:GetConnectionToken`], connectionArn)],
      };
    }
  }
}

function mayFetch(actions: readonly string[], resource: string): PolicyStatement {
  return { Sid: "BuildFetchesSource", Effect: "Allow", Action: actions, Resource: [resource] };
}
