package wave

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"tekentafel/internal/db"
)

// LevelsOf returns the values of each group variable of the frame of a wave, sorted; none while there is no frame. Nobody's name
// stands in it, and neither how many people have a value.
func LevelsOf(ctx context.Context, r db.Reader, waveID string) (map[string][]string, error) {
	found := map[string]map[string]bool{}
	err := r.Rows(ctx, `SELECT DISTINCT groups FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		var groups map[string]string
		if err := json.Unmarshal([]byte(text), &groups); err != nil {
			return fmt.Errorf("the groups of a person of wave %s cannot be read: %w", waveID, err)
		}
		for variable, value := range groups {
			if value == "" {
				continue
			}
			if found[variable] == nil {
				found[variable] = map[string]bool{}
			}
			found[variable][value] = true
		}
		return nil
	}, waveID)
	out := map[string][]string{}
	for variable, values := range found {
		out[variable] = slices.Sorted(maps.Keys(values))
	}
	return out, err
}
