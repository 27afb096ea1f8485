/** A user's id as the services write it: opaque, and upper-case where it is hex (contracts/keyless.md: `userId` = keylessId). */
import { z } from "zod";

export const keylessIdText = z
  .string("must be text")
  .regex(/^[\x21-\x7e]{1,512}$/, "must be 1 to 512 characters of printable ASCII without spaces")
  // It becomes a segment of a path, and these two can't be one.
  .refine((id) => id !== "." && id !== "..", "must not be a dot or two")
  .transform((id) => (/^[0-9a-f]+$/i.test(id) ? id.toUpperCase() : id));
