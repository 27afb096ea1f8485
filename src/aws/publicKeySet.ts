/** The JWKS that may be published (RFC 7517 §5): it has keys, and none of them is private. */
import { z } from "zod";

/** As `BaikalClientKeys` gives it in `jwks`; further members of the set are published too. */
export interface JsonWebKeySet {
  /** Public keys, in the order in which they are published. */
  readonly keys: readonly object[];
}

/** RFC 7518 §6.2.2, §6.3.2, §6.4.1 and RFC 8037 §2: each member that makes a key private, or symmetric. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

const publicKey = z
  .looseObject({ kty: z.string("must be text"), kid: z.string("must be text") }, "must be a JSON Web Key")
  .refine((key) => !PRIVATE_MEMBERS.some((member) => member in key), "holds a private key, which is never published");

/** An empty set would make the authserver refuse every token. */
export const publicKeySet = z.looseObject(
  { keys: z.array(publicKey, "must be a list of keys").min(1, "must hold at least one key") },
  "must be a JWKS",
);
