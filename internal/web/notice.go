package web

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"tekentafel/internal/i18n"
	"tekentafel/internal/ui"
)

// Notice is a message at the top of the next page: a key of a bundle that was registered, so that a cookie cannot make a
// page say something else.
type Notice struct {
	Bundle string // the name under which the bundle was registered
	Key    string
	Bad    bool
}

const noticeCookie = "tt_notice"

// notices are the bundles whose messages may be notices.
type notices struct {
	mu      sync.RWMutex
	bundles map[string]*i18n.Bundle
}

// AddNotices lets notices be taken from a bundle, under a name without dots. Keys of notices start with "notice.".
func (s *Server) AddNotices(name string, b *i18n.Bundle) {
	s.notices.mu.Lock()
	defer s.notices.mu.Unlock()
	if s.notices.bundles == nil {
		s.notices.bundles = map[string]*i18n.Bundle{}
	}
	s.notices.bundles[name] = b
}

func (s *Server) leaveNotice(w http.ResponseWriter, n Notice) {
	value := n.Bundle + "/" + n.Key
	if n.Bad {
		value += "/!"
	}
	s.SetCookie(w, noticeCookie, value, time.Minute)
}

// takeNotice returns the notice that was left, once.
func (s *Server) takeNotice(w http.ResponseWriter, r *Request) []ui.Notice {
	value := s.Cookie(r.Request, noticeCookie)
	if value == "" {
		return nil
	}
	s.SetCookie(w, noticeCookie, "", 0)
	name, key, _ := strings.Cut(value, "/")
	key, bad := strings.CutSuffix(key, "/!")
	s.notices.mu.RLock()
	bundle := s.notices.bundles[name]
	s.notices.mu.RUnlock()
	if bundle == nil || !strings.HasPrefix(key, "notice.") {
		return nil
	}
	text := bundle.Printer(r.Lang).T(key, nil)
	if text == "" {
		return nil
	}
	tone := ui.Success
	if bad {
		tone = ui.Warning
	}
	return []ui.Notice{{Tone: tone, Text: text}}
}
