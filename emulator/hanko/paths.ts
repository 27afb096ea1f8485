/** The paths of both APIs (contracts/hanko.md), for the routes, and for the journal, which needs no credential's id. */

const prefix = "/v1/webauthn";

export const authenticationPaths = {
  registrationInitialize: `${prefix}/registration/initialize`,
  registrationFinalize: `${prefix}/registration/finalize`,
  authenticationInitialize: `${prefix}/authentication/initialize`,
  authenticationFinalize: `${prefix}/authentication/finalize`,
  transactionInitialize: `${prefix}/transaction/initialize`,
  transactionFinalize: `${prefix}/transaction/finalize`,
  credentials: `${prefix}/credentials`,
  credential: `${prefix}/credentials/:id`,
} as const;

export const passkeyPaths = {
  registrationInitialize: "/:tenant/registration/initialize",
  registrationFinalize: "/:tenant/registration/finalize",
  loginInitialize: "/:tenant/login/initialize",
  loginFinalize: "/:tenant/login/finalize",
  transactionInitialize: "/:tenant/transaction/initialize",
  transactionFinalize: "/:tenant/transaction/finalize",
  credentials: "/:tenant/credentials",
  credential: "/:tenant/credentials/:id",
  jwks: "/:tenant/.well-known/jwks.json",
} as const;
