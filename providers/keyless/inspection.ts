/**
 * What check learns from the picture itself: that it can be sent at all, its one path, and its SHA-256, which is what diff
 * compares. The picture is read here and again before it is sent, and kept nowhere.
 */
import type { Inspected } from "../host/lifecycle.js";
import { UNKNOWN } from "../host/unknown.js";

export async function inspectImage(
  { image }: Readonly<Record<string, unknown>>,
  projectFolder: string,
): Promise<Inspected> {
  if (typeof image !== "string" || image === "" || image === UNKNOWN) return { faults: [], found: {} };
  const { hashImage } = await import("./image.js");
  const read = await hashImage(image, projectFolder);
  if (!read.ok) return { faults: [{ property: "image", reason: `${read.reason}. ${read.remedy}` }], found: {} };
  return { faults: [], found: { image: read.image.path, imageSha256: read.image.sha256 } };
}
