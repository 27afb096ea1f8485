/**
 * The constant text that the stock host evaluates for each resource: it only requires this package, so nothing is serialised,
 * no secret can be captured, and new code serves old state. It is stored with every resource, so its bytes stay the same for
 * ever; a test pins them. It resolves the package from the program's folder, in this repository by the package's own name.
 */

/** @param type the name that `pulumi-authn/dynamic` exports */
export function providerText(type: string): string {
  return `exports.handler=()=>{const r=require("module").createRequire(process.cwd()+"/x"),p="pulumi-authn/dynamic";try{return r(p).${type}}catch(e){if(/MODULE_NOT_FOUND/.test(e.code)){const m=e.message.split("\\n")[0];e.message=m+(m.includes(p)?"; looked in "+r.resolve.paths(p):"")+": run npm install"}throw e}};`;
}
