/** What the caller lets the build do beside, say reading its backend's state: named actions on named resources. */
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { PolicyStatement } from "./policyDocument.js";

/** One of the caller's statements. */
export interface BuildStatement {
  /** Each named in full: `s3:GetObject`. */
  readonly actions: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * ARNs without a wildcard. One form may end in one: the objects of a named bucket, `arn:aws:s3:::bucket/*` or
   * `arn:aws:s3:::bucket/folder/*`, since a backend's state is many of them.
   */
  readonly resources: pulumi.Input<pulumi.Input<string>[]>;
}

const action = z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/, 'must name one action, without * and ?: "s3:GetObject"');
const EXACT_ARN = /^arn:aws(-cn|-us-gov)?:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:[^*?$\s]+$/;
const OBJECTS_OF_BUCKET = /^arn:aws(-cn|-us-gov)?:s3:::[a-z0-9.-]+\/([^*?$\s]+\/)?\*$/;
const resource = z
  .string()
  .refine(
    (arn) => EXACT_ARN.test(arn) || OBJECTS_OF_BUCKET.test(arn),
    "must be one ARN without * and ?; only the objects of a named bucket may end in /*",
  );

export const buildStatement = z.object(
  {
    actions: z.array(action).min(1, "must name at least one action"),
    resources: z.array(resource).min(1, "must name at least one resource"),
  },
  "must have actions and resources",
);

/** @param index its place among the caller's statements */
export function callerStatement(
  { actions, resources }: z.output<typeof buildStatement>,
  index: number,
): PolicyStatement {
  return { Sid: `Caller${index + 1}`, Effect: "Allow", Action: actions, Resource: resources };
}
