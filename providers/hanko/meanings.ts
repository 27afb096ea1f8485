/**
 * A call whose refusals mean something to this system: each status has its own words and remedy, beside the service's
 * (contracts/hanko.md, the errors of both APIs). Any other status is the HTTP layer's to tell.
 */
import { AuthnError } from "../errors.js";
import type { Answer } from "../http/contract.js";
import { HttpError } from "../http/errors.js";
import type { HankoCall, HankoHttp } from "./http.js";

export interface Meaning {
  /** What it comes to, as the beginning of a sentence that the service's own words end. */
  readonly what: string;
  readonly remedy: string;
  /** True where the service looked at a signature and didn't take it. */
  readonly proofFailed?: true;
}

export type Meanings = Readonly<Record<number, Meaning>>;

/** @throws HttpError; AuthnError `ERR_AUTHN_PROOF_FAILED` where the meaning says so */
export async function callWithMeanings(http: HankoHttp, call: HankoCall, meanings: Meanings): Promise<Answer> {
  const answer = await http.call({ ...call, answers: [...call.answers, ...Object.keys(meanings).map(Number)] });
  const meaning = call.answers.includes(answer.status) ? undefined : meanings[answer.status];
  if (meaning === undefined) return answer;
  const { status, requestId } = answer;
  const excerpt = answer.excerpt(answer.body.toString("utf8"));
  const { remedy } = meaning;
  const what = `${meaning.what} (${status}${excerpt === "" ? "" : `: ${excerpt}`})`;
  const where = `request id ${requestId}`;
  if (meaning.proofFailed) throw new AuthnError({ code: "ERR_AUTHN_PROOF_FAILED", what, where, remedy });
  throw new HttpError({
    outcome: status >= 500 ? "unknown" : "refused",
    what,
    where,
    remedy,
    operation: call.operation,
    status,
    requestId,
    excerpt,
  });
}
