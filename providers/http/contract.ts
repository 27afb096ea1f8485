/** What callers of the HTTP layer hand over and get back. Types only; `client.ts` keeps what is promised here. */
import type { Readable } from "node:stream";
import type { ZodType } from "zod";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A body too large to hold in memory, as a file is. */
export interface BodySource {
  /** Sent as Content-Length: exactly as many must come. */
  readonly bytes: number;
  /** Opened anew for each attempt, which reads it to its end or destroys it. */
  open(): Readable;
}

type Headers = Readonly<Record<string, string>>;

export interface Call {
  /** What the caller is doing, used in errors and the request log: `keyri register`. */
  readonly operation: string;
  readonly method: Method;
  /** Begins with `/` and is appended to the base URL; its segments are percent-encoded already. */
  readonly path: string;
  /** Shown in the request log in place of a path that holds names: `/v1/users/{customer}/{username}`. */
  readonly route?: string;
  /** Plain values: they are encoded here. */
  readonly query?: Readonly<Record<string, string>>;
  /** A function is asked anew for each attempt, when its turn has come: a signed time and nonce are good for one request. */
  readonly headers?: Headers | (() => Headers);
  readonly body?: string | Buffer | BodySource;
  /** Beside the client's: values of this call that must not be shown, in any encoding, should the service repeat them. */
  readonly secrets?: readonly string[];
  /** The statuses the caller can take; any other becomes an `HttpError`. */
  readonly answers: readonly number[];
  /** Whether repeating it is harmless; by default true for GET, HEAD, PUT and DELETE. */
  readonly repeatable?: boolean;
  /** Else the client's. */
  readonly timeoutMs?: number;
  /** Default 1 MiB. */
  readonly maxBodyBytes?: number;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case; a header that came several times is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly requestId: string;
  /** Requests made for this answer. */
  readonly attempts: number;
  /** Words of the service made fit to be shown: nothing secret that the request was sent with, on one line, bounded. */
  excerpt(words: string): string;
  /** The body as strict UTF-8. @throws HttpError */
  text(): string;
  /** The body as JSON of that shape. @throws HttpError that names the mismatches and never shows the body */
  json<T>(schema: ZodType<T>): T;
}

export interface ClientSettings {
  /** Names the service in errors: `Keyri`. */
  readonly service: string;
  /** The setting that holds the base URL, named in remedies: `keyri:url`. */
  readonly urlProperty: string;
  /** The setting that holds the credential, named in the remedy of 401 and 403: `keyri:token`. */
  readonly credentialProperty?: string;
  readonly baseUrl: string;
  /** `authn:allowedHosts`. */
  readonly allowedHosts: readonly string[];
  /** For one attempt, from the request to the last byte of its answer. */
  readonly timeoutMs: number;
  /** Of all clients of the origin together; where two differ the lower holds. Default: not limited. */
  readonly maxRequestsPerSecond?: number;
  /** Requests under way at a time, of all clients of the origin together; where two differ the lower holds. Default 16. */
  readonly concurrency?: number;
  /** Values that must not be shown, in any encoding. */
  readonly secrets: readonly string[];
  /** Sent with each call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM of the certificate authorities to trust instead of the system's. */
  readonly ca?: string;
  /** True: whatever certificate the server shows is taken. Refused for a host that isn't loopback. */
  readonly unverifiedTls?: boolean;
}

export interface HttpDependencies {
  /** Milliseconds since the Unix epoch. */
  readonly clock: { now(): number; sleep(ms: number): Promise<void> };
  /** `fraction` from 0 up to 1. */
  readonly random: { uuid(): string; fraction(): number };
  /** Gets one redacted line for each attempt. */
  readonly debug?: ((line: string) => void) | undefined;
  /** Asked before each attempt: true once the parent is gone, and then nothing more is sent. */
  readonly stopped?: (() => boolean) | undefined;
}

export interface HttpClient {
  /** @throws HttpError, or an AuthnError where nothing was sent: guard, input, configuration, orphaned host */
  call(call: Call): Promise<Answer>;
}
