/** What the engine is run with, side by side. */

/** @typedef {"authn" | "bare" | "hand"} SubjectName */
/** @typedef {{ title: string, mostUsers: number, load: () => Promise<{ register: (usernames: readonly string[]) => void }> }} Subject */

/** @type {Readonly<Record<SubjectName, Subject>>} */
export const subjects = {
  authn: { title: "pulumi-authn", mostUsers: Number.POSITIVE_INFINITY, load: () => import("./authn.mjs") },
  bare: { title: "bare resources", mostUsers: Number.POSITIVE_INFINITY, load: () => import("./bare.mjs") },
  // The SDK serialises the class anew for each resource: beyond this it is waited for in vain.
  hand: { title: "written by hand", mostUsers: 1_000, load: () => import("./hand.cjs") },
};

/** @type {readonly SubjectName[]} */
export const subjectNames = ["authn", "bare", "hand"];
