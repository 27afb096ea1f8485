/** What the engine and the stock host cost by themselves: a resource with a constant provider text that does nothing. */
import * as pulumi from "@pulumi/pulumi";

/**
 * @typedef {object} Bare shaped as the resource that it stands for
 * @property {string} type
 * @property {number} idCharacters
 * @property {Readonly<Record<string, number | string>>} outputs each as so many characters, or as a JavaScript expression that may call
 * `s(characters)`: the text stays as short as a real one's
 * @property {string} [outputsFile] a JSON file of the project with more of them, for those that would make the text long
 * @property {readonly string[]} secretOutputs
 * @property {boolean} [turns] whether another `turn` among its inputs is an update
 */

export class BareResource extends pulumi.CustomResource {
  /** @param {Bare} bare @param {string} name @param {object} inputs */
  constructor(bare, name, inputs) {
    const { type, outputs, secretOutputs } = bare;
    const owner = { project: pulumi.getProject(), stack: pulumi.getStack(), type, name };
    const names = [...Object.keys(outputs), ...secretOutputs];
    const all = {
      ...Object.fromEntries(names.map((output) => [output, undefined])),
      ...inputs,
      owner,
      __provider: textOf(bare),
    };
    super(`pulumi-nodejs:dynamic/bench:${type}`, name, all, { additionalSecretOutputs: [...secretOutputs] });
  }
}

const STEADY = "diff:async()=>({changes:false}),";
const TURNING = `diff:async(id,olds,news)=>({changes:olds.turn!==news.turn}),
update:async(id,olds,news)=>({outs:{...olds,...news}}),`;

/** @param {Bare} bare */
function textOf({ idCharacters, outputs, outputsFile, turns }) {
  const expressions = Object.entries(outputs).map(
    ([name, output]) => `${name}:${typeof output === "number" ? `s(${output})` : output}`,
  );
  if (outputsFile !== undefined) expressions.push(`...require(process.cwd()+"/${outputsFile}")`);
  return `exports.handler=()=>({
check:async(olds,news)=>({inputs:news}),
${turns ? TURNING : STEADY}
create:async(inputs,s=n=>"s".repeat(n))=>({id:s(${idCharacters}),outs:{...inputs,${expressions.join()}}}),
read:async(id,props)=>({id,props}),
delete:async()=>{}});`;
}
