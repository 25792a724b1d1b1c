package identity

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/web"
)

// Visit implements web.Visitors. A person costs one query, and nothing is written: that a session was seen is noted and
// kept later, by Run.
func (s *Service) Visit(ctx context.Context, r *http.Request) (web.Visit, error) {
	if given := r.Header.Get("Authorization"); given != "" {
		if token, ok := keyToken(given); ok {
			return s.visitByKey(ctx, token)
		}
		return s.visitor(ctx, r) // a proof that does not hold is none
	}
	if token := s.cookies.Cookie(r, SessionCookie); token != "" {
		v, err := s.visitBySession(ctx, token)
		if err == nil || !errors.Is(err, db.ErrNoRow) {
			return v, err
		}
	}
	return s.visitor(ctx, r)
}

// who are the columns of an account with its organisation that a visit needs, from a and o.
const who = `a.id, a.name, a.language,
COALESCE((SELECT string_agg(r.role, ' ') FROM account_roles r WHERE r.tenant_id = a.tenant_id AND r.account_id = a.id), ''),
o.tenant_id, COALESCE(o.parent_id, ''), o.slug, o.name, o.languages, o.group_size, o.synthetic, o.theme_hash, o.logo_hash`

// whoRow is what who reads.
type whoRow struct {
	account, roles, languages, theme, logo string
	visit                                  web.Visit
}

func (w *whoRow) into() []any {
	o := &w.visit.Org
	return []any{
		&w.account, &w.visit.Name, &w.visit.Lang, &w.roles,
		&o.ID, &o.Parent, &o.Slug, &o.Name, &w.languages, &o.GroupSize, &o.Synthetic, &w.theme, &w.logo,
	}
}

// finish fills in what the columns hold in another form.
func (w *whoRow) finish(kind access.Kind, actorID string) web.Visit {
	v := w.visit
	v.Org.Languages = splitLangs(w.languages)
	v.Org.Theme, v.Org.Logo = themeURL(v.Org.Slug, w.theme), logoURL(v.Org.Slug, w.logo)
	v.Actor = access.Actor{Kind: kind, Tenant: v.Org.ID, ID: actorID, Owner: w.account}
	for role := range strings.FieldsSeq(w.roles) {
		v.Actor.Roles = append(v.Actor.Roles, access.Role(role))
	}
	v.Actor.Roles = inOrder(v.Actor.Roles)
	return v
}

func (s *Service) visitBySession(ctx context.Context, token string) (web.Visit, error) {
	hash := id.Hash(token)
	var row whoRow
	var confirmed, seen, expires, idle int64
	err := s.db.System().Row(ctx, `SELECT s.id, s.shared, s.confirmed_at, s.seen_at, s.expires_at, s.idle_micros, `+who+`
FROM sessions s JOIN accounts a ON a.tenant_id = s.tenant_id AND a.id = s.account_id JOIN organisations o ON o.tenant_id = s.tenant_id
WHERE s.token_hash = $1 AND a.state = 'active'`, []any{hash},
		append([]any{&row.visit.Session, &row.visit.Shared, &confirmed, &seen, &expires, &idle}, row.into()...)...)
	if err != nil {
		return web.Visit{}, err
	}
	now := s.now()
	if last := s.seen.noted(hash); last > seen {
		seen = last
	}
	if clock.Micros(now) >= expires || clock.Micros(now) >= seen+idle {
		return web.Visit{}, db.ErrNoRow
	}
	s.seen.note(seenSession, hash, seen, now)
	v := row.finish(access.Person, row.account)
	v.ConfirmedAt = clock.Time(confirmed)
	return v, nil
}

func (s *Service) visitByKey(ctx context.Context, token string) (web.Visit, error) {
	hash := id.Hash(token)
	var row whoRow
	var key, scopes string
	var used, expires int64
	err := s.db.System().Row(ctx, `SELECT k.id, k.scopes, k.used_at, k.expires_at, `+who+`
FROM api_keys k JOIN accounts a ON a.tenant_id = k.tenant_id AND a.id = k.account_id JOIN organisations o ON o.tenant_id = k.tenant_id
WHERE k.token_hash = $1 AND a.state = 'active'`, []any{hash},
		append([]any{&key, &scopes, &used, &expires}, row.into()...)...)
	if errors.Is(err, db.ErrNoRow) {
		return web.Visit{}, nil
	}
	if err != nil {
		return web.Visit{}, err
	}
	now := s.now()
	if clock.Micros(now) >= expires {
		return web.Visit{}, nil
	}
	s.seen.note(seenKey, hash, used, now)
	v := row.finish(access.Key, key)
	v.Actor.Scopes = splitScopes(scopes)
	return v, nil
}

// visitor tells at which organisation somebody is who has not signed in: that of the host name, of the path, or the only one.
func (s *Service) visitor(ctx context.Context, r *http.Request) (web.Visit, error) {
	o, err := s.organisationAt(ctx, r)
	if errors.Is(err, db.ErrNoRow) {
		return web.Visit{}, nil
	}
	return web.Visit{Org: o.Web(), Actor: visitor(o.ID)}, err
}

// organisationAt finds the organisation that a request is for before anybody is signed in; db.ErrNoRow when it is open.
func (s *Service) organisationAt(ctx context.Context, r *http.Request) (OrganisationView, error) {
	if host := hostOf(r.Host); host != "" {
		if o, err := s.organisationBy(ctx, "host", host); err == nil || !errors.Is(err, db.ErrNoRow) {
			return o, err
		}
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, "/o/"); ok {
		slug, _, _ := strings.Cut(rest, "/")
		if CheckSlug(slug) {
			return s.organisationBy(ctx, "slug", slug)
		}
		return OrganisationView{}, db.ErrNoRow
	}
	return s.onlyOrganisation(ctx)
}

// keyToken reads the secret of a key from an Authorization header (RFC 6750, section 2.1).
func keyToken(header string) (string, bool) {
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(token, keyPrefix) || len(token) > 128 {
		return "", false
	}
	return token, true
}

// seenEvery is how precisely it is kept when a session was last seen.
const seenEvery = time.Minute
