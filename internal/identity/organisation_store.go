package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
)

const organisationColumns = `tenant_id, COALESCE(parent_id, ''), slug, COALESCE(host, ''), name, languages, group_size, synthetic,
settings, theme, theme_hash, logo_hash, version`

// scanOrganisation reads organisationColumns.
func scanOrganisation(scan func(...any) error) (OrganisationView, error) {
	var o OrganisationView
	var languages, settings, themeHash, logoHash string
	err := scan(&o.ID, &o.Parent, &o.Slug, &o.Host, &o.Name, &languages, &o.GroupSize, &o.Synthetic, &settings, &o.theme, &themeHash, &logoHash, &o.Version)
	if err != nil {
		return o, err
	}
	o.Languages = splitLangs(languages)
	o.ThemeURL, o.LogoURL = themeURL(o.Slug, themeHash), logoURL(o.Slug, logoHash)
	if err := json.Unmarshal([]byte(settings), &o.Settings); err != nil {
		return o, fmt.Errorf("settings of organisation %s: %w", o.ID, err)
	}
	return o, nil
}

func organisation(ctx context.Context, r db.Reader) (OrganisationView, error) {
	var o OrganisationView
	found := false
	err := r.Rows(ctx, `SELECT `+organisationColumns+` FROM organisations WHERE tenant_id = $1`, func(scan func(...any) error) (err error) {
		found = true
		o, err = scanOrganisation(scan)
		return err
	})
	if err == nil && !found {
		err = db.ErrNoRow
	}
	return o, err
}

// organisations returns the reader's own organisation and those that it holds.
func organisations(ctx context.Context, r db.Reader) ([]OrganisationView, error) {
	var list []OrganisationView
	err := r.Rows(ctx, `SELECT `+organisationColumns+` FROM organisations WHERE tenant_id = $1 OR parent_id = $1 ORDER BY name, tenant_id`,
		func(scan func(...any) error) error {
			o, err := scanOrganisation(scan)
			list = append(list, o)
			return err
		})
	return list, err
}

// organisationBy finds an organisation by "slug" or "host"; db.ErrNoRow when there is none.
func (s *Service) organisationBy(ctx context.Context, column, value string) (OrganisationView, error) {
	return s.oneOrganisation(ctx, `SELECT `+organisationColumns+` FROM organisations WHERE `+column+` = $1`, value)
}

// onlyOrganisation returns the organisation when there is exactly one; db.ErrNoRow otherwise.
func (s *Service) onlyOrganisation(ctx context.Context) (OrganisationView, error) {
	return s.oneOrganisation(ctx, `SELECT `+organisationColumns+` FROM organisations ORDER BY tenant_id LIMIT 2`)
}

func (s *Service) oneOrganisation(ctx context.Context, query string, args ...any) (OrganisationView, error) {
	var list []OrganisationView
	err := s.db.System().Rows(ctx, query, func(scan func(...any) error) error {
		o, err := scanOrganisation(scan)
		list = append(list, o)
		return err
	}, args...)
	if err != nil {
		return OrganisationView{}, err
	}
	if len(list) != 1 {
		return OrganisationView{}, db.ErrNoRow
	}
	return list[0], nil
}

// allOrganisations lists every organisation by name, for the page where one chooses where to sign in.
func (s *Service) allOrganisations(ctx context.Context) ([]OrganisationView, error) {
	var list []OrganisationView
	err := s.db.System().Rows(ctx, `SELECT `+organisationColumns+` FROM organisations ORDER BY name, tenant_id`, func(scan func(...any) error) error {
		o, err := scanOrganisation(scan)
		list = append(list, o)
		return err
	})
	return list, err
}

func countOrganisations(ctx context.Context, sys *db.System) (int, error) {
	var n int
	err := sys.Row(ctx, `SELECT count(*) FROM organisations`, nil, &n)
	return n, err
}

func addOrganisation(ctx context.Context, sc *db.Scope, parent tenant.ID, in OrganisationInput, now time.Time) error {
	settings, err := json.Marshal(in.Settings)
	if err != nil {
		return err
	}
	_, err = sc.Exec(ctx, `INSERT INTO organisations (tenant_id, parent_id, slug, host, name, languages, group_size, synthetic, settings, created_at)
VALUES ($1, NULLIF($2, ''), $3, NULLIF($4, ''), $5, $6, $7, $8, $9, $10)`,
		string(parent), in.Slug, in.Host, in.Name, joinLangs(in.Languages), in.GroupSize, in.Synthetic, string(settings), clock.Micros(now))
	return err
}

func changeOrganisation(ctx context.Context, sc *db.Scope, in OrganisationInput) error {
	settings, err := json.Marshal(in.Settings)
	if err != nil {
		return err
	}
	_, err = sc.Exec(ctx, `UPDATE organisations SET host = NULLIF($2, ''), name = $3, languages = $4, group_size = $5, synthetic = $6,
settings = $7, version = version + 1 WHERE tenant_id = $1`,
		in.Host, in.Name, joinLangs(in.Languages), in.GroupSize, in.Synthetic, string(settings))
	return err
}

func joinLangs(langs []instrument.Lang) string {
	parts := make([]string, len(langs))
	for i, l := range langs {
		parts[i] = string(l)
	}
	return strings.Join(parts, ",")
}

func splitLangs(s string) []instrument.Lang {
	var out []instrument.Lang
	for part := range strings.SplitSeq(s, ",") {
		out = append(out, instrument.Lang(part))
	}
	return out
}

func number(n int) string { return strconv.Itoa(n) }

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
