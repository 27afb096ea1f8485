/**
 * What the constant provider text of each resource requires in the stock host's process: one line a resource.
 */
import { baikalClientKeysLifecycle } from "./baikal/lifecycle.js";
import { hankoCredentialLifecycle } from "./hanko/lifecycle.js";
import { adapt, type HostedProvider } from "./host/adapter.js";
import { stockHostProcess } from "./host/process.js";
import { keylessUserLifecycle } from "./keyless/lifecycle.js";
import { keyriPublicKeyLifecycle } from "./keyri/lifecycle.js";

const host = stockHostProcess(process.argv[2]);

export const BaikalClientKeys: HostedProvider = adapt(baikalClientKeysLifecycle, host);
export const HankoCredential: HostedProvider = adapt(hankoCredentialLifecycle, host);
export const KeylessUser: HostedProvider = adapt(keylessUserLifecycle, host);
export const KeyriPublicKey: HostedProvider = adapt(keyriPublicKeyLifecycle, host);
