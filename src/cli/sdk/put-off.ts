/**
 * Puts off what the SDK loads only to serialize closures: the TypeScript compiler and npm's dependency tree are two thirds of its loading
 * time and a third of its memory, in this process and in each provider host, and no resource of this package has a closure to serialize
 * (docs/decisions/0001). Whoever asks for them gets them. Facts: @pulumi/pulumi 3.248.0, `runtime/closure/codePaths.js` (`new
 * arborist.Arborist`) and `typescript-shim.js`; where another version has neither, nothing is put off.
 */
import { createRequire, Module } from "node:module";

type Load = () => object;

/** @param from a file in the folder whose `@pulumi/pulumi` is meant, or of that package itself */
export function putOffClosures(from: string): void {
  const requireThere = createRequire(from);
  const sdk = resolved(requireThere, "@pulumi/pulumi/package.json");
  if (sdk === undefined) return;
  const requireSdk = createRequire(sdk);
  // Compiled code that is told of an ES module takes it as it is; anything else it copies, and would load it for that.
  putOff(requireSdk, "@npmcli/arborist", (load) => lazily(load, { __esModule: true }));
  putOff(requireSdk, "./typescript-shim.js", (load) => lazily(load, {}));
}

function putOff(requireSdk: NodeJS.Require, name: string, standIn: (load: Load) => object): void {
  const file = resolved(requireSdk, name);
  if (file === undefined || requireSdk.cache[file] !== undefined) return;
  const later = new Module(file);
  later.filename = file;
  later.loaded = true;
  later.exports = standIn(() => {
    if (requireSdk.cache[file] === later) delete requireSdk.cache[file];
    return requireSdk(file);
  });
  requireSdk.cache[file] = later;
}

function lazily(load: Load, known: Readonly<Record<string, unknown>>): object {
  let loaded: object | undefined;
  return new Proxy(known, {
    get(_, name) {
      if (loaded === undefined && name in known) return Reflect.get(known, name);
      loaded ??= load();
      return Reflect.get(loaded, name);
    },
  });
}

function resolved(requireThere: NodeJS.Require, name: string): string | undefined {
  try {
    return requireThere.resolve(name);
  } catch {
    return undefined;
  }
}
