/** Where the subjects of one run live: a project and a tenant of their own, removed afterwards. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { people } from "./people.mjs";
import { makeProject } from "./project.mjs";
import { resources } from "./resources/index.mjs";
import { startBenchTenant } from "./tenant.mjs";

/**
 * @typedef {object} Surroundings what all runs share
 * @property {string} scratch
 * @property {string} packageFolder
 * @property {number} parallel operations the engine does at a time, and requests the plain script has under way
 * @property {string | undefined} engineRoot
 * @property {NodeJS.ProcessEnv} environment
 * @property {(line: string) => void} report
 */
/**
 * @typedef {object} Wanted
 * @property {import("./resources/index.mjs").ResourceName} resource
 * @property {number} users
 * @property {boolean} skipCheckpoints
 * @property {number} [imageBytes] the size of each person's picture
 * @property {import("../dist/emulator/testing.js").TenantOptions} [tenantOptions]
 * @property {Readonly<Record<string, string>>} [settings] beside those of the tenant
 */
/**
 * @typedef {object} Own
 * @property {readonly string[]} usernames
 * @property {string} folder
 * @property {string} projectFolder where the provider process resolves this package and finds pictures
 * @property {import("./tenant.mjs").BenchTenant} tenant
 */
/** @typedef {Surroundings & Wanted & Own} Setting */

/**
 * @template T
 * @param {Surroundings} surroundings @param {Wanted} wanted @param {(setting: Setting) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetting(surroundings, wanted, work) {
  const { scratch, packageFolder, environment } = surroundings;
  const { resource, users, imageBytes, tenantOptions = {} } = wanted;
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(scratch, `${resource}-${users}-`));
  try {
    const usernames = people(users);
    const projectFolder = join(folder, "project");
    await makeProject(projectFolder, { packageFolder, files: resources[resource].files(usernames, imageBytes) });
    const start = { resource, folder, options: tenantOptions };
    const tenant = await startBenchTenant(start, { cwd: packageFolder, environment });
    try {
      return await work({ ...surroundings, ...wanted, usernames, folder, projectFolder, tenant });
    } finally {
      await tenant.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
