/** What a `FixtureSet` gives of each client: its ring's document and the key that signs, in one stable shape. */
import type { BaikalClientKeys } from "../resources/BaikalClientKeys.js";

/** A client's key ring at Baikal. */
export interface BaikalClientKeysOutputs {
  /** Undefined where neither the fixtures nor the configuration name one. */
  readonly issuer: BaikalClientKeys["issuer"];
  /** Undefined: RS256. */
  readonly algorithm: BaikalClientKeys["algorithm"];
  /** The public document. */
  readonly jwks: BaikalClientKeys["jwks"];
  readonly activeKid: BaikalClientKeys["activeKid"];
  /** PKCS#8 PEM, secret. */
  readonly activePrivateKey: BaikalClientKeys["activePrivateKey"];
  /** With their states and times. */
  readonly keys: BaikalClientKeys["keys"];
  readonly nextStep: BaikalClientKeys["nextStep"];
  /** RFC 3339; undefined where nothing is in sight. */
  readonly nextStepAt: BaikalClientKeys["nextStepAt"];
  /** The newest last. */
  readonly history: BaikalClientKeys["history"];
}

export interface ClientOutputs {
  /** Absent for clients without a ring in the fixtures. */
  readonly baikal?: BaikalClientKeysOutputs;
}
