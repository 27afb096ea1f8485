/** What a build of the rotation runs. The text is constant: what differs is in environment variables, where no shell reads it as code. */
import { stringify } from "yaml";

/** The variables that the buildspec reads. */
export interface RotationVariables {
  readonly ROTATION_STACK: string;
  readonly ROTATION_DIRECTORY: string;
  readonly ROTATION_PULUMI_VERSION: string;
}

const ARCHIVE = "/tmp/pulumi.tar.gz";

/** CodeBuild's buildspec, version 0.2: all commands run in one shell, and a failing one ends the build. */
export const rotationBuildspec: string = stringify(
  {
    version: 0.2,
    env: { shell: "bash" },
    phases: {
      install: {
        "runtime-versions": { nodejs: 22 },
        commands: [
          `curl --fail --silent --show-error --location --output ${ARCHIVE} "https://get.pulumi.com/releases/sdk/pulumi-v$ROTATION_PULUMI_VERSION-linux-x64.tar.gz"`,
          `tar --extract --gzip --file ${ARCHIVE} --directory /opt`,
          'export PATH="/opt/pulumi:$PATH"',
          'cd "$ROTATION_DIRECTORY"',
          "npm ci",
        ],
      },
      build: {
        commands: ['pulumi up --stack "$ROTATION_STACK" --yes --skip-preview --non-interactive'],
      },
    },
  },
  { lineWidth: 0 },
);
