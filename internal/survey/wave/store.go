package wave

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
)

const columns = `w.tenant_id, w.id, w.code, w.title, w.state, w.mode, w.recipe, w.instrument_hash, w.group_size, w.retention_days, w.linked,
w.languages, w.opens_at, w.closes_at, w.settings, w.previous_id, w.secret, w.source_id, w.report_id, w.created_by, w.created_at, w.version`

func scanWave(scan func(...any) error) (Wave, error) {
	var w Wave
	var recipe, languages, settings string
	var opens, closes, created int64
	if err := scan(&w.Tenant, &w.ID, &w.Code, &w.Title, &w.State, &w.Mode, &recipe, &w.InstrumentHash, &w.GroupSize, &w.Retention, &w.Linked,
		&languages, &opens, &closes, &settings, &w.Previous, &w.secret, &w.Source, &w.Report, &w.CreatedBy, &created, &w.Version); err != nil {
		return Wave{}, err
	}
	w.Recipe, w.Opens, w.Closes, w.Created = []byte(recipe), at(opens), at(closes), clock.Time(created)
	for l := range strings.SplitSeq(languages, ",") {
		w.Languages = append(w.Languages, instrument.Lang(l))
	}
	return w, json.Unmarshal([]byte(settings), &w.Settings)
}

// One returns a wave of the organisation; db.ErrNoRow when there is none.
func One(ctx context.Context, r db.Reader, waveID string) (Wave, error) {
	return first(func(each func(func(...any) error) error) error {
		return r.Rows(ctx, `SELECT `+columns+` FROM waves w WHERE w.tenant_id = $1 AND w.id = $2`, each, waveID)
	})
}

// ByCode returns the wave that people open by its code, of whichever organisation; db.ErrNoRow when there is none.
func ByCode(ctx context.Context, d *db.DB, code string) (Wave, error) {
	return first(func(each func(func(...any) error) error) error {
		return d.System().Rows(ctx, `SELECT `+columns+` FROM waves w WHERE w.code = $1`, each, code)
	})
}

// List returns the waves of the organisation, the newest first.
func List(ctx context.Context, r db.Reader) ([]Wave, error) {
	var list []Wave
	err := r.Rows(ctx, `SELECT `+columns+` FROM waves w WHERE w.tenant_id = $1 ORDER BY w.id DESC`, func(scan func(...any) error) error {
		w, err := scanWave(scan)
		list = append(list, w)
		return err
	})
	return list, err
}

// LaunchOf returns what was locked; db.ErrNoRow before the launch.
func LaunchOf(ctx context.Context, r db.Reader, waveID string) (Launch, error) {
	var l Launch
	var launched int64
	err := r.Row(ctx, `SELECT mode, instrument_hash, group_size, retention_days, linked, people, launched_at, answers_key IS NULL FROM wave_launches
WHERE tenant_id = $1 AND wave_id = $2`, []any{waveID}, &l.Mode, &l.InstrumentHash, &l.GroupSize, &l.Retention, &l.Linked, &l.People, &launched, &l.Spent)
	l.At = clock.Time(launched)
	return l, err
}

// Strata returns the keys of a wave, in order of name; none before the launch and for a wave without ballots.
func Strata(ctx context.Context, r db.Reader, waveID string) ([]Stratum, error) {
	var list []Stratum
	err := r.Rows(ctx, `SELECT stratum, public, private, people FROM wave_keys WHERE tenant_id = $1 AND wave_id = $2 ORDER BY stratum`,
		func(scan func(...any) error) error {
			var s Stratum
			err := scan(&s.Name, &s.Public, &s.Private, &s.People)
			list = append(list, s)
			return err
		}, waveID)
	return list, err
}

// Questionnaire returns the text of the questionnaire as it is asked; db.ErrNoRow while there is none.
func Questionnaire(ctx context.Context, r db.Reader, waveID string) ([]byte, error) {
	var yaml string
	err := r.Row(ctx, `SELECT yaml FROM wave_questionnaires WHERE tenant_id = $1 AND wave_id = $2`, []any{waveID}, &yaml)
	return []byte(yaml), err
}

func first(rows func(each func(func(...any) error) error) error) (Wave, error) {
	var found []Wave
	err := rows(func(scan func(...any) error) error {
		w, err := scanWave(scan)
		found = append(found, w)
		return err
	})
	if err != nil {
		return Wave{}, err
	}
	if len(found) == 0 {
		return Wave{}, db.ErrNoRow
	}
	return found[0], nil
}

// insert adds a wave.
func insert(ctx context.Context, s *db.Scope, w *Wave) error {
	settings, err := json.Marshal(w.Settings)
	if err != nil {
		return err
	}
	_, err = s.Exec(ctx, `INSERT INTO waves (tenant_id, id, code, title, state, mode, recipe, instrument_hash, group_size, retention_days, linked,
languages, opens_at, closes_at, settings, previous_id, secret, created_by, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1)`,
		w.ID, w.Code, w.Title, w.State, w.Mode, string(w.Recipe), w.InstrumentHash, w.GroupSize, w.Retention, w.Linked,
		joined(w.Languages), micros(w.Opens), micros(w.Closes), string(settings), w.Previous, w.secret, w.CreatedBy, clock.Micros(w.Created))
	return err
}

func joined(languages []instrument.Lang) string {
	out := make([]string, len(languages))
	for i, l := range languages {
		out[i] = string(l)
	}
	return strings.Join(out, ",")
}

// 0 stands for a moment that is not decided.
func at(micros int64) (t time.Time) {
	if micros != 0 {
		t = clock.Time(micros)
	}
	return t
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Micros(t)
}

// Named is a wave by its organisation and id.
type Named struct {
	Tenant tenant.ID
	ID     string
}

// OpenNow lists the open waves of all organisations.
func OpenNow(ctx context.Context, d *db.DB) ([]Named, error) {
	var list []Named
	err := d.System().Rows(ctx, `SELECT tenant_id, id FROM waves WHERE state = 'open' ORDER BY id`, func(scan func(...any) error) error {
		var n Named
		err := scan(&n.Tenant, &n.ID)
		list = append(list, n)
		return err
	})
	return list, err
}
