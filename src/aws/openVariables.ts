/** A build's plain variables. CodeBuild shows them to whoever sees the project, so none may be a secret of Pulumi's. */
import * as pulumi from "@pulumi/pulumi";
import { plainVariables } from "./buildEnvironment.js";
import { by, checked, refusal } from "./checked.js";

/** @throws AuthnError `ERR_AUTHN_INPUT` for names that don't fit; a secret value fails when it is known to be one */
export function openVariables(
  variables: Readonly<Record<string, pulumi.Input<string>>>,
  of: string,
): pulumi.Input<Record<string, string>> {
  const values = checked(variables, by(plainVariables, "variables", of));
  const marks: Promise<string[]>[] = [];
  for (const [name, value] of Object.entries(variables))
    if (pulumi.Output.isInstance(value))
      marks.push(pulumi.isSecret(pulumi.output(value)).then((secret) => (secret ? [name] : [])));
  if (marks.length === 0) return values;
  return pulumi.output({ values, secret: Promise.all(marks) }).apply(({ values, secret }) => {
    const names = secret.flat();
    if (names.length > 0)
      throw refusal(
        `variables.${names.join(", variables.")} is a secret: give it in secrets, from where CodeBuild fetches it`,
        of,
      );
    return values;
  });
}
