/**
 * What `pulumi up` runs in this repository, by the CLI and by `authn` alike: fixtures -> resources -> stack outputs. The stock
 * language host calls a default export that is a function, and takes no other export beside it.
 */
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { isAuthnError } from "../providers/errors.js";
import { projectFolder } from "../providers/host/projectFolder.js";
import { FixtureSet } from "./components/FixtureSet.js";
import { loadFixtures } from "./fixtures/load.js";
import type { Fixtures } from "./fixtures/model.js";
import { registerDefaultProvider } from "./resources/defaultProvider.js";

const DEFAULT_FIXTURES = "fixtures/demo";

export default async function program(): Promise<Record<string, unknown>> {
  registerDefaultProvider();
  const set = new FixtureSet("people", { fixtures: await configuredFixtures() });
  return { people: set.people };
}

async function configuredFixtures(): Promise<Fixtures> {
  const base = projectFolder(process.cwd());
  const path = resolve(base, new pulumi.Config("authn").get("fixtures") ?? DEFAULT_FIXTURES);
  const placeholders = new pulumi.Config("fixtures");
  try {
    return await loadFixtures(path, {
      base,
      placeholders: { environment: process.env, configuration: (key) => placeholders.get(key) },
    });
  } catch (error) {
    // A RunError is shown without a stack: the faults are the reader's, not ours.
    throw isAuthnError(error) ? new pulumi.RunError(error.message) : error;
  }
}
