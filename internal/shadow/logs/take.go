package logs

import (
	"bytes"
	"net/netip"
)

// maxHost is the longest name that DNS has, in bytes (RFC 1035, 2.3.4).
const maxHost = 253

// maxUser bounds the name of a user, in bytes.
const maxUser = 320

// scratch holds what a record points to when it is not the line itself.
type scratch struct {
	host [maxHost]byte
	user [maxUser]byte
	clock
}

// takeHost takes the host out of an address of a page, of host:port, or of a host alone. Everything else of it is left behind.
func (s *scratch) takeHost(url []byte, rec *Record) Reason {
	if len(url) > 0 && url[0] == '[' || bytes.Contains(url[:min(len(url), 16)], []byte("://")) {
		_, rest, _ := bytes.Cut(url, []byte("://"))
		if url[0] == '[' {
			rest = url
		}
		if len(rest) > 0 && rest[0] == '[' { // an address in place of a name
			end := bytes.IndexByte(rest, ']')
			if end < 0 || bytes.IndexByte(rest[:end], ':') < 0 {
				return Host
			}
			return fine
		}
		url = rest
	}
	n := 0
	for i, c := range url {
		switch {
		case c >= 'a' && c <= 'z', c == '.', c >= '0' && c <= '9', c == '-', c == '_', c == '*', c == '%', c >= 0x80:
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c == '/', c == '?', c == '#':
			return s.endHost(n, rec)
		case c == ':': // a port follows, unless what stood before is a name with a password
			if at := before(url[i:], '@'); at >= 0 {
				return s.takeHost(url[i+at+1:], rec)
			}
			for _, d := range url[i+1:] {
				if d == ':' {
					return fine // an address in place of a name
				}
				if d == '/' || d == '?' || d == '#' {
					break
				}
			}
			return s.endHost(n, rec)
		case c == '@':
			n = 0
			continue
		default:
			if at := before(url[i:], '@'); at >= 0 { // a sign that a name of a user may have
				return s.takeHost(url[i+at+1:], rec)
			}
			return Host
		}
		if n == maxHost {
			return Host
		}
		s.host[n] = c
		n++
	}
	return s.endHost(n, rec)
}

// before returns where a sign stands before the path of an address begins, or -1.
func before(url []byte, sign byte) int {
	for i, c := range url {
		switch c {
		case sign:
			return i
		case '/', '?', '#':
			return -1
		}
	}
	return -1
}

func (s *scratch) endHost(n int, rec *Record) Reason {
	if n > 0 && s.host[n-1] == '.' {
		n--
	}
	if n == 0 {
		return Host
	}
	rec.Host = s.host[:n]
	return fine
}

// takeUser takes the name of a user in small letters; "-" and nothing are nobody.
func (s *scratch) takeUser(name []byte, rec *Record) {
	name = trimSpace(name)
	if len(name) == 0 || len(name) == 1 && name[0] == '-' || len(name) > maxUser {
		return
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		s.user[i] = c
	}
	rec.User = s.user[:len(name)]
}

// takeAddr reads an address of IPv4 or IPv6, also with a port or an interface behind / or %.
func takeAddr(b []byte) (netip.Addr, bool) {
	b = trimSpace(b)
	var four [4]byte
	n, v, digits := 0, 0, 0
	for i := 0; i <= len(b); i++ {
		if i < len(b) && b[i] >= '0' && b[i] <= '9' && digits < 3 {
			v, digits = v*10+int(b[i]-'0'), digits+1
			continue
		}
		if digits == 0 || v > 255 {
			break
		}
		four[n] = byte(v)
		if n++; n == 4 {
			if i == len(b) || b[i] == '/' || b[i] == ':' {
				return netip.AddrFrom4(four), true
			}
			break
		}
		if i == len(b) || b[i] != '.' {
			break
		}
		v, digits = 0, 0
	}
	if i := bytes.IndexAny(b, "/%"); i >= 0 {
		b = b[:i]
	}
	if len(b) > 45 || bytes.IndexByte(b, ':') < 0 {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(string(b))
	return a.Unmap(), err == nil
}

// size reads a number of bytes; "-" and what is none are 0. Units as 1.5 MB are thousands.
func size(b []byte) int64 {
	b = trimSpace(b)
	var v, scale int64 = 0, 1
	i, fraction := 0, false
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9' && v > 1<<53: // more than any log holds: the rest of its digits is left out
		case c >= '0' && c <= '9':
			v = v*10 + int64(c-'0')
			if fraction {
				scale *= 10
			}
		case (c == '.' || c == ',') && !fraction && i > 0:
			fraction = true
		default:
			return units(v, trimSpace(b[i:])) / scale
		}
	}
	return v / scale
}

func units(v int64, unit []byte) int64 {
	if len(unit) == 0 {
		return v
	}
	times := map[byte]int64{'B': 1, 'k': 1e3, 'K': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12}[unit[0]]
	if times > 1 && v > (1<<62)/times {
		return 1 << 62
	}
	return v * times
}

// refused reports whether what a proxy did says that it let the request not through.
func refused(action []byte) bool {
	for _, word := range [...]string{"block", "den", "drop", "reset", "reject", "refus"} {
		for i := 0; i+len(word) <= len(action); i++ {
			j := 0
			for j < len(word) && action[i+j]|0x20 == word[j] {
				j++
			}
			if j == len(word) {
				return true
			}
		}
	}
	return false
}
