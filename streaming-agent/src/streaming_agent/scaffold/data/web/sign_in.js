/** Sign-in at Cognito's managed login: the code flow with PKCE; the tokens live as long as the tab. */

const TOKENS = "chat.tokens";
const PENDING = "chat.pending-sign-in";
const MARGIN_MS = 60_000; // renewed this long before it expires, so that it still holds when it arrives

/** The sign-in has ended and must be made again by the user. */
export class SignedOut extends Error {}

export class SignIn {
  /** @param {{signInUrl: string, clientId: string, scope: string, tokenType: "id" | "access"}} config */
  constructor(config) {
    this.config = config;
    this.redirectUri = new URL("./", location.href).href;
  }

  get isSignedIn() {
    return sessionStorage.getItem(TOKENS) !== null;
  }

  /** Leaves for the sign-in page. */
  async begin() {
    const state = randomText();
    const verifier = randomText();
    sessionStorage.setItem(PENDING, JSON.stringify({ state, verifier }));
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    location.assign(`${this.config.signInUrl}/oauth2/authorize?${new URLSearchParams({
      response_type: "code",
      client_id: this.config.clientId,
      redirect_uri: this.redirectUri,
      scope: this.config.scope,
      state,
      code_challenge: base64url(new Uint8Array(digest)),
      code_challenge_method: "S256",
    })}`);
  }

  /** Finishes a sign-in when the page was opened by one; afterwards the address shows no code. */
  async finish() {
    const answer = new URL(location.href).searchParams;
    if (!answer.has("code") && !answer.has("error")) return;
    const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "{}");
    sessionStorage.removeItem(PENDING);
    history.replaceState(null, "", this.redirectUri);
    if (!pending.state || answer.get("state") !== pending.state) {
      throw new SignedOut("The sign-in was begun somewhere else. Please sign in again.");
    }
    if (answer.has("error")) throw new SignedOut("The sign-in was not finished. Please sign in again.");
    this.#keep(await this.#exchange({
      grant_type: "authorization_code",
      code: answer.get("code"),
      redirect_uri: this.redirectUri,
      code_verifier: pending.verifier,
    }));
  }

  /** A token that the API takes now, refreshed where it is about to expire. */
  async token({ renewed = false } = {}) {
    const kept = JSON.parse(sessionStorage.getItem(TOKENS) ?? "null");
    if (kept === null) throw new SignedOut("Please sign in.");
    if (!renewed && Date.now() < kept.renewAt) return kept.token;
    if (!kept.refreshToken) this.#ended();
    return this.#keep(
      await this.#exchange({ grant_type: "refresh_token", refresh_token: kept.refreshToken }),
      kept.refreshToken,
    );
  }

  /** Forgets the tokens here, revokes them there, and ends the sign-in page's own session. */
  async end() {
    const kept = JSON.parse(sessionStorage.getItem(TOKENS) ?? "null");
    sessionStorage.removeItem(TOKENS);
    if (kept?.refreshToken) await this.#revoke(kept.refreshToken);
    location.assign(`${this.config.signInUrl}/logout?${new URLSearchParams({
      client_id: this.config.clientId,
      logout_uri: this.redirectUri,
    })}`);
  }

  async #revoke(refreshToken) {
    // a form needs no preflight, and its answer is not read: the sign-out goes on whatever it is
    await fetch(`${this.config.signInUrl}/oauth2/revoke`, {
      method: "POST",
      mode: "no-cors",
      keepalive: true,
      signal: AbortSignal.timeout(3000),
      body: new URLSearchParams({ client_id: this.config.clientId, token: refreshToken }),
    }).catch(() => {});
  }

  async #exchange(form) {
    const response = await fetch(`${this.config.signInUrl}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({ client_id: this.config.clientId, ...form }),
    });
    if (!response.ok) this.#ended();
    return response.json();
  }

  #keep(tokens, refreshToken) {
    const token = this.config.tokenType === "access" ? tokens.access_token : tokens.id_token;
    const renewAt = Date.now() + tokens.expires_in * 1000 - MARGIN_MS;
    const kept = { token, renewAt, refreshToken: tokens.refresh_token ?? refreshToken };
    sessionStorage.setItem(TOKENS, JSON.stringify(kept));
    return token;
  }

  #ended() {
    sessionStorage.removeItem(TOKENS);
    throw new SignedOut("Your sign-in has ended. Please sign in again.");
  }
}

function randomText() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
