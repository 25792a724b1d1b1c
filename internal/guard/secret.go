package guard

import (
	"math"
	"strings"
)

// form is the beginning of keys of a service and how many bytes follow at least, as the services and secret scanners document them.
type form struct {
	prefix string
	more   int
}

func forms() []form {
	return []form{{"sk-ant-", 20}, {"sk-proj-", 20}, {"sk-", 20}, {"sk_live_", 16}, {"rk_live_", 16}, {"sk_test_", 16}, {"pk_live_", 16}, {"ghp_", 30}, {"gho_", 30}, {"ghu_", 30},
		{"ghs_", 30}, {"ghr_", 30}, {"github_pat_", 20}, {"glpat-", 18}, {"xoxb-", 10}, {"xoxp-", 10}, {"xoxa-", 10}, {"xoxs-", 10}, {"AKIA", 16}, {"ASIA", 16}, {"AIza", 33},
		{"ya29.", 20}, {"SG.", 30}, {"hf_", 25}, {"npm_", 30}, {"pypi-", 30}, {"whsec_", 20}, {"dop_v1_", 40}, {"shpat_", 24}, {"gsk_", 30}, {"xai-", 30}, {"eyJ", 20},
		{"dckr_pat_", 20}, {"lin_api_", 20}, {"vault:v", 20}, {"hvs.", 20}, {"tk_", 30}, {"PMAK-", 30}, {"sq0csp-", 30}, {"key-", 32}}
}

// isKey tells whether a byte can be part of a key.
func isKey(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c == '+' || c == '/' || c == '='
}

const maxKey = 8192

// key finds a key of a known service that begins at an index, and a JSON Web Token (RFC 7519).
func (s *scan) key(i int) bool {
	if s.base+i < s.keyless {
		return false
	}
	for _, f := range forms() {
		if f.prefix[0] != s.text[i] || !s.starts(i, f.prefix) {
			continue
		}
		j, dots, digitCount := i+len(f.prefix), 0, 0
		for j-i < maxKey {
			c := s.at(j)
			if !isKey(c) {
				break
			}
			if c == '.' {
				dots++
			}
			if isDigit(c) {
				digitCount++
			}
			j++
		}
		if s.short {
			return false
		}
		for j > i && (s.text[j-1] == '.' || s.text[j-1] == '-') {
			j--
			if s.text[j] == '.' {
				dots--
			}
		}
		if j-i-len(f.prefix) < f.more || f.prefix == "eyJ" && dots < 1 || f.prefix == "sk-" && digitCount == 0 || f.prefix == "key-" && digitCount < 4 {
			s.noKey = max(s.noKey, s.base+j)
			continue
		}
		s.add(Secret, i, j, whyPrefix, High, shaped, Span{})
		return true
	}
	return false
}

// starts tells whether the text at an index begins with a prefix; it asks for more text only while that can be so.
func (s *scan) starts(i int, prefix string) bool {
	for k := range len(prefix) {
		if s.at(i+k) != prefix[k] {
			return false
		}
	}
	return true
}

// privateKey finds what stands from "-----BEGIN … PRIVATE KEY-----" to the end line (RFC 7468).
func (s *scan) privateKey(i int) int {
	if !s.starts(i, "-----BEGIN ") {
		return i + 1
	}
	line := i + len("-----BEGIN ")
	j := line
	for ; j-line < 48 && s.at(j) != '\n' && s.at(j) != 0; j++ {
	}
	if s.short || !strings.Contains(s.text[line:j], "PRIVATE KEY") {
		return i + 1
	}
	const close = "-----END "
	end := strings.Index(s.text[j:min(len(s.text), j+2*maxKey)], close)
	if end < 0 {
		if !s.final && len(s.text)-j < 2*maxKey {
			s.short = true
			return i
		}
		end = min(len(s.text), j+2*maxKey) - j // it goes on to the end of what is looked at
		for end > 0 && j+end < len(s.text) && s.text[j+end]&0xc0 == 0x80 {
			end--
		}
	} else {
		end += len(close)
		for k := 0; k < 48 && s.at(j+end) != '-' && s.at(j+end) != '\n' && s.at(j+end) != 0 && s.at(j+end) < 0x80; k++ {
			end++
		}
		for s.at(j+end) == '-' {
			end++
		}
	}
	if s.short {
		return i
	}
	s.add(Secret, i, j+end, whyShape, High, shaped, Span{})
	return j + end
}

