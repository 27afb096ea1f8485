/** File names that differ between systems, as a table: the engine, the provider host's launcher, the variable of the home folder. */

export interface PlatformNames {
  readonly engine: string;
  readonly launcher: string;
  readonly go: string;
  readonly home: string;
}

const posix: PlatformNames = {
  engine: "pulumi",
  launcher: "pulumi-resource-pulumi-nodejs",
  go: "go",
  home: "HOME",
};

const windows: PlatformNames = {
  engine: "pulumi.exe",
  launcher: "pulumi-resource-pulumi-nodejs.cmd",
  go: "go.exe",
  home: "USERPROFILE",
};

export function platformNames(platform: NodeJS.Platform): PlatformNames {
  return platform === "win32" ? windows : posix;
}
