// The arrows of the design: which folder may import which. `npm run check` runs it.
/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "resources-load-no-system",
      comment:
        "A program registers 1,000 resources without loading HTTP or cryptography: schemas, types and pure leaves only (a key's form, a picture's and a calendar's are judged where one is given).",
      severity: "error",
      from: { path: "^src/(resources|components|fixtures|program|declaration|index)" },
      to: {
        path: "^providers/",
        pathNot:
          "^providers/(errors|url|host/(inputs|projectFolder|environmentName|openedAt)|[^/]+/inputs|http/guard|baikal/ring/(documentText|policy|slots)|keyri/publicKey|hanko/authenticator/browserCredential|keyless/image)\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "program-knows-no-cli",
      severity: "error",
      from: { path: "^(providers|emulator|src/(resources|components|fixtures|program|declaration|index))" },
      to: { path: "^src/cli/" },
    },
    {
      name: "providers-know-no-program",
      severity: "error",
      from: { path: "^providers/" },
      to: { path: "^(src|emulator)/" },
    },
    {
      name: "emulator-reads-the-contracts-itself",
      comment: "An independent reading: one mistake must not be made on both sides.",
      severity: "error",
      from: { path: "^emulator/" },
      to: { path: "^(src|providers)/" },
    },
    {
      name: "host-knows-no-system",
      severity: "error",
      from: { path: "^providers/(host|http)/" },
      to: { path: "^providers/(?!host/|http/|errors|url)" },
    },
    {
      name: "http-knows-no-host",
      severity: "error",
      from: { path: "^providers/http/" },
      to: { path: "^providers/host/" },
    },
    {
      name: "no-system-knows-another",
      severity: "error",
      from: { path: "^providers/([^/]+)/", pathNot: "^providers/(host|http)/" },
      to: { path: "^providers/([^/]+)/", pathNot: "^providers/(host|http|$1)/" },
    },
    {
      name: "one-place-opens-connections",
      severity: "error",
      from: { path: "^(providers|src)/", pathNot: "^providers/http/" },
      to: { path: "(^|node_modules/)undici(/|$)", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "only-aws-loads-aws",
      comment: "An optional peer dependency of 84 MB: nobody else meets it.",
      severity: "error",
      from: { path: "^(src|providers|emulator)/", pathNot: "^src/aws/" },
      to: { path: "^src/aws/|(^|node_modules/)@pulumi/aws(/|$)" },
    },
    {
      name: "aws-knows-no-system",
      severity: "error",
      from: { path: "^src/aws/" },
      to: {
        path: "^(providers|emulator|src)/",
        pathNot: "^(src/aws/|providers/errors\\.ts$|providers/baikal/ring/(duration|documentText)\\.ts$)",
      },
    },
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
