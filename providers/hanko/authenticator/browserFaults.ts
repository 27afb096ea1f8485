/**
 * Why a test browser can't use a credential that the service takes. Chrome's virtual authenticator signs with P-256, RSA (PKCS #1,
 * SHA-256) and Ed25519; Playwright's signs all with SHA-256, and never sets the backup flags.
 */
import type { HankoAlgorithm } from "../inputs.js";
import type { CredentialSource } from "./credential.js";

export interface BrowserFaults {
  readonly playwright: readonly string[];
  readonly devTools: readonly string[];
}

const SIGNED_BY_DEVTOOLS: ReadonlySet<HankoAlgorithm> = new Set<HankoAlgorithm>(["ES256", "EdDSA", "RS256"]);
const SIGNED_BY_PLAYWRIGHT: ReadonlySet<HankoAlgorithm> = new Set<HankoAlgorithm>(["ES256", "RS256"]);

/** WebAuthn L3 §5.4.3: what a browser takes as a user handle. */
const USER_HANDLE_MAX_BYTES = 64;

/** Each fault as the end of "This credential can't be used through …, since". */
export function browserFaults({ algorithm, userHandle, authenticator }: CredentialSource): BrowserFaults {
  const handleBytes = Buffer.from(userHandle, "base64url").length;
  const unsigned = (signed: ReadonlySet<HankoAlgorithm>) =>
    signed.has(algorithm) ? [] : [`it doesn't sign with ${algorithm}, only with ${[...signed].join(", ")}`];
  return {
    playwright: [
      ...unsigned(SIGNED_BY_PLAYWRIGHT),
      ...(authenticator.backupEligible
        ? ["it clears the flag of a credential that is eligible for backup, which servers refuse"]
        : []),
    ],
    devTools: [
      ...unsigned(SIGNED_BY_DEVTOOLS),
      ...(handleBytes > USER_HANDLE_MAX_BYTES
        ? [`the user handle has ${handleBytes} bytes, and a browser takes at most ${USER_HANDLE_MAX_BYTES}`]
        : []),
    ],
  };
}
