/**
 * The engine that this package is tried with, and the limits of getting it. `tools/engine/go.mod` pins the same version with
 * its checksums; a test holds the two together.
 */

/** The oldest engine that serves, and the one that is fetched where none is found. */
export const pinnedVersion = "3.228.0";

/** The command's Go package; `tools/engine/go.mod` names it in its `tool` directive. */
export const goPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** The `go` line of `tools/engine/go.mod`. */
export const minimumGo = "1.25.8";

/** The flags that Pulumi's own releases are built with, as far as they change the program. */
export const goBuildFlags = [
  "-trimpath",
  "-tags",
  "osusergo,grpcnotrace",
  "-ldflags",
  `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pinnedVersion}`,
] as const;

/** Where Pulumi's installer begins; asked first, so that a closed network is found soon. */
export const installerUrl = "https://get.pulumi.com/install.sh";

export const limits = {
  /** One `pulumi version`: 0.15 s where all is well. */
  versionMs: 20_000,
  /** The first answer of the installer's server. */
  reachMs: 5_000,
  /** The whole of Pulumi's installer. */
  installMs: 60_000,
  /** A Go build with its downloads: 4 minutes cold on 2 cores. */
  buildMs: 15 * 60_000,
  /** A lock whose holder gave no sign of life for so long is nobody's. */
  lockStaleMs: 20_000,
  lockPollMs: 500,
} as const;

export type Limits = { readonly [Name in keyof typeof limits]: number };
