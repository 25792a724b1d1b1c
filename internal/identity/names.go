package identity

import (
	"context"
	"strings"

	"tekentafel/internal/tenant"
)

// mostNames is how many ids one query asks for.
const mostNames = 200

// Names returns the names of accounts and keys by id. An account that was erased has none.
func (s *Service) Names(ctx context.Context, t tenant.ID, ids []string) (map[string]string, error) {
	names := map[string]string{}
	for len(ids) > 0 {
		some := ids[:min(mostNames, len(ids))]
		ids = ids[len(some):]
		places := make([]string, len(some))
		args := make([]any, len(some))
		for i, one := range some {
			places[i], args[i] = "$"+number(i+2), one
		}
		list := strings.Join(places, ", ")
		err := s.db.Of(t).Rows(ctx, `SELECT id, name FROM accounts WHERE tenant_id = $1 AND state <> 'erased' AND id IN (`+list+`)
UNION ALL SELECT id, name FROM api_keys WHERE tenant_id = $1 AND id IN (`+list+`)`,
			func(scan func(...any) error) error {
				var id, name string
				err := scan(&id, &name)
				names[id] = name
				return err
			}, args...)
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}
