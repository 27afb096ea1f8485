/** `JwksBucket`: a client's JWKS at an HTTPS address of CloudFront's, from a private S3 bucket. */
import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { documentText } from "../../providers/baikal/ring/documentText.js";
import { certificateArn, objectKey } from "./arns.js";
import { by, checked, checkName, refusal } from "./checked.js";
import { type JwksDomain, jwksDistribution } from "./jwksDistribution.js";
import { jwksPolicy } from "./jwksPolicy.js";
import { type PrivateBucket, privateBucket } from "./privateBucket.js";
import { type JsonWebKeySet, publicKeySet } from "./publicKeySet.js";
import { cacheControl, cacheSeconds } from "./publisherCache.js";

export interface JwksBucketArgs {
  /** What is published. Absent: `publish` says it, once the ring is there that wants to know the address first. */
  readonly jwks?: pulumi.Input<JsonWebKeySet>;
  /** The object's key, and the address's path without its slash. Default: `jwks.json`. */
  readonly path?: pulumi.Input<string>;
  /**
   * The longest that an older JWKS may still be served, as the ring's `publisherCache`: a whole number of s, m, h, d or w. Default:
   * `0s`, every request reaches S3.
   */
  readonly publisherCache?: pulumi.Input<string>;
  /** A domain of one's own, with TLS 1.2 or later. Default: CloudFront's, which still takes older TLS from clients that have no other. */
  readonly domain?: JwksDomain;
  /** Default: the component's name and random characters. */
  readonly bucketName?: pulumi.Input<string>;
}

const domainName = z
  .string()
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'must be one domain name in lower case: "keys.example.com"');
const bucketNamePattern = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be 3 to 63 lower-case letters, digits, dots and hyphens");

/**
 * A JWKS at an HTTPS address: only CloudFront can read it from its private bucket, and caches it no longer than the ring counts on.
 * The component's name: at most 32 lower-case letters, digits and hyphens. Not for AWS GovCloud (US), which has no CloudFront.
 * @example
 * const bucket = new JwksBucket("billing", { publisherCache: "1m" });
 * const ring = new BaikalClientKeys("clients/billing", { publisherCache: "1m", verify: { jwksUrl: bucket.url } });
 * bucket.publish(ring.jwks);
 * export const jwksUrl = bucket.url;
 */
export class JwksBucket extends pulumi.ComponentResource {
  /** The address of the JWKS, known before anything is published there. */
  readonly url: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  readonly distributionId: pulumi.Output<string>;
  readonly #name: string;
  readonly #of: string;
  readonly #path: pulumi.Input<string>;
  readonly #seconds: pulumi.Input<number>;
  readonly #store: PrivateBucket;
  #published = false;

  constructor(name: string, args: JwksBucketArgs = {}, options?: pulumi.ComponentResourceOptions) {
    const of = `JwksBucket ${name}`;
    checkName("JwksBucket", name);
    const path = checked(args.path ?? "jwks.json", by(objectKey, "path", of));
    const seconds = checked(args.publisherCache ?? "0s", by(cacheSeconds, "publisherCache", of));
    const bucketName =
      args.bucketName === undefined ? undefined : checked(args.bucketName, by(bucketNamePattern, "bucketName", of));
    const domain = args.domain && {
      name: checked(args.domain.name, by(domainName, "domain.name", of)),
      certificateArn: checked(args.domain.certificateArn, by(certificateArn, "domain.certificateArn", of)),
    };
    const text = args.jwks === undefined ? undefined : publishedText(args.jwks, of);
    super("pulumi-authn:aws:JwksBucket", name, {}, options);
    this.#name = name;
    this.#of = of;
    this.#path = path;
    this.#seconds = seconds;
    this.#store = privateBucket(name, bucketName, this);
    const { bucket, settings } = this.#store;
    const distribution = jwksDistribution(name, bucket, seconds, domain, this);
    const policy = pulumi
      .output({ bucketArn: bucket.arn, path, distributionArn: distribution.arn })
      .apply((reader) => jwksPolicy(reader));
    // S3 takes one change of a bucket's settings at a time.
    new BucketPolicy(name, { bucket: bucket.bucket, policy }, { parent: this, dependsOn: settings });

    this.url = pulumi.interpolate`https://${domain?.name ?? distribution.domainName}/${path}`;
    this.bucketName = bucket.bucket;
    this.distributionId = distribution.id;
    if (text !== undefined) this.#publish(text);
    this.registerOutputs({ url: this.url, bucketName: this.bucketName, distributionId: this.distributionId });
  }

  /**
   * Says what is published; once only. Apart from the constructor, since a ring that checks its live JWKS takes `url` first.
   * @throws AuthnError `ERR_AUTHN_INPUT` for a set without keys, with a private one, or the second time
   */
  publish(jwks: pulumi.Input<JsonWebKeySet>): void {
    if (this.#published)
      throw refusal("a JWKS is published here already, and each ring needs a place of its own", this.#of);
    this.#publish(publishedText(jwks, this.#of));
  }

  #publish(content: pulumi.Input<string>): void {
    this.#published = true;
    new BucketObjectv2(
      this.#name,
      {
        bucket: this.#store.bucket.bucket,
        key: this.#path,
        content,
        contentType: "application/jwk-set+json",
        cacheControl: pulumi.output(this.#seconds).apply(cacheControl),
      },
      { parent: this, dependsOn: this.#store.settings },
    );
  }
}

function publishedText(jwks: pulumi.Input<JsonWebKeySet>, of: string): pulumi.Input<string> {
  const parse = by(publicKeySet, "jwks", of);
  return checked(jwks, (given) => documentText(parse(given)));
}
