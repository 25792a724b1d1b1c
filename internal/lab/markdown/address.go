package markdown

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostAddress is how long an address may be that can be followed, in bytes.
const mostAddress = 2000

const name = `(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]`

var (
	https  = regexp.MustCompile(`(?i)^https://(` + name + `)(:[0-9]{1,5})?((?:[/?#](?:[!#$&-;=?-\[\]_a-z~]|%[0-9a-f]{2})*)?)$`)
	mailto = regexp.MustCompile(`(?i)^mailto:([a-z0-9._+-]{1,64}@` + name + `)$`)
	hosts  = regexp.MustCompile(`(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+`)
	loose  = regexp.MustCompile(`(?i)https://[!#-;=?-\[\]_a-z~]+`)
	port   = regexp.MustCompile(`:[0-9]+$`)
)

// address is where a link leads.
type address struct {
	href string
	host string
	note string // what must be read beside the label
}

// judge tells where a link leads; ok is false when it may not be followed. An address is read as written: user names, numbers in the place of a
// host, letters outside ASCII and backslashes, which browsers and people read in different ways, make it none.
func judge(to string) (a address, ok bool) {
	if len(to) > mostAddress {
		return address{}, false
	}
	if m := mailto.FindStringSubmatch(to); m != nil {
		return address{href: "mailto:" + m[1], host: strings.ToLower(m[1]), note: m[1]}, true
	}
	m := https.FindStringSubmatch(to)
	if m == nil {
		return address{}, false
	}
	host := strings.ToLower(m[1]) + m[2]
	a = address{href: "https://" + host + m[3], host: host, note: host}
	if len(m[3]) > 40 || strings.ContainsAny(m[3], "?#") {
		a.note = a.href
	}
	return a, true
}

// misleads tells whether a label names another host than the one a link leads to.
func misleads(label string, a address) bool {
	real := port.ReplaceAllString(a.host[strings.LastIndexByte(a.host, '@')+1:], "")
	for _, named := range hosts.FindAllString(strings.ToLower(label), -1) {
		if named != real && named != strings.TrimPrefix(real, "www.") && named != "www."+real {
			return true
		}
	}
	return false
}

// link returns what stands in the place of a link with a label.
func link(to string, label []node) []node {
	says := strings.TrimSpace(plain(label))
	a, ok := judge(to)
	if !ok {
		if says == to {
			return label
		}
		return append(label, node{kind: beside, text: to})
	}
	seen := says == a.href || says == a.note || "mailto:"+says == a.href
	switch leads := (node{kind: anchor, href: a.href, inner: []node{text(a.note)}}); {
	case says == "":
		return append(label, leads)
	case !seen && misleads(says, a):
		return append(label, text(" "), leads)
	case seen:
		return []node{{kind: anchor, href: a.href, inner: label}}
	}
	return []node{{kind: anchor, href: a.href, inner: label, text: a.note}}
}

// bare makes links of the addresses that stand in a text.
func bare(s string) []node {
	var out []node
	from := 0
	for _, at := range loose.FindAllStringIndex(s, -1) {
		if before, _ := utf8.DecodeLastRuneInString(s[:at[0]]); at[0] > 0 && (before == '_' || unicode.IsLetter(before) || unicode.IsNumber(before)) {
			continue
		}
		to := trimAddress(s[at[0]:at[1]])
		if _, ok := judge(to); !ok {
			continue
		}
		if at[0] > from {
			out = append(out, text(s[from:at[0]]))
		}
		out = append(out, link(to, []node{text(to)})...)
		from = at[0] + len(to)
	}
	if from < len(s) {
		out = append(out, text(s[from:]))
	}
	return out
}

// trimAddress takes away what belongs to the sentence around an address.
func trimAddress(to string) string {
	for {
		cut := strings.TrimRight(to, `.,;:!?'"*_~`)
		open := strings.HasSuffix(cut, ")") && strings.Count(cut, "(") < strings.Count(cut, ")")
		if cut == to && !open {
			return to
		}
		if to = cut; open {
			to = cut[:len(cut)-1]
		}
	}
}
