/** Who may read a signing key, beside those whom the account's own policies let: the roles named, that one secret. */
import { policyDocument } from "./policyDocument.js";

/** The secret's policy. */
export function secretPolicy(secretArn: string, readers: readonly string[]): string {
  return policyDocument([
    {
      Sid: "ReadersGetSigningKey",
      Effect: "Allow",
      Principal: { AWS: [...new Set(readers)].sort() },
      Action: ["secretsmanager:GetSecretValue"],
      Resource: [secretArn],
    },
  ]);
}
