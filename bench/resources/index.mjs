/** The resources that are measured. What differs between them stands in one file each; all else is shared. */
import { baikalClientKeys } from "./baikal-client-keys.mjs";
import { hankoCredential } from "./hanko-credential.mjs";
import { keylessUser } from "./keyless-user.mjs";
import { keyriPublicKey } from "./keyri-public-key.mjs";

/** @typedef {import("../../dist/emulator/testing.js").Tenant} Tenant */
/** @typedef {(typeof resourceNames)[number]} ResourceName */
/** @typedef {(typeof programNames)[number]} ProgramName what a Pulumi program may declare */
/** @typedef {{ settings: Readonly<Record<string, string>>, secrets: Readonly<Record<string, string>> }} Configuration of a stack, by `namespace:key` */
/** @typedef {(usernames: readonly string[], operation: import("../figures.mjs").OperationName) => void} Register declares all of them, as they are to be after that operation */
/** @typedef {{ mostUsers: number, load: () => Promise<{ register: Register }> }} Program loaded in the program's process only */
/**
 * @callback Request one HTTP request; it throws for a status of 300 or more
 * @param {"GET" | "POST" | "PUT" | "DELETE"} method @param {string} url
 * @param {{ headers?: Readonly<Record<string, string>>, body?: string | Buffer }} [content]
 * @returns {Promise<string>} the body
 */
/** @typedef {(username: string) => Promise<void>} PlainRequest */
/** @typedef {Readonly<Record<"create" | "refresh" | "destroy", PlainRequest>> & { readonly dueStep?: PlainRequest }} PlainRequests what a user's life asks of the services at the least */
/** @typedef {Configuration & { projectFolder: string, request: Request, nowMs: () => number }} PlainJob `nowMs`: by the tenant's clock */
/** @typedef {{ path: string, content: Buffer }} ProjectFile its path is relative to the project */
/**
 * @typedef {object} Resource
 * @property {(tenant: Tenant) => Configuration} configuration
 * @property {boolean} [embedded] whether its provider goes by the tenant's record, and so by its clock, instead of that configuration
 * @property {"people" | "rings"} counted what there is one of for each name
 * @property {number} [dueAfterMs] how far the tenant's clock moves until one step of each is due; absent: none ever is
 * @property {(state: ReturnType<Tenant["state"]>) => number} count what the tenant holds of it; none after a destroy
 * @property {(usernames: readonly string[], imageBytes: number | undefined) => Iterable<ProjectFile>} files what the declarations name, one at a time: they may be large
 * @property {Readonly<Partial<Record<ProgramName, Program>>>} programs
 * @property {(job: PlainJob) => Promise<PlainRequests>} plainRequests
 * @property {Readonly<Partial<Record<import("../figures.mjs").OperationName, Readonly<Record<string, string>>>>>} variants operations of ours alone, and what is set for each
 * @property {readonly string[]} notes what the table must be read with
 * @property {string} legend items of a Markdown list
 */

export const resourceNames = /** @type {const} */ ([
  "KeyriPublicKey",
  "KeylessUser",
  "HankoCredential",
  "BaikalClientKeys",
]);
export const programNames = /** @type {const} */ (["authn", "bare", "hand"]);

/** @type {Readonly<Record<ResourceName, Resource>>} */
export const resources = {
  KeyriPublicKey: keyriPublicKey,
  KeylessUser: keylessUser,
  HankoCredential: hankoCredential,
  BaikalClientKeys: baikalClientKeys,
};
