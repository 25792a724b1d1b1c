package web

import (
	"net/http"
	"strings"
	"time"
)

// cookie makes a cookie that scripts cannot read and other sites cannot send. Over HTTPS its name carries the __Host-
// prefix, so that no other host can set it (RFC 6265bis, section 4.1.3.2).
func (s *Server) cookie(name, value string, lives time.Duration) *http.Cookie {
	c := &http.Cookie{ //nolint:gosec // it has all three; Secure where browsers reach us over HTTPS
		Name: s.CookieName(name), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure,
		MaxAge: int(lives / time.Second),
	}
	if lives <= 0 {
		c.MaxAge = -1
	}
	return c
}

// CookieName returns the name of a cookie as browsers know it.
func (s *Server) CookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

// SetCookie gives the browser a cookie of this product for a while; none or a negative while takes it away.
func (s *Server) SetCookie(w http.ResponseWriter, name, value string, lives time.Duration) {
	http.SetCookie(w, s.cookie(name, value, lives))
}

// Cookie returns the value of a cookie that SetCookie gave, or "".
func (s *Server) Cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.CookieName(name))
	if err != nil || strings.TrimSpace(c.Value) == "" {
		return ""
	}
	return c.Value
}
