/** The wire of Hanko's Passkey API as a whole: ceremonies, credentials, and the keys that its tokens are signed with (contracts/hanko.md). */
import type { JWK } from "jose";
import { z } from "zod";
import type { HankoPasskeyHttp } from "./http.js";
import { type HankoPasskeyCeremonies, passkeyCeremonies } from "./passkeyCeremonies.js";
import { type HankoPasskeyCredentials, passkeyCredentials } from "./passkeyCredentials.js";

export interface HankoJwks {
  readonly keys: JWK[];
  /** How long they may be kept: `max-age` of Cache-Control. */
  readonly maxAgeMs: number;
}

export interface HankoPasskeyApi extends HankoPasskeyCeremonies, HankoPasskeyCredentials {
  jwks(): Promise<HankoJwks>;
}

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string("must be text") }), "must be a list") });

export function hankoPasskeyApi(http: HankoPasskeyHttp): HankoPasskeyApi {
  return {
    ...passkeyCeremonies(http),
    ...passkeyCredentials(http.keyed),

    async jwks() {
      const answer = await http.open.call({
        operation: "Hanko Passkey API JWKS",
        method: "GET",
        path: "/.well-known/jwks.json",
        answers: [200],
      });
      const maxAge = /(?:^|[\s,])max-age=(\d+)/i.exec(answer.headers["cache-control"] ?? "")?.[1];
      return { keys: answer.json(jwks).keys, maxAgeMs: Number(maxAge ?? 0) * 1000 };
    },
  };
}
