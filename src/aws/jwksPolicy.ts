/** Who may read a published JWKS from its bucket: one CloudFront distribution, that one object. */
import { policyDocument } from "./policyDocument.js";

export interface JwksReader {
  readonly bucketArn: string;
  /** The object's key, without a leading slash. */
  readonly path: string;
  readonly distributionArn: string;
}

/** The bucket's policy. CloudFront signs its requests (origin access control), and S3 sees for which distribution. */
export function jwksPolicy({ bucketArn, path, distributionArn }: JwksReader): string {
  return policyDocument([
    {
      Sid: "DistributionReadsJwks",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: ["s3:GetObject"],
      Resource: [`${bucketArn}/${path}`],
      Condition: { StringEquals: { "AWS:SourceArn": distributionArn } },
    },
  ]);
}
