/** The build's environment: plain variables, which anyone who sees the project reads, and secrets, which stay where they are kept. */
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { secretArn } from "./arns.js";
import { type Place, parameterArn } from "./place.js";

/** A variable whose value CodeBuild fetches at each build. */
export type SecretVariable =
  | {
      /** Of a secret of Secrets Manager. */
      readonly secretArn: pulumi.Input<string>;
      /** The member of the secret's JSON. Default: its whole text. */
      readonly jsonKey?: pulumi.Input<string>;
    }
  | {
      /** The name of a parameter of Systems Manager, in the stack's account and region: `/rotation/token`. */
      readonly parameter: pulumi.Input<string>;
    };

/** These hold secrets wherever they are set: Pulumi's, AWS's, and those that this package reads of the environment. */
const NEVER_PLAIN =
  /^(AWS_SECRET_ACCESS_KEY|AUTHN_SEED|AUTHN_FIXTURE_\w+|\w+_(TOKEN|SECRET|API_KEY|PASSPHRASE|PASSWORD))$/;
const NAME = /^(?!CODEBUILD_|ROTATION_)[A-Za-z_]\w*$/;
const NAME_EXPECTED = "must be letters, digits and underscores, and begin with neither CODEBUILD_ nor ROTATION_";

const plainName = z
  .string()
  .regex(NAME, NAME_EXPECTED)
  .refine((name) => !NEVER_PLAIN.test(name), "is a secret: give it in secrets, from where CodeBuild fetches it");
const secretName = z.string().regex(NAME, NAME_EXPECTED);

const jsonKey = z.string().regex(/^[^:\s]+$/, "must be one member's name, without a colon");
const parameter = z.string().regex(/^\/?[\w.-]+(\/[\w.-]+)*$/, 'must be the name of one parameter: "/rotation/token"');
const secretVariable = z.union(
  [z.strictObject({ secretArn, jsonKey: jsonKey.optional() }), z.strictObject({ parameter })],
  "must be { secretArn, jsonKey? } or { parameter }",
);

export const plainVariables = z.record(plainName, z.string("must be text"));
export const secretVariables = z.record(secretName, secretVariable);
type SecretVariables = z.output<typeof secretVariables>;

interface EnvironmentVariable {
  readonly name: string;
  readonly type: "PLAINTEXT" | "SECRETS_MANAGER" | "PARAMETER_STORE";
  readonly value: string;
}

/** As CodeBuild takes them. */
export function environmentVariables(
  plain: Readonly<Record<string, string>>,
  secrets: SecretVariables,
): EnvironmentVariable[] {
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, type: "PLAINTEXT" as const, value })),
    ...Object.entries(secrets).map(([name, from]) => ({ name, ...fetched(from) })),
  ];
}

function fetched(from: z.output<typeof secretVariable>): Pick<EnvironmentVariable, "type" | "value"> {
  if ("parameter" in from) return { type: "PARAMETER_STORE", value: from.parameter };
  const { secretArn, jsonKey } = from;
  return { type: "SECRETS_MANAGER", value: jsonKey === undefined ? secretArn : `${secretArn}:${jsonKey}` };
}

/** What the build reads, each ARN once. */
export function readByBuild(secrets: SecretVariables, place: Place) {
  const secretArns = new Set<string>();
  const parameterArns = new Set<string>();
  for (const from of Object.values(secrets)) {
    if ("parameter" in from) parameterArns.add(parameterArn(place, from.parameter));
    else secretArns.add(from.secretArn);
  }
  return { secretArns: [...secretArns], parameterArns: [...parameterArns] };
}
