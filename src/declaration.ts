/** The two halves of the program that `pulumi up` runs here: the configured fixtures, and what they become. */
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { projectFolder } from "../providers/host/projectFolder.js";
import { FixtureSet } from "./components/FixtureSet.js";
import { loadFixtures } from "./fixtures/load.js";
import type { Fixtures } from "./fixtures/model.js";
import { registerDefaultProvider } from "./resources/defaultProvider.js";

const DEFAULT_FIXTURES = "fixtures/demo";

/** @throws FixturesError with every fault of every file */
export async function configuredFixtures(): Promise<Fixtures> {
  const base = projectFolder(process.cwd());
  const path = resolve(base, new pulumi.Config("authn").get("fixtures") ?? DEFAULT_FIXTURES);
  const placeholders = new pulumi.Config("fixtures");
  return loadFixtures(path, {
    base,
    placeholders: {
      environment: process.env,
      configuration: (key) => placeholders.get(key),
      stack: pulumi.getStack(),
    },
  });
}

/** Registers what the fixtures declare; the answer is the stack's outputs. */
export async function declare(load: () => Promise<Fixtures>): Promise<Record<string, unknown>> {
  // First, so that the provider's process starts while the fixtures are read.
  registerDefaultProvider();
  const { people, clients } = new FixtureSet("people", { fixtures: await load() });
  return { people, ...(Object.keys(clients).length === 0 ? {} : { clients }) };
}
