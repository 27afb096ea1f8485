/**
 * How long CloudFront and whoever stands behind it may serve an older JWKS. A ring's arithmetic counts on it, so that no header and
 * no policy here allows for more; whole seconds, as in HTTP.
 */
import type { CachePolicyArgs } from "@pulumi/aws/cloudfront/cachePolicy.js";
import { duration, durationMs } from "../../providers/baikal/ring/duration.js";

/** A text such as `0s` or `5m` -> seconds. */
export const cacheSeconds = duration.transform((text) => durationMs(text) / 1_000);

/** Caches after CloudFront count its `Age` header in, so they don't add a second span to the first. */
export function cacheControl(seconds: number): string {
  return `public, max-age=${seconds}`;
}

/** With 0 seconds CloudFront asks S3 at every request, and takes only a policy whose cache key has nothing of the request. */
export function cacheTimes(seconds: number) {
  return {
    minTtl: 0,
    defaultTtl: seconds,
    maxTtl: seconds,
    parametersInCacheKeyAndForwardedToOrigin: {
      cookiesConfig: { cookieBehavior: "none" },
      headersConfig: { headerBehavior: "none" },
      queryStringsConfig: { queryStringBehavior: "none" },
      enableAcceptEncodingBrotli: false,
      enableAcceptEncodingGzip: false,
    },
  } satisfies CachePolicyArgs;
}
