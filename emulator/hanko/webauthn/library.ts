/** The libraries that verify ceremonies, loaded at the first one: that takes a third of a second, and most tenants never see any. */

export async function loadLibrary() {
  const [{ verifyAuthenticationResponse, verifyRegistrationResponse }, helpers, { DER }, { decode }] =
    await Promise.all([
      import("@simplewebauthn/server"),
      import("@simplewebauthn/server/helpers"),
      import("@noble/curves/abstract/weierstrass.js"),
      import("cborg"),
    ]);
  const { cose, decodeAttestationObject, decodeCredentialPublicKey } = helpers;
  return {
    verifyAuthenticationResponse,
    verifyRegistrationResponse,
    statementOf: (attestationObject: Uint8Array<ArrayBuffer>) =>
      decodeAttestationObject(attestationObject).get("attStmt"),
    /** COSE algorithm identifier. */
    algorithmOf: (publicKey: Uint8Array<ArrayBuffer>) => decodeCredentialPublicKey(publicKey).get(cose.COSEKEYS.alg),
    /** @throws where the bytes aren't CBOR from the first to the last */
    parseCbor: (bytes: Uint8Array): unknown => decode(bytes, { useMaps: true }),
    /** @throws where an ECDSA signature isn't in DER to the last bit */
    parseDer: (signature: Uint8Array<ArrayBuffer>) => DER.toSig(signature),
  };
}

export type Library = Awaited<ReturnType<typeof loadLibrary>>;
