/** The bucket where clients publish their JWK Sets: an origin of its own, as a content network's would be. */
import type { System } from "../system.js";
import { Documents } from "./documents.js";
import { bucketApp } from "./routes.js";

export interface JwksBucketCounts {
  readonly documents: number;
}

/** Its part of the record's `baikal`: a stack's configuration names both there. */
export interface JwksBucketEntry {
  /** Under which documents are put and served, without a trailing slash. */
  readonly publishUrl: string;
  /** What a write bears. A secret. */
  readonly publishToken: string;
}

const JWKS_BUCKET = "jwks-bucket";
const MAX_DOCUMENT_BYTES = 64 * 1024;

export const jwksBucket: System<JwksBucketCounts, JwksBucketEntry> = {
  services: [{ name: JWKS_BUCKET, title: "JWKS bucket (where Baikal's clients publish their keys)" }],
  async open({ store, tokens, urlOf, settings }) {
    const documents = await Documents.open(store);
    const token = tokens.of(JWKS_BUCKET);
    const maxAgeSeconds = settings.baikal.bucketMaxAgeSeconds;
    return {
      services: [
        {
          name: JWKS_BUCKET,
          app: bucketApp({ documents, token, maxAgeSeconds }),
          maxBodyBytes: MAX_DOCUMENT_BYTES,
        },
      ],
      record: { publishUrl: urlOf(JWKS_BUCKET), publishToken: token },
      counts: () => ({ documents: documents.size }),
      reset: () => documents.clear(),
    };
  },
};
