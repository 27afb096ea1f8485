// A Pulumi program of one's own: resources by hand, beside whatever else the stack has. Each export is a stack output.
import * as pulumi from "@pulumi/pulumi";
import { AuthnProvider, HankoCredential, KeyriPublicKey } from "pulumi-authn";

// A generated pair, registered and proven by a signed login. `privateKey` is secret, also as an output.
const phone = new KeyriPublicKey("ada/phone", { username: "ada" });
const laptop = new KeyriPublicKey("grace/laptop", { username: "amazing.grace", generation: 2 });

// A passkey of a software authenticator. `browser` is secret, and what Playwright or the DevTools protocol signs in with.
const passkey = new HankoCredential("ada/passkey", { userId: "ada", username: "ada", name: "laptop" });

export const ada = { publicKey: phone.publicKey, privateKey: phone.privateKey, browser: passkey.browser };
export const grace = { publicKey: laptop.publicKey, proven: laptop.proven };

// A second account, where its address is configured: own-program:stagingUrl, and the secret own-program:stagingToken.
const config = new pulumi.Config();
const url = config.get("stagingUrl");
if (url !== undefined) {
  const staging = new AuthnProvider("staging", { keyri: { url, token: config.requireSecret("stagingToken") } });
  new KeyriPublicKey("ada/staging-phone", { username: "ada" }, { provider: staging });
}
