package room

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"tekentafel/internal/clock"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// How often one person may ask a model and have texts and files looked at, in a minute, and how many of these may run at once. Two models beside each other
// are two questions.
const (
	asksPerMinute  = 20
	looksPerMinute = 120
	mostAtOnce     = 4
)

// quietFor is how long a person is remembered; everything is allowed again long before.
const quietFor = 10 * time.Minute

// pace holds back who asks too often. It is in memory, of one node: limits that count are those of the gateway. It is safe for concurrent use.
type pace struct {
	now   clock.Clock
	every rate.Limit
	burst int
	most  int

	mu    sync.Mutex
	by    map[person]*stride
	swept time.Time
}

type person struct {
	tenant  tenant.ID
	account string
}

type stride struct {
	tokens  *rate.Limiter
	running int
	seen    time.Time
}

func newPace(now clock.Clock, perMinute, atOnce int) *pace {
	return &pace{now: now, every: rate.Limit(float64(perMinute) / 60), burst: max(perMinute/2, atOnce), most: atOnce, by: map[person]*stride{}}
}

// begin lets a person go on, until done is called, or says when.
func (p *pace) begin(who person) (done func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.swept).Abs() > quietFor {
		for k, s := range p.by {
			if s.running == 0 && now.Sub(s.seen).Abs() > quietFor {
				delete(p.by, k)
			}
		}
		p.swept = now
	}
	s := p.by[who]
	if s == nil {
		s = &stride{tokens: rate.NewLimiter(p.every, p.burst)}
		p.by[who] = s
	}
	s.seen = now
	if s.running >= p.most {
		return nil, problem.New(problem.TooMany, locale(), "error.at-once", nil).After(5)
	}
	r := s.tokens.ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return nil, problem.New(problem.TooMany, locale(), "error.too-often", nil).After(int(wait/time.Second) + 1)
	}
	s.running++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		s.running--
	}, nil
}
