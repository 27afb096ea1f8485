/** The nested arguments of `BaikalClientKeys`: where its document goes, how a key is proven, when one may be promoted. */
import type * as pulumi from "@pulumi/pulumi";

type Text = pulumi.Input<string>;

/** A file of the project, an address that takes PUT, or a path under `baikal:publishUrl`. */
export type BaikalPublishArgs =
  | {
      /** The path of a file, relative to the project's folder; it is replaced as a whole. */
      readonly file: Text;
    }
  | {
      /** An address that takes PUT; ETags, where it has them, keep two runs apart. */
      readonly url: Text;
      /** Sent with each request to it. Always secret. */
      readonly headers?: pulumi.Input<Readonly<Record<string, Text>>>;
    }
  | {
      /** Under `baikal:publishUrl`, with `baikal:publishToken`: `billing.json`. */
      readonly path: Text;
    };

/** A jwt-bearer grant that is tried with a key before it signs. */
export interface BaikalGrantArgs {
  readonly sub: Text;
  /** Separated by spaces. */
  readonly scope?: Text;
  /** Separated by spaces. */
  readonly purpose?: Text;
  /** A UUID. */
  readonly authorizationId?: Text;
  readonly identifier?: pulumi.Input<{
    readonly id: Text;
    /** `phone_number`, `email`, … */
    readonly type: Text;
  }>;
  readonly acr?: Text;
}

export interface BaikalVerifyArgs {
  /** Where verifiers fetch the document. Default: where it is published. */
  readonly jwksUrl?: Text;
  /** Default: none is tried, and a key counts as proven once it is live. */
  readonly grant?: pulumi.Input<BaikalGrantArgs>;
}

/** Openings outside of which nothing is promoted; what is urgent (a revocation) doesn't wait for one. */
export interface BaikalWindowArgs {
  /** Minute, hour, day of the month, month, day of the week: `0 9 * * 1-4`. */
  readonly cron: Text;
  /** IANA name: `Europe/Berlin`. Default: UTC. */
  readonly timeZone?: Text;
  /** How long it stays open: `2h`. Default: `1h`. */
  readonly duration?: Text;
}
