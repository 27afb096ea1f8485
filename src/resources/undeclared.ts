/**
 * The outputs that only show what was declared, of a resource that leaves them out: one for all, since they are all the same. For each
 * that it is told of the SDK would make promises by the dozen, which for a credential is a fifth of a program's time.
 */
import * as pulumi from "@pulumi/pulumi";

let undeclared: pulumi.Output<undefined> | undefined;

/** @param names of outputs that are arguments too, and undefined without such an argument */
export function showUndeclared<Args extends object>(
  resource: object,
  args: Args,
  names: readonly (keyof Args)[],
): void {
  undeclared ??= pulumi.output(undefined);
  for (const name of names) {
    if (args[name] === undefined) Object.assign(resource, { [name]: undeclared });
  }
}
