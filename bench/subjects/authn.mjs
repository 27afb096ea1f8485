/** This package: a `KeyriPublicKey` a person. */
import { KeyriPublicKey } from "../../dist/src/index.js";

/** @param {readonly string[]} usernames */
export function register(usernames) {
  for (const username of usernames) new KeyriPublicKey(`${username}/phone`, { username });
}
