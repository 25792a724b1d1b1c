// An OpenID provider for tests: the certified oidc-provider, with users from the test and pages that a person or a program
// fills in: #login with #user and #continue, #consent with #continue, #refuse on both, and #continue to sign out.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import http from 'node:http';
import { Provider } from 'oidc-provider';
import { listen, serve } from './control.js';

const state = { keys: [], client: {}, users: [], cookieKey: randomBytes(32).toString('hex'), idTokenSeconds: 3600 };
const failures = [];
let provider;
let server;

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), use: 'sig', alg: 'RS256' };
}

const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const page = (title, body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<link rel="icon" href="data:,"></head><body><main><h1>${title}</h1>${body}</main></body></html>`;

const loginPage = (wrong) => page('Sign in', `<form id="login" method="post">${wrong ? `<p role="alert">${escaped(wrong)}</p>` : ''}
<label for="user">E-mail address</label> <input id="user" name="user" autofocus>
<button id="continue">Continue</button> <button id="refuse" name="refuse" value="yes">Refuse</button></form>`);

const consentPage = (client) => page('Consent', `<form id="consent" method="post"><p>${escaped(client)} asks who you are.</p>
<button id="continue">Continue</button> <button id="refuse" name="refuse" value="yes">Refuse</button></form>`);

// build makes the provider anew from the state; sessions and grants outlive it.
function build() {
  const issuer = `http://127.0.0.1:${state.port}`;
  const client = {
    client_id: state.client.id,
    client_secret: state.client.secret,
    redirect_uris: state.client.redirectURIs,
    post_logout_redirect_uris: state.client.postLogoutRedirectURIs ?? [],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  };
  if (state.client.backchannelLogoutURI) {
    client.backchannel_logout_uri = state.client.backchannelLogoutURI;
    client.backchannel_logout_session_required = true;
  }
  provider = new Provider(issuer, {
    clients: state.client.id ? [client] : [],
    jwks: { keys: state.keys },
    cookies: {
      keys: [state.cookieKey],
      names: { session: 'provider_session', interaction: 'provider_interaction', resume: 'provider_resume' },
    },
    scopes: ['openid', 'offline_access', 'email', 'profile', 'groups'],
    claims: {
      openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'locale', 'groups'], groups: ['groups'],
    },
    conformIdTokenClaims: false,
    pkce: { methods: ['S256'], required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          ctx.body = page('Sign out', `${form}<button id="continue" form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
        },
        postLogoutSuccessSource(ctx) { ctx.body = page('Signed out', '<p>You are signed out.</p>'); },
      },
    },
    ttl: {
      AccessToken: 3600, AuthorizationCode: 60, Grant: 86400, IdToken: state.idTokenSeconds, Interaction: 3600, Session: 86400,
      RefreshToken: 86400,
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount(ctx, sub) {
      const user = state.users.find((u) => u.sub === sub);
      return user && {
        accountId: sub,
        claims: () => ({
          sub, email: user.email, email_verified: user.emailVerified, name: user.name, locale: user.locale, groups: user.groups ?? [],
        }),
      };
    },
    renderError(ctx, out) {
      ctx.type = 'html';
      ctx.body = page('Error', `<p id="error">${escaped(out.error)}: ${escaped(out.error_description)}</p>`);
    },
  });
  for (const name of ['authorization.error', 'grant.error', 'end_session.error', 'backchannel.error', 'server_error', 'userinfo.error']) {
    provider.on(name, (ctx, error) => failures.push(`${name}: ${error.message} ${error.error_description ?? ''} ${error.error_detail ?? ''}`.trim()));
  }
  const callback = provider.callback();
  return (req, res) => (req.url.startsWith('/interaction/') ? interaction(req, res) : callback(req, res));
}

async function form(req) {
  let body = '';
  for await (const part of req) body += part;
  return new URLSearchParams(body);
}

// interaction shows and takes the pages on which a person signs in and consents.
async function interaction(req, res) {
  const show = (status, text) => res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(text);
  try {
    const { prompt, params, session, grantId } = await provider.interactionDetails(req, res);
    if (req.method !== 'POST') {
      show(200, prompt.name === 'login' ? loginPage() : consentPage(params.client_id));
      return;
    }
    const sent = await form(req);
    if (sent.get('refuse')) {
      await provider.interactionFinished(req, res, { error: 'access_denied', error_description: 'the person refused' });
      return;
    }
    if (prompt.name === 'login') {
      const user = state.users.find((u) => u.email === sent.get('user'));
      if (!user) {
        show(422, loginPage(`There is no user ${sent.get('user')}.`));
        return;
      }
      await provider.interactionFinished(req, res, { login: { accountId: user.sub } });
      return;
    }
    const grant = (grantId && await provider.Grant.find(grantId))
      || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    if (prompt.details.missingOIDCScope) grant.addOIDCScope(prompt.details.missingOIDCScope.join(' '));
    if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
    await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  } catch (error) {
    failures.push(`interaction: ${error.message}`);
    show(400, page('Error', `<p id="error">${escaped(error.message)}</p>`));
  }
}

let handle;

async function up() {
  if (server?.listening) return;
  server = http.createServer((req, res) => handle(req, res));
  state.port = await listen(server, state.port ?? 0);
}

serve({
  async configure(options) {
    Object.assign(state, options);
    if (state.keys.length === 0) state.keys = [newKey()];
    await up();
    handle = build();
    return `http://127.0.0.1:${state.port}`;
  },
  rotate() {
    state.keys = [newKey(), state.keys[0]];
    handle = build();
    return state.keys[0].kid;
  },
  up,
  async down() {
    if (!server.listening) return;
    const closed = new Promise((resolve) => { server.close(resolve); });
    server.closeAllConnections();
    await closed;
  },
  failures: () => failures,
});
