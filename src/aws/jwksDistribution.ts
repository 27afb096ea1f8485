/** The CloudFront distribution before a bucket: HTTPS only, signed requests to S3, and no more caching than the ring counts on. */
import { CachePolicy } from "@pulumi/aws/cloudfront/cachePolicy.js";
import { Distribution, type DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import { OriginAccessControl } from "@pulumi/aws/cloudfront/originAccessControl.js";
import type { Bucket } from "@pulumi/aws/s3/bucket.js";
import * as pulumi from "@pulumi/pulumi";
import { cacheTimes } from "./publisherCache.js";

/** A name of one's own in place of `….cloudfront.net`; its DNS record is the caller's. */
export interface JwksDomain {
  /** `keys.example.com` */
  readonly name: pulumi.Input<string>;
  /** Of an ACM certificate for that name, in us-east-1. */
  readonly certificateArn: pulumi.Input<string>;
}

const ORIGIN = "jwks";
const METHODS = ["GET", "HEAD"];
// 10 s by default: who asked before the JWKS was there, or while S3 failed, would be answered by that for so long.
const ERRORS_THAT_ARE_KEPT = [403, 404, 500, 502, 503, 504];

export function jwksDistribution(
  name: string,
  bucket: Bucket,
  seconds: pulumi.Input<number>,
  domain: JwksDomain | undefined,
  parent: pulumi.Resource,
): Distribution {
  const within = { parent };
  const access = new OriginAccessControl(
    name,
    { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" },
    within,
  );
  const times = pulumi.output(seconds).apply(cacheTimes);
  const cache = new CachePolicy(
    name,
    {
      comment: "No longer than the key ring counts on",
      minTtl: times.minTtl,
      defaultTtl: times.defaultTtl,
      maxTtl: times.maxTtl,
      parametersInCacheKeyAndForwardedToOrigin: times.parametersInCacheKeyAndForwardedToOrigin,
    },
    within,
  );
  return new Distribution(
    name,
    {
      comment: `JWKS of ${name}`,
      enabled: true,
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      origins: [{ originId: ORIGIN, domainName: bucket.bucketRegionalDomainName, originAccessControlId: access.id }],
      defaultCacheBehavior: {
        targetOriginId: ORIGIN,
        viewerProtocolPolicy: "https-only",
        allowedMethods: METHODS,
        cachedMethods: METHODS,
        cachePolicyId: cache.id,
        compress: false,
      },
      customErrorResponses: ERRORS_THAT_ARE_KEPT.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
      restrictions: { geoRestriction: { restrictionType: "none" } },
      ...reachedAs(domain),
    },
    within,
  );
}

/** Under CloudFront's own name the least version of TLS is AWS's choice, and no setting changes it. */
function reachedAs(domain: JwksDomain | undefined): Pick<DistributionArgs, "aliases" | "viewerCertificate"> {
  if (domain === undefined) return { viewerCertificate: { cloudfrontDefaultCertificate: true } };
  return {
    aliases: [domain.name],
    viewerCertificate: {
      acmCertificateArn: domain.certificateArn,
      minimumProtocolVersion: "TLSv1.2_2021",
      sslSupportMethod: "sni-only",
    },
  };
}
