/**
 * What nobody states about Keyless's three services, and how this tenant reads it (contracts/keyless.md, marked "assumed" there
 * or left open). Change a reading here and nowhere else.
 */

/** The one customer of a tenant; any other is 404. */
export const CUSTOMER = "demo";

/** UTF-16 units; a longer username is 400. The same holds for external user ids. Names that differ in case are two users. */
export const USERNAME_MAX_LENGTH = 255;

/** The image's shorter side, in pixels; less is "too small". */
export const SMALLEST_SIDE = 64;
/** Below this many bytes of picture a pixel it may be blank, and is decoded: no photograph is as plain as that. */
export const PLAIN_BYTES_PER_PIXEL = 0.05;
/** Pictures that plain and above this size are refused unseen: decoded they would take 4 bytes a pixel. */
export const LARGEST_DECODED_PIXELS = 25_000_000;
/** Blank is what has a smaller standard deviation of its brightness, on the scale of 0 to 255. */
export const BLANK_DEVIATION = 3;
/** The largest body of an enrolment, in bytes. */
export const LARGEST_IMAGE_BYTES = 64 * 1024 * 1024;

/** Kinds of image that the agent takes, as image-size calls them (a HEIF by its brand). */
export const imageTypes: ReadonlySet<string> = new Set([
  ...["jpg", "png", "gif", "webp", "bmp", "tiff", "jp2"],
  ...["avif", "heic", "heix", "hevc", "hevx", "mif1", "msf1"],
]);

export const scenarios = ["SELFIE", "TRUSTED_SOURCE", "DOCUMENT"] as const;

/** What the services say of themselves, and what an enrolment's parts say of the software that made them. */
export const AGENT_VERSION = "3.4.0";

/** Why an image is refused, as the body's `detail`. Each is final for that image. */
export const filterDetails = {
  tooSmall: `The image is smaller than ${SMALLEST_SIDE}x${SMALLEST_SIDE} pixels`,
  blank: "No face was found: the image is blank",
  animated: "The image is animated: one face in one picture is needed",
  tooLarge: "The image has more pixels than can be looked at",
} as const;

/** Sizes of what an enrolment makes of nothing: the parts are random, only their seal means anything. */
export const CLIENT_STATE_CONTENT_BYTES = 480;
export const SERVER_STATE_CONTENT_BYTES = 960;

/** The lengths of the device's public keys, in bytes before base64: Ed25519 and X25519. */
export const DEVICE_KEY_BYTES = 32;
