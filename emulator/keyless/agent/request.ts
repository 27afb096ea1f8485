/** What an enrolment must look like before anybody looks at its image: three headers, and a body that holds something. */

import { mediaType } from "../app.js";
import { scenarios } from "../assumptions.js";
import type { Refusal } from "../problem.js";

export function headerRefusal(headers: Headers): Refusal | undefined {
  if (!mediaType(headers)?.match(/^image\/[a-z0-9!#$&^_.+-]+$/))
    return { status: 415, detail: "Content-Type must be an image's" };
  if (!scenarios.some((scenario) => scenario === headers.get("scenario")))
    return { status: 400, detail: `Scenario must be one of ${scenarios.join(", ")}` };
  if (!["true", "false", null].includes(headers.get("exif-transpose")))
    return { status: 400, detail: "Exif-Transpose must be true or false" };
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding !== "base64")
    return { status: 415, detail: "Content-Encoding must be base64, or absent" };
  return undefined;
}

/** The image of a body, which is base64 text where the header says so; `undefined` where it isn't. */
export function imageOf(headers: Headers, body: Buffer): Buffer | undefined {
  if (headers.get("content-encoding") === null) return body;
  const text = body.toString("latin1");
  const image = Buffer.from(text, "base64");
  return image.toString("base64") === text ? image : undefined;
}