// connection finds a connection string with a password: scheme://user:password@host.
func (s *scan) connection(t token) bool {
	if !s.starts(t.end, "://") {
		return false
	}
	j, colon, at := t.end+3, 0, 0
	for ; j-t.start < 512; j++ {
		c := s.at(j)
		if c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == ')' || c >= 0x80 {
			break
		}
		if c == ':' && colon == 0 {
			colon = j
		}
		if c == '@' {
			at = j
		}
		if c == '/' && at == 0 {
			return false
		}
	}
	if s.short || colon == 0 || at < colon+2 {
		return false
	}
	for j > at && strings.IndexByte(".,;:!?", s.text[j-1]) >= 0 {
		j--
	}
	s.add(Secret, t.start, j, whyShape, High, shaped, Span{})
	return true
}

// afterSecretWord finds the value behind "wachtwoord:", "api_key = " or "Authorization: Bearer".
func (s *scan) afterSecretWord(t token) bool {
	j, signs := t.end, 0
	for range 2 { // "mot de passe du site :", "password is", "token_secret="
		for s.at(j) == '_' || s.at(j) == '-' && s.fold[s.at(j+1)] != 0 {
			j++
			for s.fold[s.at(j)] != 0 {
				j++
			}
			if j-t.end > 24 {
				return false
			}
		}
		for c := s.at(j); c == ' ' || c == ':' || c == '=' || c == '"' || c == '\'' || c == '`' || c == '>'; c = s.at(j) {
			if c == ':' || c == '=' || c == '>' {
				signs++
			}
			if j++; j-t.end > 32 {
				return false
			}
		}
		if signs > 0 {
			break
		}
		w, _, ok := s.next(t.end)
		if s.short || !ok || w.end-w.start > 5 || w.start-t.end > 2 || w.role&(isCopula|isBearer) == 0 {
			return false
		}
		signs, j = 1, w.end
	}
	if w, _, ok := s.next(j - 1); ok && w.start == j && w.role&isBearer != 0 && s.at(w.end) == ' ' {
		j = w.end + 1
	}
	if s.base+j < s.keyless {
		return false
	}
	end, digitCount, upper, special := j, 0, 0, 0
	for end-j < maxKey {
		c := s.at(end)
		if c <= ' ' || c == '"' || c == '\'' || c == '`' || c == '<' || c == '|' || c == ',' && s.at(end+1) <= ' ' || c == ';' {
			break
		}
		switch {
		case isDigit(c):
			digitCount++
		case isCapital(c):
			upper++
		case !isSmall(c) && c < 0x80:
			special++
		}
		end++
	}
	if s.short {
		return false
	}
	if end > j+4 && strings.IndexByte(".,)?", s.text[end-1]) >= 0 { // of the sentence rather than of the password
		end--
		special--
	}
	for end < len(s.text) && s.text[end]&0xc0 == 0x80 {
		end++
	}
	n := end - j
	at := Span{s.base + t.start, s.base + t.end}
	switch {
	case t.role&isPassword != 0 && (digitCount > 0 && n >= 4 || n >= 6 && (special > 0 || upper > 0 && upper < n && !isCapital(s.text[j]) || upper > 1 && upper < n)):
		s.add(Password, j, end, whyContext, High, shaped, at)
	case t.role&isSecretKey != 0 && n >= 16 && digitCount > 0 && entropy(s.text[j:end]) > 3:
		s.add(Secret, j, end, whyContext, Medium, shaped, at)
	default:
		s.noKey = max(s.noKey, s.base+end)
		return false
	}
	return true
}

// entropy returns the bits per byte of a text (Shannon 1948).
func entropy(text string) float64 {
	var count [256]int
	for i := range len(text) {
		count[text[i]]++
	}
	e, n := 0.0, float64(len(text))
	for _, c := range count {
		if c > 0 {
			p := float64(c) / n
			e -= p * math.Log2(p)
		}
	}
	return e
}
