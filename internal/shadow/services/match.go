package services

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// maxHost is the longest name that DNS has, in bytes (RFC 1035, 2.3.4).
const maxHost = 253

// Matcher finds the service of a host or of an application. It is safe for use by several at once.
type Matcher struct {
	list *List
	ends map[string][]rule // by the last two labels of a host; the most particular first
	apps map[string]int
}

type rule struct {
	pattern
	service int // place in the list; None for an exception
}

// None is what Host and App return when there is no service.
const None = -1

// NewMatcher returns a matcher of a list that Parse returned.
func NewMatcher(l *List) *Matcher {
	m := &Matcher{list: l, ends: map[string][]rule{}, apps: map[string]int{}}
	for i, s := range l.Services {
		for _, d := range s.Domains {
			m.add(d, i)
		}
		for _, d := range s.Except {
			m.add(d, None)
		}
		for _, a := range s.Apps {
			m.apps[plainName(a)] = i
		}
	}
	for _, rules := range m.ends {
		slices.SortStableFunc(rules, func(a, b rule) int {
			switch {
			case a.before(&b.pattern):
				return -1
			case b.before(&a.pattern):
				return 1
			default:
				return strings.Compare(a.String(), b.String())
			}
		})
	}
	return m
}

func (m *Matcher) add(domain string, service int) {
	p, err := parsePattern(domain)
	if err != nil {
		return // Parse refuses such a list
	}
	end := p.labels[1] + "." + p.labels[0]
	m.ends[end] = append(m.ends[end], rule{p, service})
}

// List returns the list that the matcher knows.
func (m *Matcher) List() *List { return m.list }

// Host returns the place in the list of the service to which a host belongs, or None. The host is in small letters as the readers of logs give it; with letters
// beyond ASCII it is taken in its form for DNS (punycode). The most particular pattern decides.
func (m *Matcher) Host(host []byte) int {
	host = bytes.TrimSuffix(host, []byte{'.'})
	if len(host) == 0 || len(host) > maxHost {
		return None
	}
	for _, c := range host {
		if c >= 0x80 {
			ascii, err := idna.Lookup.ToASCII(string(host))
			if err != nil {
				return None
			}
			host = []byte(ascii)
			break
		}
	}
	last := bytes.LastIndexByte(host, '.')
	if last < 0 {
		return None
	}
	start := bytes.LastIndexByte(host[:last], '.') + 1
	rules := m.ends[string(host[start:])]
	for i := range rules {
		if rules[i].fits(host) {
			return rules[i].service
		}
	}
	return None
}

// App returns the place in the list of the service that a firewall or proxy calls so, or None. Case, spaces and signs do not matter.
func (m *Matcher) App(name []byte) int {
	if len(name) == 0 || len(name) > 64 {
		return None
	}
	var plain [64]byte
	n := 0
	for _, c := range name {
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		default:
			continue
		}
		plain[n] = c
		n++
	}
	if i, ok := m.apps[string(plain[:n])]; ok && n > 0 {
		return i
	}
	return None
}

func plainName(name string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		default:
			return -1
		}
	}, name)
}
