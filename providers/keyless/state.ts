/**
 * What the state holds of a `KeylessUser`: its declared inputs, how far it came, and what was last seen of it. Version 1.
 * The picture is never in it; the client and server state only until the user is complete.
 */
import { z } from "zod";
import { adopt, onDelete, owner } from "../host/inputs.js";
import { keylessEnrollment, keylessScenario } from "./inputs.js";

export const keylessUserState = z.object({
  username: z.string(),
  image: z.string(),
  /** Lower-case hex, of the picture that was declared. */
  imageSha256: z.string().optional(),
  scenario: keylessScenario,
  enrollment: keylessEnrollment.optional(),
  exifTranspose: z.boolean().optional(),
  customer: z.string().optional(),
  externalUserId: z.string().optional(),
  revokedDevices: z.array(z.string()).optional(),
  keepClientState: z.boolean().optional(),
  adopt: adopt.optional(),
  onDelete: onDelete.optional(),
  owner,
  /** Upper-case hex; the resource's id. */
  keylessId: z.string(),
  /** The last thing that is known to have been done. */
  reached: z.enum(["enrolled", "uncommitted", "committed", "imported", "complete"]),
  /** The username logs in with this very keylessId, as last seen. */
  enrolled: z.boolean(),
  /** Another keylessId that was seen under the username. */
  enrolledAs: z.string().optional(),
  /** RFC 3339, UTC: when the client state was imported. */
  enrolledAt: z.string().optional(),
  /** The external user id that was set; absent: the one that the service sets itself, the username. */
  linkedExternalUserId: z.string().optional(),
  devices: z.array(
    z.object({ publicSigningKey: z.string(), state: z.string().optional(), createdAt: z.string().optional() }),
  ),
  /** Secret; until the user is complete, and longer with `keepClientState`. */
  clientState: z.string().optional(),
  /** Secret; until the user is complete. */
  serverState: z.string().optional(),
});
export type KeylessUserState = z.infer<typeof keylessUserState>;

/** A device that is declared revoked and was seen all the same. */
export function isRevocationDue({ devices, revokedDevices = [] }: KeylessUserState): boolean {
  return devices.some(({ publicSigningKey }) => revokedDevices.includes(publicSigningKey));
}

/** The state of a complete user: the server state has done its work, the client state too unless it is to be kept. */
export function withoutSpentSecrets(state: KeylessUserState): KeylessUserState {
  const { serverState: _, clientState, ...rest } = state;
  return state.keepClientState === true && clientState !== undefined ? { ...rest, clientState } : rest;
}
