/**
 * What the state holds of `BaikalClientKeys`: its declared inputs but the initial key, the ring, the private keys, where the
 * document was published, and what programs read of all that. Version 1.
 */
import { z } from "zod";
import { baikalClientKeysInputs } from "./inputs.js";
import { jwksDocument } from "./ring/document.js";
import { ring } from "./ring/ring.js";

const declared = baikalClientKeysInputs.omit({ initialKey: true });

export const baikalClientKeysState = z.object({
  ...declared.shape,
  /** What `issuer` was declared as: the output of that name has the configuration's where none was. */
  declaredIssuer: declared.shape.issuer,
  ...ring.shape,
  /** PKCS#8 PEM by kid, of every key that isn't foreign. Secret. */
  privateKeys: z.record(z.string(), z.string()),
  /** Where the document was published last, and where it was looked for: another place begins the lead anew. */
  place: z.string().optional(),
  liveAt: z.string().optional(),
  /** The document that was published last, as a SHA-256; absent: none yet. */
  publishedDigest: z.string().optional(),
  /** A run by a wrong clock did no more than revoke: all else that is declared waits. */
  waits: z.boolean().optional(),
  /** The published document was found to differ. */
  drifted: z.boolean().optional(),
  jwks: jwksDocument,
  activeKid: z.string(),
  /** PKCS#8 PEM. Secret. */
  activePrivateKey: z.string(),
  nextStep: z.string(),
  nextStepAt: z.string().optional(),
  /** The times that hold, in milliseconds. */
  policy: z.record(z.string(), z.number()),
});
export type BaikalClientKeysState = z.infer<typeof baikalClientKeysState>;
