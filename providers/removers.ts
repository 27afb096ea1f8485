/** What removes each type's leftovers: a new system is one more line. */
import { baikalClientKeysLifecycle } from "./baikal/lifecycle.js";
import { hankoCredentialLifecycle } from "./hanko/lifecycle.js";
import { type Remover, removerOf } from "./host/remover.js";
import { keylessUserLifecycle } from "./keyless/lifecycle.js";
import { keyriPublicKeyLifecycle } from "./keyri/lifecycle.js";

/** By type: `KeyriPublicKey`. */
export const removers: ReadonlyMap<string, Remover> = new Map([
  removerOf(baikalClientKeysLifecycle),
  removerOf(hankoCredentialLifecycle),
  removerOf(keylessUserLifecycle),
  removerOf(keyriPublicKeyLifecycle),
]);
