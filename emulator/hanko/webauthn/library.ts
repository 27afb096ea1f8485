/** The library that verifies ceremonies, loaded at the first one: it takes a third of a second, and most tenants never see any. */

export async function loadLibrary() {
  const [{ verifyAuthenticationResponse, verifyRegistrationResponse }, helpers] = await Promise.all([
    import("@simplewebauthn/server"),
    import("@simplewebauthn/server/helpers"),
  ]);
  const { cose, decodeAttestationObject, decodeCredentialPublicKey } = helpers;
  return {
    verifyAuthenticationResponse,
    verifyRegistrationResponse,
    statementOf: (attestationObject: Uint8Array<ArrayBuffer>) =>
      decodeAttestationObject(attestationObject).get("attStmt"),
    /** COSE algorithm identifier. */
    algorithmOf: (publicKey: Uint8Array<ArrayBuffer>) => decodeCredentialPublicKey(publicKey).get(cose.COSEKEYS.alg),
  };
}

export type Library = Awaited<ReturnType<typeof loadLibrary>>;
