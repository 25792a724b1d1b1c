package desk

import (
	"strconv"
	"sync"
)

// measured remembers which reports measure skills: their questionnaires do not change.
type measured struct {
	mu    sync.Mutex
	known map[string]bool
}

// mostMeasured bounds what is remembered.
const mostMeasured = 10_000

func (m *measured) get(key string) (ok, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ok, known = m.known[key]
	return ok, known
}

func (m *measured) put(key string, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= mostMeasured {
		clear(m.known)
	}
	m.known[key] = ok
}

func itoa(n int) string { return strconv.Itoa(n) }
