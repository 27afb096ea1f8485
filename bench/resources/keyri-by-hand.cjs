/**
 * A dynamic provider as Pulumi's documentation has one written: a class whose code the SDK serialises with each resource. It asks
 * the service the same as `KeyriPublicKey` and does nothing about retries, adoption, lost answers or drift.
 */
const crypto = require("node:crypto");
const pulumi = require("@pulumi/pulumi");

class HandProvider {
  /** @param {import("@pulumi/pulumi/dynamic").ConfigureRequest} request */
  async configure(request) {
    this.url = request.config.require("keyri:url");
    this.token = request.config.require("keyri:token");
  }

  /** @param {string} method @param {string} path @param {object} [body] */
  async request(method, path, body) {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** @param {{ username: string }} inputs */
  async create(inputs) {
    const { username } = inputs;
    const { publicKey, privateKey } = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pubKey = publicKey.export({ format: "der", type: "spki" }).toString("base64");
    await this.request("POST", "/keyriRegistration", { pubKey, username });
    const data = `${Date.now()}_${crypto.randomInt(2 ** 47)}`;
    const signature = crypto.sign("sha256", Buffer.from(data), privateKey).toString("base64");
    const keyriPayload = JSON.stringify({ pubKey, username, data, signature });
    await this.request("POST", "/keyriLogin", { keyriPayload });
    return {
      id: crypto.createHash("sha256").update(pubKey).digest("base64url"),
      outs: {
        ...inputs,
        publicKey: pubKey,
        privateKey: privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
      },
    };
  }

  /** @param {string} id @param {{ username: string, publicKey: string }} props */
  async read(id, props) {
    const answer = await this.request("GET", `/keyriKeys?username=${encodeURIComponent(props.username)}`);
    const keys = /** @type {{ pubKey: string }[]} */ (await answer.json());
    return keys.some(({ pubKey }) => pubKey === props.publicKey) ? { id, props } : {};
  }

  /** @param {string} _id @param {{ username: string, publicKey: string }} props */
  async delete(_id, props) {
    await this.request("DELETE", "/keyriKeys", { pubKey: props.publicKey, username: props.username });
  }
}

class Hand extends pulumi.dynamic.Resource {
  /** @param {string} name @param {{ username: string, owner: object }} inputs */
  constructor(name, inputs) {
    const outputs = { publicKey: undefined, privateKey: undefined };
    super(new HandProvider(), name, { ...inputs, ...outputs }, { additionalSecretOutputs: ["privateKey"] });
  }
}

/** @param {readonly string[]} usernames */
exports.register = (usernames) => {
  for (const username of usernames) {
    const name = `${username}/phone`;
    new Hand(name, { username, owner: { project: pulumi.getProject(), stack: pulumi.getStack(), type: "Hand", name } });
  }
};
