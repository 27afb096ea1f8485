/** What the engine and the stock host cost by themselves: a resource with a constant provider text that does nothing. */
import * as pulumi from "@pulumi/pulumi";

/**
 * @typedef {object} Bare shaped as the resource that it stands for
 * @property {string} type
 * @property {number} idCharacters
 * @property {Readonly<Record<string, number | string>>} outputs each as so many characters, or as a JavaScript expression that may call
 * `s(characters)`: the text stays as short as a real one's
 * @property {readonly string[]} secretOutputs
 */

export class BareResource extends pulumi.CustomResource {
  /** @param {Bare} bare @param {string} name @param {object} inputs */
  constructor({ type, idCharacters, outputs, secretOutputs }, name, inputs) {
    const owner = { project: pulumi.getProject(), stack: pulumi.getStack(), type, name };
    const names = [...Object.keys(outputs), ...secretOutputs];
    const all = {
      ...Object.fromEntries(names.map((output) => [output, undefined])),
      ...inputs,
      owner,
      __provider: textOf(idCharacters, outputs),
    };
    super(`pulumi-nodejs:dynamic/bench:${type}`, name, all, { additionalSecretOutputs: [...secretOutputs] });
  }
}

/** @param {number} idCharacters @param {Bare["outputs"]} outputs */
function textOf(idCharacters, outputs) {
  const expressions = Object.entries(outputs).map(
    ([name, output]) => `${name}:${typeof output === "number" ? `s(${output})` : output}`,
  );
  return `exports.handler=()=>({
check:async(olds,news)=>({inputs:news}),
diff:async()=>({changes:false}),
create:async(inputs,s=n=>"s".repeat(n))=>({id:s(${idCharacters}),outs:{...inputs,${expressions.join()}}}),
read:async(id,props)=>({id,props}),
delete:async()=>{}});`;
}
