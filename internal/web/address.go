package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// clientAddress returns from where a request comes: the peer, or behind proxies that are trusted the last address in
// X-Forwarded-For that is none of theirs.
func clientAddress(r *http.Request, trusted []netip.Prefix) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	peer, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	peer = peer.Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && inside(peer, trusted); i-- {
		hop, known := parseHop(strings.TrimSpace(hops[i]))
		if !known {
			break
		}
		peer = hop.Unmap()
	}
	return peer
}

// parseHop reads an address as proxies write it: some add a port.
func parseHop(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a, true
	}
	a, err := netip.ParseAddrPort(s)
	return a.Addr(), err == nil
}

func inside(a netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// storable tells whether the path and the query of a request are text that the store takes: nothing has a name with the
// character zero, or that is no UTF-8.
func storable(r *http.Request) bool {
	if !isText(r.URL.Path) {
		return false
	}
	if r.URL.RawQuery == "" {
		return true
	}
	for name, values := range r.URL.Query() {
		if !isText(name) || slices.ContainsFunc(values, func(v string) bool { return !isText(v) }) {
			return false
		}
	}
	return true
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// Local returns an address of this product that a form or link named, or fallback when it leads elsewhere: a redirect
// never leaves the product.
func Local(target, fallback string) string {
	if !strings.HasPrefix(target, "/") || strings.HasPrefix(target, "//") || strings.ContainsAny(target, "\\\x00\r\n\t") {
		return fallback
	}
	u, err := url.Parse(target)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") {
		return fallback
	}
	return target
}

// Address returns from where the request comes: that of the visitor also behind proxies that are trusted. It is for limits
// alone and is kept nowhere.
func (r *Request) Address() netip.Addr { return clientAddress(r.Request, r.server.TrustedProxies) }
