/**
 * What check learns from the picture itself: that it can be sent at all, its one path, and its SHA-256, which is what diff
 * compares. The picture is read here and again before it is sent, and kept nowhere.
 */
import { owner as ownerSchema } from "../host/inputs.js";
import type { Inspected } from "../host/lifecycle.js";
import { UNKNOWN } from "../host/unknown.js";
import { keylessImage } from "./inputs.js";

export async function inspectImage(
  { image, owner }: Readonly<Record<string, unknown>>,
  projectFolder: string,
): Promise<Inspected> {
  const path = keylessImage.safeParse(image).data;
  if (path === undefined || path === UNKNOWN) return { faults: [], found: {} };
  const { hashImage } = await import("./image.js");
  const read = await hashImage(path, projectFolder);
  if (!read.ok) {
    // A path that the program holds as a secret is named in none of its forms.
    const isConcealed = ownerSchema.safeParse(owner).data?.concealed?.includes("image") ?? false;
    const fault = isConcealed ? `names a picture that ${read.fault}` : read.reason;
    return { faults: [{ property: "image", reason: `${fault}. ${read.remedy}` }], found: {} };
  }
  return { faults: [], found: { image: read.image.path, imageSha256: read.image.sha256 } };
}
