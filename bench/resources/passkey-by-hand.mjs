/**
 * A passkey at the least, for the plain requests: ES256, attestation none, by `node:crypto` and none of this package's own code
 * (WebAuthn L3 §6.1, §6.5.1, §8.7).
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { encode } from "cborg";

const ID_BYTES = 32;
const COORDINATE_BYTES = 32;
const NO_MODEL = Buffer.alloc(16);
const NO_COUNTER = Buffer.alloc(4);
const FLAGS = { present: 1, verified: 4, attested: 64 };
/** Of a COSE_Key for ES256, but for the point: kty EC2, alg ES256, crv P-256 (RFC 9053 §2.1, §7.1.1). */
/** @type {readonly (readonly [number, number | Buffer])[]} */
const ES256 = [
  [1, 2],
  [3, -7],
  [-1, 1],
];
const LABEL = { x: -2, y: -3 };

/** @param {{ rpId: string, origin: string }} relyingParty */
export function newPasskey({ rpId, origin }) {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const idBytes = randomBytes(ID_BYTES);
  const id = idBytes.toString("base64url");

  /** @param {number} flags */
  const authenticatorData = (flags) =>
    Buffer.concat([sha256(rpId), Buffer.of(FLAGS.present | FLAGS.verified | flags), NO_COUNTER]);
  /** @param {string} type @param {string} challenge */
  const clientData = (type, challenge) => Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  /** @param {Readonly<Record<string, Buffer>>} response */
  const credentialJson = (response) => {
    const inText = Object.entries(response).map(([name, bytes]) => [name, bytes.toString("base64url")]);
    const rest = { id, rawId: id, type: "public-key", clientExtensionResults: {} };
    return JSON.stringify({ ...rest, response: Object.fromEntries(inText) });
  };

  return {
    id,

    /** What `navigator.credentials.create()` gives, as JSON. @param {string} challenge */
    create(challenge) {
      const authData = Buffer.concat([
        authenticatorData(FLAGS.attested),
        NO_MODEL,
        Buffer.of(0, ID_BYTES),
        idBytes,
        coseKeyOf(publicKey),
      ]);
      return credentialJson({
        clientDataJSON: clientData("webauthn.create", challenge),
        attestationObject: Buffer.from(encode({ fmt: "none", attStmt: {}, authData })),
      });
    },

    /** What `navigator.credentials.get()` gives, as JSON. @param {string} challenge */
    get(challenge) {
      const clientDataJSON = clientData("webauthn.get", challenge);
      const authData = authenticatorData(0);
      const signature = sign("sha256", Buffer.concat([authData, sha256(clientDataJSON)]), privateKey);
      return credentialJson({ clientDataJSON, authenticatorData: authData, signature });
    },
  };
}

/** @param {import("node:crypto").KeyObject} publicKey of P-256 */
function coseKeyOf(publicKey) {
  // The SPKI DER of such a key ends in its point.
  const point = publicKey.export({ format: "der", type: "spki" }).subarray(-2 * COORDINATE_BYTES);
  const [x, y] = [point.subarray(0, COORDINATE_BYTES), point.subarray(COORDINATE_BYTES)];
  return encode(new Map([...ES256, [LABEL.x, x], [LABEL.y, y]]));
}

/** @param {string | Buffer} bytes */
function sha256(bytes) {
  return createHash("sha256").update(bytes).digest();
}
