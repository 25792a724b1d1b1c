// Package oidc signs people in at the provider of their organisation, by OpenID Connect Core 1.0 with the authorization
// code flow, PKCE (RFC 7636, S256), the issuer in the answer (RFC 9207), logout from here (RP-Initiated Logout 1.0) and from
// there (Back-Channel Logout 1.0). It knows the protocol and what groups mean; accounts, sessions and storage are identity's.
//
// # Words
//
//   - provider: the service at which an organisation's people sign in, with what its administrator typed about it.
//   - party: we, the relying party, for all providers; it remembers what each provider tells about itself.
//   - pending: what must be remembered between sending somebody to a provider and their coming back.
//   - person: what a provider said about somebody, after every check.
package oidc
