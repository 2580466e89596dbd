/**
 * The Lambda authorizer behind AgentAuth.oidc: checks a bearer token of any OpenID provider for API Gateway.
 *
 * It admits a token only when every check passes. A token that fails one is answered with 401, a provider that cannot
 * be reached with 500. A token is never logged.
 */
import { createHash } from "node:crypto";

import { FetchError, JwkValidationError, JwksValidationError } from "aws-jwt-verify/error";
import { SimpleFetcher } from "aws-jwt-verify/https";
import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";

const lines = (value) => (value ? value.split("\n") : []);

const audiences = lines(process.env.AUDIENCES);
const clientIds = lines(process.env.CLIENT_IDS);
const scopes = lines(process.env.SCOPES);
const requiredClaims = lines(process.env.REQUIRED_CLAIMS).map((rule) => {
  const [operator, name, ...values] = rule.split("\t");
  return { operator, name, values };
});

// What the stack checks, by name: a value that only the deployment knew may have come out empty, and then any token of
// the provider would pass.
for (const [name, values] of Object.entries({ AUDIENCES: audiences, CLIENT_IDS: clientIds, SCOPES: scopes })) {
  if (lines(process.env.CHECKED).includes(name) ? values.length === 0 || values.includes("") : values.length > 0) {
    throw new Error(`${name} must hold what the stack checks, and no empty value`);
  }
}
if (audiences.length === 0 && clientIds.length === 0) throw new Error("AUDIENCES or CLIENT_IDS must name something");

// A key that the provider withdrew is taken for so long, and for so long if the provider cannot be reached.
const REFRESH_MS = 10 * 60 * 1000;
const MAX_AGE_MS = 60 * 60 * 1000;
const TYPES = ["jwt", "at+jwt", "application/at+jwt"];

let verifier;
let discoveredAt = 0;

export async function handler(event) {
  const token = /^bearer (\S+)$/i.exec(event.authorizationToken ?? "")?.[1];
  if (token === undefined) throw refused("NoBearerToken");
  const provider = await currentVerifier();
  let payload;
  try {
    payload = await provider.verify(token);
  } catch (error) {
    const keysAreBad = [FetchError, JwksValidationError, JwkValidationError].some((kind) => error instanceof kind);
    if (keysAreBad || error instanceof SyntaxError) throw unavailable(error);
    throw refused(error.constructor.name === "Error" ? error.message : error.constructor.name);
  }
  return admitted(event.methodArn, payload);
}

/** The provider's verifier, kept between calls; it is made anew by age, and by the next call if that failed. */
async function currentVerifier() {
  const age = Date.now() - discoveredAt;
  if (verifier !== undefined && age < REFRESH_MS) return verifier;
  try {
    verifier = await discover();
    discoveredAt = Date.now();
  } catch (error) {
    if (verifier === undefined || age > MAX_AGE_MS) throw unavailable(error);
  }
  return verifier;
}

async function discover() {
  const url = process.env.DISCOVERY_URL;
  const { issuer, jwks_uri: jwksUri } = JSON.parse(Buffer.from(await new SimpleFetcher().fetch(url)).toString("utf8"));
  if (typeof issuer !== "string" || issuer === "" || typeof jwksUri !== "string") {
    throw new Error(`the discovery document at ${url} names no issuer or no jwks_uri`);
  }
  if (!addressesOf(issuer).includes(url)) throw new Error(`the discovery document at ${url} is another issuer's`);
  if (!jwksUri.startsWith("https://")) throw new Error(`the keys of ${url} are not served over TLS`);
  return JwtVerifier.create({
    issuer,
    jwksUri,
    audience: audiences.length > 0 ? audiences : null,
    scope: scopes.length > 0 ? scopes : undefined,
    customJwtCheck: ({ header, payload, jwk }) => {
      checkHeader(header, jwk);
      checkClaims(payload);
    },
  });
}

/** Where an issuer's document is: OpenID Connect Discovery 4, and RFC 8414, 3.1. */
function addressesOf(issuer) {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

function checkHeader(header, jwk) {
  // RFC 7515, 4.1.11: an extension that is not understood must be refused, and none is.
  if (header.crit !== undefined) throw new Error("CriticalHeader");
  // RFC 8725, 3.11: a logout token is no access token, though the same key signs it.
  if (header.typ !== undefined && !TYPES.includes(String(header.typ).toLowerCase())) throw new Error("TypeNotAllowed");
  // RFC 7518, 3.3.
  if (jwk.kty === "RSA" && Buffer.from(jwk.n, "base64url").length < 256) throw new Error("KeyTooShort");
}

/** What aws-jwt-verify leaves to its caller. */
function checkClaims(payload) {
  // Without `exp` a stolen token would pass for ever.
  if (payload.exp === undefined) throw new Error("NoExpiry");
  if (clientIds.length > 0 && !clientIds.includes(payload.client_id)) throw new Error("ClientNotAllowed");
  for (const { operator, name, values } of requiredClaims) {
    const claim = payload[name];
    const passes =
      operator === "EQUALS"
        ? typeof claim === "string" && claim === values[0]
        : Array.isArray(claim) && values.some((value) => claim.includes(value));
    if (!passes) throw new Error("ClaimNotAllowed");
  }
  // It becomes a header and a field of the access log: printable ASCII without quotes and backslashes.
  if (typeof payload.sub !== "string" || !/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(payload.sub)) {
    throw new Error("NoSubject");
  }
}

function admitted(methodArn, { iss, sub }) {
  return {
    principalId: sub,
    policyDocument: {
      Version: "2012-10-17",
      // API Gateway keeps this answer for the token, whichever of the API's methods is called next.
      Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: `${methodArn.split("/", 2).join("/")}/*` }],
    },
    context: { sub, session: createHash("sha256").update(`${iss}\n${sub}`).digest("hex") },
  };
}

/** API Gateway answers 401 to exactly this message. */
function refused(reason) {
  console.warn(JSON.stringify({ outcome: "refused", reason }));
  return new Error("Unauthorized");
}

function unavailable(error) {
  console.error(JSON.stringify({ outcome: "unavailable", reason: error.message }));
  return new Error("the OpenID provider cannot be reached");
}
