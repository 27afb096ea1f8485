/** The answers of both ceremonies as a browser's `toJSON()` gives them (WebAuthn L3 §5.1); binary values are unpadded base64url. */
import type { HankoAttachment, HankoTransport } from "../inputs.js";

interface PublicKeyCredentialJson<Response> {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly authenticatorAttachment: HankoAttachment;
  readonly response: Response;
  readonly clientExtensionResults: { readonly credProps?: { readonly rk: boolean } };
}

export type RegistrationResponse = PublicKeyCredentialJson<{
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly authenticatorData: string;
  readonly transports: HankoTransport[];
  /** SPKI DER. */
  readonly publicKey: string;
  /** COSEAlgorithmIdentifier. */
  readonly publicKeyAlgorithm: number;
}>;

export type AuthenticationResponse = PublicKeyCredentialJson<{
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle: string;
}>;
