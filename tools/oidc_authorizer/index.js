/**
 * The Lambda authorizer behind AgentAuth.oidc: checks a bearer token of any OpenID provider for API Gateway.
 *
 * It admits a token only when every check passes. A token that fails one is answered with 401, a provider that cannot
 * be reached with 500. A token is never logged.
 */
import { createHash } from "node:crypto";

import { FetchError } from "aws-jwt-verify/error";
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

let verifier;

export async function handler(event) {
  const token = /^bearer (\S+)$/i.exec(event.authorizationToken ?? "")?.[1];
  if (token === undefined) throw refused("NoBearerToken");
  const provider = await currentVerifier();
  let payload;
  try {
    payload = await provider.verify(token);
  } catch (error) {
    if (error instanceof FetchError) throw unavailable(error);
    throw refused(error.constructor.name === "Error" ? error.message : error.constructor.name);
  }
  return admitted(event.methodArn, payload);
}

/** The provider's verifier, kept between calls; a provider that could not be reached is asked again by the next one. */
function currentVerifier() {
  verifier ??= discover().catch((error) => {
    verifier = undefined;
    throw unavailable(error);
  });
  return verifier;
}

async function discover() {
  const url = process.env.DISCOVERY_URL;
  const { issuer, jwks_uri: jwksUri } = JSON.parse(Buffer.from(await new SimpleFetcher().fetch(url)).toString("utf8"));
  if (typeof issuer !== "string" || issuer === "" || typeof jwksUri !== "string") {
    throw new Error(`the discovery document at ${url} names no issuer or no jwks_uri`);
  }
  return JwtVerifier.create({
    issuer,
    jwksUri,
    audience: audiences.length > 0 ? audiences : null,
    scope: scopes.length > 0 ? scopes : undefined,
    customJwtCheck: ({ payload }) => checkClaims(payload),
  });
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
  // It becomes a header: nothing but printable ASCII.
  if (typeof payload.sub !== "string" || !/^[\x21-\x7e]{1,255}$/.test(payload.sub)) throw new Error("NoSubject");
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
