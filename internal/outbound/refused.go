package outbound

import (
	"errors"
	"fmt"
)

// Why says what was wrong with an address that was refused.
type Why string

// The reasons.
const (
	NotHTTPS     Why = "scheme"      // it does not start with https://
	NoHost       Why = "host"        // it names no host, or one that cannot be a name
	Credentials  Why = "credentials" // it holds a user name or a password
	OtherPort    Why = "port"        // it leads to another port than that of HTTPS
	InnerAddress Why = "address"     // it leads to an address that is not on the public internet
	Elsewhere    Why = "redirect"    // its answer sends on to another host, too often, or a request that changes something
)

// Refused is the error of a request that was not made. It names the host and no other part of the address.
type Refused struct {
	Host string
	Why  Why
}

// Error implements error.
func (r *Refused) Error() string {
	var what string
	switch r.Why {
	case NotHTTPS:
		what = "the address must start with https://"
	case NoHost:
		what = "the address names no host; write it as https://host.example/path"
	case Credentials:
		what = "the address holds a user name or password; leave them out"
	case OtherPort:
		what = "only port 443 is reached, outside the networks that the operator of the server allows with --allow-private-hosts"
	case InnerAddress:
		what = "it leads to an address that is not on the public internet; the operator of the server can allow its network with --allow-private-hosts"
	case Elsewhere:
		what = "its answer sends the request on to another host or too often; give the address it leads to"
	}
	return fmt.Sprintf("the request to %q is refused: %s", r.Host, what)
}

// WhyOf returns the reason for which err is a refusal, or "".
func WhyOf(err error) Why {
	var r *Refused
	if errors.As(err, &r) {
		return r.Why
	}
	return ""
}

// ErrTooLarge says that an answer holds more bytes than are taken.
var ErrTooLarge = errors.New("the answer is larger than is taken")
