package outbound

import (
	"net/netip"
	"sync"
)

// inner lists what no connection may lead to, though some of it looks public: the special purposes of the IANA registries
// (RFC 6890 and its updates, as of 2026), multicast, and addresses that clouds answer on inside their own network.
var inner = sync.OnceValue(func() []netip.Prefix {
	var list []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8",        // this network
		"10.0.0.0/8",       // private, RFC 1918
		"100.64.0.0/10",    // shared by providers (CGNAT), RFC 6598
		"127.0.0.0/8",      // loopback
		"168.63.129.16/32", // the platform of Azure, from inside
		"169.254.0.0/16",   // link-local, and the metadata of clouds
		"172.16.0.0/12",    // private
		"192.0.0.0/24",     // protocol assignments
		"192.0.2.0/24",     // documentation
		"192.88.99.0/24",   // 6to4 relays, deprecated
		"192.168.0.0/16",   // private
		"198.18.0.0/15",    // benchmarks
		"198.51.100.0/24",  // documentation
		"203.0.113.0/24",   // documentation
		"224.0.0.0/4",      // multicast
		"240.0.0.0/4",      // reserved, and broadcast
		"2001::/23",        // protocol assignments, Teredo
		"2001:db8::/32",    // documentation
		"2002::/16",        // 6to4, which wraps any IPv4 address
		"3fff::/20",        // documentation
	} {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
})

var (
	global = netip.MustParsePrefix("2000::/3")     // the only part of IPv6 that is handed out for use on the internet
	nat64  = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: the last four bytes are an IPv4 address
)

// Public tells whether a is an address of the public internet. An IPv4 address that is wrapped in an IPv6 address (mapped,
// or by NAT64) is judged as itself.
func Public(a netip.Addr) bool {
	a = plain(a)
	if !a.IsValid() || a.Is6() && !global.Contains(a) {
		return false
	}
	return !within(a, inner())
}

// plain unwraps an IPv4 address and takes a zone off.
func plain(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	return a
}

func within(a netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
