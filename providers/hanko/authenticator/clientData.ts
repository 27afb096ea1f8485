/** Client data as a browser writes it (WebAuthn L3 §5.8.1.1): members in this order, no spaces, so that the bytes are equal too. */

export interface ClientDataParts {
  readonly type: "webauthn.create" | "webauthn.get";
  /** base64url, unpadded. */
  readonly challenge: string;
  /** Serialised: `https://example.com`. */
  readonly origin: string;
  /** True where the page is framed by one of another origin. */
  readonly crossOrigin: boolean;
}

/** The bytes that are hashed and sent. */
export function clientDataJson({ type, challenge, origin, crossOrigin }: ClientDataParts): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin }), "utf8");
}
