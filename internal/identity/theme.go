package identity

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // logos come as JPEG
	"image/png"
	"io"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
)

// The bounds of a logo.
const (
	MostLogo     = 1 << 20 // bytes
	MostLogoSide = 1200    // pixels
)

// themeURL is the address of the style sheet with the colours of an organisation; "" without one.
func themeURL(slug, hash string) string {
	if hash == "" {
		return ""
	}
	return "/theme/" + slug + "/" + hash + ".css"
}

// logoURL is the address of the logo of an organisation; "" without one.
func logoURL(slug, hash string) string {
	if hash == "" {
		return ""
	}
	return "/logo/" + slug + "/" + hash + ".png"
}

// contentHash is the part of an address that changes with what is there.
func contentHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// Theme returns the colours that an organisation set, by keys such as "light.blue".
func (s *Service) Theme(ctx context.Context, actor access.Actor, t tenant.ID) (map[string]string, error) {
	o, err := s.Organisation(ctx, actor, t)
	if err != nil {
		return nil, err
	}
	return readTheme(o.theme)
}

// readTheme reads colours as they are stored.
func readTheme(raw string) (map[string]string, error) {
	values := map[string]string{}
	if err := json.Unmarshal([]byte(raw), &values); err != nil {
		return nil, fmt.Errorf("a stored theme cannot be read: %w", err)
	}
	return values, nil
}

// ClashError says that colours cannot be read by everyone.
type ClashError struct{ Clashes []ui.Clash }

// Error implements error.
func (e *ClashError) Error() string {
	return fmt.Sprintf("theme: %d combinations of colours lack contrast", len(e.Clashes))
}

// SetTheme sets the colours of an organisation, by keys such as "light.blue". What is no colour, or leaves a combination
// that some cannot read, is refused: the problem holds *ui.ThemeError or *ClashError.
func (s *Service) SetTheme(ctx context.Context, actor access.Actor, t tenant.ID, values map[string]string) (OrganisationView, error) {
	override, err := ui.ParseTheme(values)
	if err != nil {
		return OrganisationView{}, say(problem.Invalid, "theme-form").Because(err)
	}
	if clashes := ui.CheckTheme(override); len(clashes) > 0 {
		return OrganisationView{}, say(problem.Invalid, "theme-clash").Because(&ClashError{clashes})
	}
	set := map[string]string{}
	for scheme, tokens := range map[string][]ui.Token{ui.SchemeLight: override.Light, ui.SchemeDark: override.Dark} {
		for _, token := range tokens {
			set[scheme+"."+token.Name] = token.Color
		}
	}
	raw, err := json.Marshal(set)
	if err != nil {
		return OrganisationView{}, err
	}
	hash := ""
	if css := ui.ThemeCSS(override); css != "" {
		hash = contentHash([]byte(css))
	}
	return s.dress(ctx, actor, t, "organisation.theme-set", func(sc *db.Scope) error {
		_, err := sc.Exec(ctx, `UPDATE organisations SET theme = $2, theme_hash = $3 WHERE tenant_id = $1`, string(raw), hash)
		return err
	})
}

// SetLogo sets the logo of an organisation from a PNG or JPEG of at most MostLogo bytes and MostLogoSide pixels a side. It is
// drawn anew, so that nothing but the picture is kept. A nil image takes the logo away.
func (s *Service) SetLogo(ctx context.Context, actor access.Actor, t tenant.ID, r io.Reader) (OrganisationView, error) {
	var logo []byte
	hash, action := "", "organisation.logo-removed"
	if r != nil {
		var err error
		if logo, err = redraw(r); err != nil {
			return OrganisationView{}, err
		}
		hash, action = contentHash(logo), "organisation.logo-set"
	}
	return s.dress(ctx, actor, t, action, func(sc *db.Scope) error {
		_, err := sc.Exec(ctx, `UPDATE organisations SET logo = $2, logo_hash = $3 WHERE tenant_id = $1`, logo, hash)
		return err
	})
}

// redraw reads a PNG or JPEG and writes it as a PNG. The size is checked before anything is unpacked.
func redraw(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MostLogo+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > MostLogo {
		return nil, wrong("logo", "logo-size", nil)
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || kind != "png" && kind != "jpeg" {
		return nil, wrong("logo", "logo-form", nil)
	}
	if head.Width > MostLogoSide || head.Height > MostLogoSide || head.Width < 1 || head.Height < 1 {
		return nil, wrong("logo", "logo-pixels", nil)
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, wrong("logo", "logo-form", nil)
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, picture)
	return out.Bytes(), err
}

// dress changes how an organisation looks.
func (s *Service) dress(ctx context.Context, actor access.Actor, t tenant.ID, action string, change func(*db.Scope) error) (OrganisationView, error) {
	var out OrganisationView
	err := s.db.Write(ctx, t, func(sc *db.Scope) error {
		o, err := organisation(ctx, sc.Reader)
		if err != nil {
			return err
		}
		if err := visible(actor, o, access.ChangeOrganisation); err != nil {
			return err
		}
		if err := change(sc); err != nil {
			return err
		}
		if err := s.audit.Record(ctx, sc, actor, audit.Entry{Action: action, Subject: string(t)}); err != nil {
			return err
		}
		out, err = organisation(ctx, sc.Reader)
		return err
	})
	return out, err
}

// themeSheet returns the style sheet at an address, and whether the hash is that of what is there now.
func (s *Service) themeSheet(ctx context.Context, slug, hash string) (css []byte, present bool, err error) {
	o, err := s.organisationBy(ctx, "slug", slug)
	if err != nil {
		return nil, false, err
	}
	values, err := readTheme(o.theme)
	if err != nil {
		return nil, false, err
	}
	override, err := ui.ParseTheme(values)
	if err != nil { // a token that this version no longer knows; the rest stands
		s.log.WarnContext(ctx, "a stored theme has colours that are left out", "organisation", string(o.ID), "error", err.Error())
	}
	return []byte(ui.ThemeCSS(override)), themeURL(slug, hash) == o.ThemeURL, nil
}

// logoImage returns the logo at an address, and whether the hash is that of what is there now.
func (s *Service) logoImage(ctx context.Context, slug, hash string) (logo []byte, present bool, err error) {
	var now string
	err = s.db.System().Row(ctx, `SELECT logo, logo_hash FROM organisations WHERE slug = $1`, []any{slug}, &logo, &now)
	if err == nil && len(logo) == 0 {
		err = db.ErrNoRow
	}
	return logo, hash == now, err
}

// themeProblems lists what is wrong with colours, as a reader is told.
func themeProblems(err error) (malformed []*ui.ThemeError, clashes []ui.Clash) {
	var clash *ClashError
	if errors.As(err, &clash) {
		return nil, clash.Clashes
	}
	p, ok := problem.Of(err)
	if !ok {
		return nil, nil
	}
	var joined interface{ Unwrap() []error }
	if errors.As(p.Err, &joined) {
		for _, e := range joined.Unwrap() {
			var t *ui.ThemeError
			if errors.As(e, &t) {
				malformed = append(malformed, t)
			}
		}
	}
	return malformed, nil
}
