/**
 * The signed login of a device: what a Keyri app sends, made from a fixture's private key (contracts/keyri.md, "Formats").
 */
import { createPrivateKey, createPublicKey, type KeyObject, randomInt, sign } from "node:crypto";
import { AuthnError } from "../errors.js";
import { curveFault, publicKeyText } from "./publicKey.js";

export interface KeyriLogin {
  /** Standard base64 of the SPKI DER. */
  readonly pubKey: string;
  readonly username: string;
  /** `<13-digit Unix milliseconds>_<random decimal>` */
  readonly data: string;
  /** Standard base64 of the ASN.1 DER ECDSA signature, SHA-256 over the UTF-8 bytes of `data`. */
  readonly signature: string;
}

export interface KeyriLoginInput {
  readonly username: string;
  /** Standard base64 of the PKCS#8 DER of a P-256 key: the `privateKey` output of a `KeyriPublicKey`. */
  readonly privateKey: string;
  /** Unix milliseconds; default: now. The service takes ±60 000 ms. */
  readonly nowMs?: number;
  /** A decimal that makes `data` single-use; default: random. */
  readonly nonce?: number;
}

const NONCE_BOUND = 2 ** 47;

/**
 * Signs a login.
 * @throws AuthnError `ERR_AUTHN_INPUT` for a private key that is no P-256 key in PKCS#8
 * @example
 * const login = signKeyriLogin({ username: "ada", privateKey });
 * await keyri.login(login);
 */
export function signKeyriLogin({
  username,
  privateKey,
  nowMs = Date.now(),
  nonce = randomInt(NONCE_BOUND),
}: KeyriLoginInput): KeyriLogin {
  const key = readPrivateKey(privateKey);
  return signedLogin(key, { username, publicKey: publicKeyText(createPublicKey(key)), nowMs, nonce });
}

/**
 * The same with a key that was read already.
 * @param publicKey of that key: standard base64 of the SPKI DER
 */
export function signedLogin(
  key: KeyObject,
  about: { readonly username: string; readonly publicKey: string; readonly nowMs: number; readonly nonce?: number },
): KeyriLogin {
  const { username, publicKey, nowMs, nonce = randomInt(NONCE_BOUND) } = about;
  const data = `${String(nowMs).padStart(13, "0")}_${nonce}`;
  const signature = sign("sha256", Buffer.from(data, "utf8"), key).toString("base64");
  return { pubKey: publicKey, username, data, signature };
}

function readPrivateKey(text: string): KeyObject {
  try {
    const key = createPrivateKey({ key: Buffer.from(text, "base64"), format: "der", type: "pkcs8" });
    const fault = curveFault(key);
    if (fault === undefined) return key;
    throw notUsable(`it is ${fault}`);
  } catch (error) {
    // What OpenSSL says of it may quote it.
    throw error instanceof AuthnError ? error : notUsable("it can't be read");
  }
}

function notUsable(fault: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_INPUT",
    what: `The private key can't sign a login: ${fault}`,
    remedy:
      "Give standard base64 of the PKCS#8 DER of a P-256 key, as the output `privateKey` of a KeyriPublicKey has it",
  });
}
