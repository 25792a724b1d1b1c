package backend

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
)

// errAddress says that an address is none of a server with models.
var errAddress = errors.New("this address is not that of a server with models: it is link-local, that of the machine's metadata, or of many machines")

// metadata are addresses on which clouds tell a machine its secrets, beyond the link-local ones.
var metadata = []netip.Addr{
	netip.MustParseAddr("168.63.129.16"),   // Azure
	netip.MustParseAddr("100.100.100.200"), // Alibaba
	netip.MustParseAddr("192.0.0.192"),     // Oracle
	netip.MustParseAddr("fd00:ec2::254"),   // AWS
	netip.MustParseAddr("fd20:ce::254"),    // Google
}

var nat64 = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: the last four bytes are an IPv4 address

// forbidden tells whether an address is refused although the operator may have named it: private networks are allowed, as models stand there.
func forbidden(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	return !a.IsValid() || a.IsUnspecified() || a.IsMulticast() || a.IsLinkLocalUnicast() || slices.Contains(metadata, a)
}

// control refuses a forbidden address when it is dialled: a name may lead anywhere, and elsewhere than before.
func control(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil || forbidden(a.Addr()) {
		return errAddress
	}
	return nil
}

// fault is what is wrong with a value of the settings, and how to mend it; the zero value is nothing.
type fault struct{ what, mend string }

// readURL reads the address of a backend. What is wrong is said without the address, in which somebody may have put a password.
func readURL(s string, insecure bool) (*url.URL, fault) {
	u, err := url.Parse(s)
	if err != nil || u.Opaque != "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fault{"this is no address of a server", "write it as https://host:port/v1"}
	}
	if u.User != nil {
		return nil, fault{"the address holds a name or a password", "take it out and give the key by key_env or key_file"}
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, fault{"the address holds more than a path", "take out what stands from ? or # on"}
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	a, err := netip.ParseAddr(host)
	if err == nil && forbidden(a) || strings.HasPrefix(host, "metadata.") {
		return nil, fault{errAddress.Error(), "write the address of the server itself"}
	}
	if port := u.Port(); port == "0" || err != nil && numeric(host) {
		return nil, fault{"this is no address of a server", "write its name, or four numbers between points"}
	}
	if local := host == "localhost" || err == nil && a.Unmap().IsLoopback(); u.Scheme == "http" && !local && !insecure {
		return nil, fault{"questions and answers would go over the network in the clear", "use https, or set insecure: true when nobody else can listen on that network"}
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	return u, fault{}
}

// numeric tells whether a host is an IPv4 address in a form that only some programs understand, such as 2130706433 or 0x7f.1.
func numeric(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	return net.ParseIP(host) == nil && (strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x"))
}
