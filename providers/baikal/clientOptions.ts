/** What a Baikal client is made with. */

/** What `createBaikalClient` takes. */
export interface BaikalClientOptions {
  /** Discovery stands under it. */
  readonly endpoint: string;
  /** Printable ASCII without a colon. */
  readonly clientId: string;
  /** Printable ASCII; sent raw, as `Basic` credentials. A secret. */
  readonly clientSecret: string;
  /** The client's own issuer; needed for `jwtBearer`. */
  readonly issuer?: string;
  /** Directories and files of the client's keys, in the forms that `loadBaikalKeys` reads; loaded once, at the first use. */
  readonly keyFiles?: string | readonly string[];
  /** A secret: PKCS#8 PEM of a key, beside those of the files or alone. */
  readonly privateKey?: string;
  /** Which of several private keys signs. Without it there must be one only: the SDK takes any of them, which the authserver may not know yet. */
  readonly kid?: string;
  /** PEM of the certificate authorities to trust instead of the system's. */
  readonly caFile?: string;
  /** False: any certificate is taken. On loopback only; refused for any other host. */
  readonly verifyCerts?: boolean;
  /** Hosts beside loopback that may be called; default none. */
  readonly allowedHosts?: readonly string[];
  /** One attempt of a request; default 15 000. */
  readonly timeoutMs?: number;
  /** Connections to an origin, of all clients together; default 16. */
  readonly maxConnections?: number;
  readonly maxRequestsPerSecond?: number;
  /** Unix milliseconds; default: this machine's clock. */
  readonly clock?: { now(): number };
  /** Gets a line where what is known of the authserver can't be fetched anew; default: standard error. */
  readonly warn?: (line: string) => void;
}
