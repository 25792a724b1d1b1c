package skills

import (
	"context"
	"sync"
	"time"

	"tekentafel/internal/skills/vault"
	"tekentafel/internal/tenant"
)

// shuffleEvery is how long where a profile lies in the store may tell when it was kept or changed.
const shuffleEvery = 20 * time.Hour

// shuffled says when what an organisation keeps was last shuffled by this program. What it forgets when it stops is done once more.
type shuffled struct {
	mu sync.Mutex
	at map[tenant.ID]time.Time
}

// Upkeep is to be called about once an hour for each organisation. Once a day it has the profiles change places (vault.Shuffle).
func (s *Service) Upkeep(ctx context.Context, t tenant.ID) error {
	now := s.now()
	s.shuffled.mu.Lock()
	defer s.shuffled.mu.Unlock()
	if last, done := s.shuffled.at[t]; done && now.Sub(last) < shuffleEvery {
		return nil
	}
	if err := vault.Shuffle(ctx, s.db, t); err != nil {
		return err
	}
	if s.shuffled.at == nil {
		s.shuffled.at = map[tenant.ID]time.Time{}
	}
	s.shuffled.at[t] = now
	return nil
}
