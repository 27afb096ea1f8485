/** An S3 bucket that nobody can open to the public, by any policy or list: versioned, encrypted, its objects the owner's. */
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import type * as pulumi from "@pulumi/pulumi";

export interface PrivateBucket {
  readonly bucket: Bucket;
  /** What must be there before an object or a policy is. */
  readonly settings: pulumi.Resource[];
}

/** @param bucketName default: `name` and random characters */
export function privateBucket(
  name: string,
  bucketName: pulumi.Input<string> | undefined,
  parent: pulumi.Resource,
): PrivateBucket {
  const within = { parent };
  const created = new Bucket(name, bucketName === undefined ? {} : { bucket: bucketName }, within);
  const { bucket } = created;
  return {
    bucket: created,
    settings: [
      new BucketPublicAccessBlock(
        name,
        { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
        within,
      ),
      new BucketOwnershipControls(name, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }, within),
      new BucketVersioning(name, { bucket, versioningConfiguration: { status: "Enabled" } }, within),
      // S3's own keys: what lies here is public, and a key of KMS's would have to let CloudFront in.
      new BucketServerSideEncryptionConfiguration(
        name,
        { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
        within,
      ),
    ],
  };
}
