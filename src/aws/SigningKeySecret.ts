/** `SigningKeySecret`: the key that a client signs with now, in AWS Secrets Manager. */
import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretPolicy } from "@pulumi/aws/secretsmanager/secretPolicy.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { roleArn } from "./arns.js";
import { by, checked, checkName } from "./checked.js";
import { secretPolicy } from "./secretPolicy.js";
import { type SecretFormat, secretFormat, signingKey, signingKeyText } from "./signingKeyText.js";

export interface SigningKeySecretArgs {
  /** The ring's `activeKid`. */
  readonly activeKid: pulumi.Input<string>;
  /** The ring's `activePrivateKey`: PEM, PKCS#8. It is a secret in the state, whether it came as one or not. */
  readonly activePrivateKey: pulumi.Input<string>;
  /** What the key signs with. Default: `RS256`. */
  readonly algorithm?: pulumi.Input<"RS256" | "ES256">;
  /** The client's issuer, the `iss` of what it signs; stands in the JSON where it is given. */
  readonly issuer?: pulumi.Input<string>;
  /** `json` (the default): `{"alg","issuer","kid","privateKey"}`; `pem`: the private key's text alone. */
  readonly format?: pulumi.Input<SecretFormat>;
  /**
   * ARNs of the IAM roles that may read this secret, of this account or another. With `kmsKeyId` they need `kms:Decrypt` of that key
   * too, which its own policy grants. Default: none beside those whom the account's own policies let.
   */
  readonly readers?: readonly pulumi.Input<string>[];
  /** ARN, id or alias of the KMS key that encrypts it; roles of other accounts can't read without one. Default: `aws/secretsmanager`. */
  readonly kmsKeyId?: pulumi.Input<string>;
  /** How long a deleted secret can be restored: 7 to 30 days, or 0 for not at all. Default: 30. */
  readonly recoveryWindowDays?: pulumi.Input<number>;
  /** Default: the component's name and random characters: a deleted secret keeps its name while it can be restored. */
  readonly secretName?: pulumi.Input<string>;
}

const secretNamePattern = z
  .string()
  .regex(/^[\w/+=.@-]{1,512}$/, "must be 1 to 512 letters, digits and characters of /_+=.@-");
const recoveryWindow = z
  .int("must be a whole number of days")
  .refine((days) => days === 0 || (days >= 7 && days <= 30), "must be 7 to 30 days, or 0 for no restoring at all");

/**
 * Only the key that signs now, as the secret's current version. A promoted key becomes the next version, and the key before it stays
 * readable as `AWSPREVIOUS`; applications read the current one at each start and whenever they like.
 * The component's name: at most 32 lower-case letters, digits and hyphens.
 * @example
 * const ring = new BaikalClientKeys("clients/billing", { issuer: "https://billing.example/" });
 * const { activeKid, activePrivateKey } = ring;
 * const secret = new SigningKeySecret("billing", { activeKid, activePrivateKey, readers: [service.arn] });
 * export const signingKeyArn = secret.arn;
 */
export class SigningKeySecret extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly secretName: pulumi.Output<string>;
  /** Of the current version. */
  readonly versionId: pulumi.Output<string>;

  constructor(name: string, args: SigningKeySecretArgs, options?: pulumi.ComponentResourceOptions) {
    const of = `SigningKeySecret ${name}`;
    checkName("SigningKeySecret", name);
    const readers = args.readers?.map((arn, index) => checked(arn, by(roleArn, `readers.${index}`, of))) ?? [];
    const days = checked(args.recoveryWindowDays ?? 30, by(recoveryWindow, "recoveryWindowDays", of));
    const format = checked(args.format ?? "json", by(secretFormat, "format", of));
    const secretName =
      args.secretName === undefined ? undefined : checked(args.secretName, by(secretNamePattern, "secretName", of));
    const { activeKid, activePrivateKey, algorithm = "RS256", issuer } = args;
    const key = checked({ activeKid, activePrivateKey, algorithm, issuer }, by(signingKey, "", of));
    super("pulumi-authn:aws:SigningKeySecret", name, {}, options);

    const secret = new Secret(
      name,
      {
        description: "The active signing key of a client of Baikal",
        recoveryWindowInDays: days,
        ...(args.kmsKeyId === undefined ? {} : { kmsKeyId: args.kmsKeyId }),
        ...(secretName === undefined ? {} : { name: secretName }),
      },
      { parent: this },
    );
    const text = pulumi.output({ key, format }).apply(({ key, format }) => signingKeyText(key, format));
    const version = new SecretVersion(
      name,
      {
        secretId: secret.id,
        secretString: text,
      },
      // The SDK makes the text a secret. Deleting the version before would take its AWSPREVIOUS from it. Secrets Manager itself clears away what is older.
      { parent: this, replaceOnChanges: ["secretString"], retainOnDelete: true },
    );
    if (readers.length > 0) {
      const policy = pulumi
        .output({ arn: secret.arn, readers })
        .apply(({ arn, readers }) => secretPolicy(arn, readers));
      new SecretPolicy(name, { secretArn: secret.arn, policy, blockPublicPolicy: true }, { parent: this });
    }

    this.arn = secret.arn;
    this.secretName = secret.name;
    this.versionId = version.versionId;
    this.registerOutputs({ arn: this.arn, secretName: this.secretName, versionId: this.versionId });
  }
}
