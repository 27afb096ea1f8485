/**
 * What the engine and the stock host cost by themselves: as many resources, with the inputs and secrets of `KeyriPublicKey` and a
 * constant text that does nothing.
 */
import * as pulumi from "@pulumi/pulumi";

/** As long as the real ones: an id of 32 bytes in base64url, a P-256 key as SPKI and as PKCS#8 in base64. */
const OUTPUTS = { id: 43, publicKey: 124, privateKey: 184 };

const TEXT = `exports.handler=()=>({
check:async(olds,news)=>({inputs:news}),
diff:async()=>({changes:false}),
create:async(inputs)=>({id:"i".repeat(${OUTPUTS.id}),outs:{...inputs,publicKey:"p".repeat(${OUTPUTS.publicKey}),privateKey:"s".repeat(${OUTPUTS.privateKey})}}),
read:async(id,props)=>({id,props}),
delete:async()=>{}});`;

const TYPE = "BarePublicKey";

class BarePublicKey extends pulumi.CustomResource {
  /** @param {string} name @param {string} username */
  constructor(name, username) {
    const owner = { project: pulumi.getProject(), stack: pulumi.getStack(), type: TYPE, name };
    const inputs = { username, owner, publicKey: undefined, privateKey: undefined, __provider: TEXT };
    super(`pulumi-nodejs:dynamic/bench:${TYPE}`, name, inputs, { additionalSecretOutputs: ["privateKey"] });
  }
}

/** @param {readonly string[]} usernames */
export function register(usernames) {
  for (const username of usernames) new BarePublicKey(`${username}/phone`, username);
}
