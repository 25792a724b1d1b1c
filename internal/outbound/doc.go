// Package outbound makes HTTP clients for addresses that an administrator of an organisation typed, such as that of a
// sign-in provider. The person is trusted with their own organisation and not with the network of the server, so a client
// reaches the public internet and what the operator of the server allowed, and nothing else (OWASP ASVS 5, 1.3.6).
//
// What is refused is decided on the address of the connection itself, after the name was looked up: a name that leads to a
// public address at one moment and to an inner one at the next (DNS rebinding) gains nothing.
package outbound
