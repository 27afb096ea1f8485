/**
 * What `pulumi up` runs in this repository, by the CLI and by `authn` alike: fixtures -> resources -> stack outputs. The stock
 * language host calls a default export that is a function, and takes no other export beside it.
 */
import * as pulumi from "@pulumi/pulumi";
import { isAuthnError } from "../providers/errors.js";
import { configuredFixtures, declare } from "./declaration.js";

export default async function program(): Promise<Record<string, unknown>> {
  try {
    return await declare(configuredFixtures);
  } catch (error) {
    // A RunError is shown without a stack: the faults are the reader's, not ours.
    throw isAuthnError(error) ? new pulumi.RunError(error.message) : error;
  }
}
