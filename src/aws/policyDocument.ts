/** IAM policy documents (IAM's JSON policy grammar, version 2012-10-17): what the components' pure functions return. */

export interface PolicyStatement {
  /** Letters and digits: what the statement is for. */
  readonly Sid: string;
  readonly Effect: "Allow";
  /** In policies of a resource and in trust policies only. */
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Action: readonly string[];
  /** ARNs; none in trust policies. */
  readonly Resource?: readonly string[];
  /** Operator -> condition key -> value. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The document as AWS takes it, JSON. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * The trust policy of a role that one AWS service takes on, and only on behalf of one resource of one account: without the two
 * conditions, another account's resource could make the service use the role ("confused deputy").
 */
export function trustPolicy(service: string, accountId: string, sourceArn: string): string {
  return policyDocument([
    {
      Sid: "ServiceTakesRole",
      Effect: "Allow",
      Principal: { Service: service },
      Action: ["sts:AssumeRole"],
      Condition: { StringEquals: { "aws:SourceAccount": accountId, "aws:SourceArn": sourceArn } },
    },
  ]);
}
