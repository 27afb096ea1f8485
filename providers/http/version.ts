/** This package's own version, from its package.json, wherever the package is installed (self-reference by its exports). */
import { createRequire } from "node:module";
import { z } from "zod";

const manifest: unknown = createRequire(import.meta.url)("pulumi-authn/package.json");

/** The `User-Agent` of every request (RFC 9110 §10.1.5). */
export const USER_AGENT = `pulumi-authn/${z.object({ version: z.string() }).parse(manifest).version}`;
