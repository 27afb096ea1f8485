/** What a fault is: which requests it meets, and what it does to them; parsed strictly, so that a typo can't make a test pass. */
import { z } from "zod";
import { type ServiceName, serviceNames } from "../slots.js";

/** A fault as one asks for it. At least one effect has to be named. */
export interface FaultSpec {
  /** Only requests to this service; absent: any. */
  readonly service?: ServiceName | undefined;
  /** Only this HTTP method; absent: any. */
  readonly method?: string | undefined;
  /** Only this path, percent-encoded as the client sends it, without the query; one `*` in it stands for anything. */
  readonly path?: string | undefined;
  /** Whether the fault strikes before the request took effect (the default) or after. */
  readonly when?: "before" | "after" | undefined;
  /** How many requests it meets, 1 unless said; 0: for ever. */
  readonly times?: number | undefined;
  /** Answer with this status. */
  readonly status?: number | undefined;
  /** Answer with these headers beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Answer with this body: text is sent as it is, any other JSON value as JSON. */
  readonly body?: z.core.util.JSONType | undefined;
  /** Wait this long in real time; alone, it just makes the service slow. A client that hangs up while it waits before is not served. */
  readonly delayMs?: number | undefined;
  /** Break the connection instead of answering. */
  readonly reset?: true | undefined;
  /** Cut the body in half, or put an HTML page or bytes that aren't text in its place. */
  readonly corrupt?: "truncate" | "html" | "garbage" | undefined;
  /** Answer 429 to what comes faster, for as long as the fault stands. Other faults may meet what it lets pass. */
  readonly rateLimit?:
    | { readonly requestsPerSecond: number; readonly retryAfterSeconds?: number | undefined }
    | undefined;
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const EFFECTS = ["status", "headers", "body", "delayMs", "reset", "corrupt", "rateLimit"] as const;
const FRAMING_HEADERS: ReadonlySet<string> = new Set(["connection", "content-length", "transfer-encoding"]);

const headers = z
  .record(z.string(), z.string("must be text"))
  .refine(areHeaders, "holds a name or value that HTTP doesn't allow")
  .refine(
    (fields) => !Object.keys(fields).some((name) => FRAMING_HEADERS.has(name.toLowerCase())),
    `must not hold ${[...FRAMING_HEADERS].join(", ")}: use reset or corrupt`,
  );

export const faultSchema = z
  .strictObject({
    service: z.enum(serviceNames, `must be one of ${serviceNames.join(", ")}`).optional(),
    method: z
      .string()
      .transform((method) => method.toUpperCase())
      .pipe(z.enum(METHODS, `must be one of ${METHODS.join(", ")}`))
      .optional(),
    path: z
      .string()
      .regex(/^\/[^*?#\s]*(?:\*[^*?#\s]*)?$/, 'must begin with "/", have no query, and hold one "*" at most')
      .optional(),
    when: z.enum(["before", "after"], 'must be "before" or "after"').optional(),
    times: z.int("must be a whole number").min(0, "must not be negative").optional(),
    status: z.int().min(200, "must be 200 to 599").max(599, "must be 200 to 599").optional(),
    headers: headers.optional(),
    body: z.json().optional(),
    delayMs: z.int().min(0).max(600_000, "must be at most ten minutes").optional(),
    reset: z.literal(true, "must be true, or absent").optional(),
    corrupt: z.enum(["truncate", "html", "garbage"], 'must be "truncate", "html" or "garbage"').optional(),
    rateLimit: z
      .strictObject({
        requestsPerSecond: z.number().positive("must be above 0"),
        retryAfterSeconds: z.int().min(0).optional(),
      })
      .optional(),
  })
  .superRefine((fault, context) => {
    const named = EFFECTS.filter((effect) => fault[effect] !== undefined);
    const refuse = (message: string) => context.addIssue({ code: "custom", message });
    if (named.length === 0) refuse(`must name what happens: ${EFFECTS.join(", ")}`);
    if (fault.rateLimit !== undefined && (named.length > 1 || fault.times !== undefined || fault.when !== undefined))
      refuse("rateLimit stands alone, beside service, method and path");
    if (fault.reset !== undefined && named.some((effect) => effect !== "reset" && effect !== "delayMs"))
      refuse("reset sends no answer, so beside it only delayMs makes sense");
  }) satisfies z.ZodType<FaultSpec>;

export type ParsedFault = z.output<typeof faultSchema>;

function areHeaders(fields: Record<string, string>): boolean {
  try {
    new Headers(fields);
    return true;
  } catch {
    return false;
  }
}
