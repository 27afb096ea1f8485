/** Where the resources are: partition, region and account, asked of the provider, and the ARNs that are made of them. */
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { getPartitionOutput } from "@pulumi/aws/getPartition.js";
import { getRegionOutput } from "@pulumi/aws/getRegion.js";
import * as pulumi from "@pulumi/pulumi";

export interface Place {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** `eu-west-1` */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}

/** Of the provider that the component was given. */
export function placeOf(parent: pulumi.Resource): pulumi.Output<Place> {
  const { partition } = getPartitionOutput({}, { parent });
  const { region } = getRegionOutput({}, { parent });
  const { accountId } = getCallerIdentityOutput({}, { parent });
  return pulumi.output({ partition, region, accountId });
}

export function buildProjectArn({ partition, region, accountId }: Place, project: string): string {
  return `arn:${partition}:codebuild:${region}:${accountId}:project/${project}`;
}

/** @param name with a leading slash or without: the ARN has none */
export function parameterArn({ partition, region, accountId }: Place, name: string): string {
  return `arn:${partition}:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, "")}`;
}
