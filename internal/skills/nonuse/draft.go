package nonuse

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/vault"
	"tekentafel/internal/tenant"
)

// Draft is an interview that is being written down: what was said about the person in the steps before the notes. It is in no store
// but in the address of the page, sealed.
type Draft struct {
	Tenant  tenant.ID  `json:"t"`
	By      string     `json:"b"` // account that writes it down; only this one may go on
	Until   int64      `json:"u"` // Unix seconds
	Consent string     `json:"c"` // version of the text agreed to
	Code    vault.Code `json:"k"`
	Lang    string     `json:"l,omitempty"`
	Work    string     `json:"w,omitempty"`
	Family  string     `json:"f,omitempty"`
	Reasons []string   `json:"r,omitempty"`
	Told    bool       `json:"a,omitempty"` // the step about the person is done
}

// draftLives is how long one may take to write an interview down.
const draftLives = 24 * time.Hour

// sealDraft writes a draft as it stands in an address.
func (s *Service) sealDraft(d *Draft) (string, error) {
	plain, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	sealed, err := s.Box.Seal(purposeDraft, plain)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// openDraft reads a draft back; a problem that says so when it is no draft of this actor, too old, or of another text.
func (s *Service) openDraft(actor access.Actor, text string) (*Draft, error) {
	gone := refuse(problem.Gone, "error.draft", nil)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, gone.Because(err)
	}
	plain, err := s.Box.Open(purposeDraft, raw)
	if err != nil {
		return nil, gone.Because(err)
	}
	d := &Draft{}
	if err := json.Unmarshal(plain, d); err != nil {
		return nil, gone.Because(err)
	}
	if d.Tenant != actor.Tenant || d.By != actor.Owner || s.Now().Unix() > d.Until || d.Consent != s.Guide.Consent.Version {
		return nil, gone
	}
	return d, nil
}

// Consent begins an interview: the person agreed to the text of a version. Without it there is no draft, and so no interview.
func (s *Service) Consent(ctx context.Context, actor access.Actor, version string, agreed bool) (string, error) {
	if err := allow(actor, writes); err != nil {
		return "", err
	}
	form := problem.Form{Bundle: locale()}
	if !agreed {
		form.Wrong("agree", "field.agree", nil)
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	if version != s.Guide.Consent.Version {
		return "", refuse(problem.Conflict, "error.consent-changed", nil)
	}
	if _, err := s.mustOpen(ctx, s.DB.Of(actor.Tenant)); err != nil {
		return "", err
	}
	return s.sealDraft(&Draft{Tenant: actor.Tenant, By: actor.Owner, Until: s.Now().Add(draftLives).Unix(), Consent: version, Code: vault.NewCode()})
}

// groups lists the groups of departments that are large enough to be told.
func (s *Service) groups(ctx context.Context, t tenant.ID) ([]Group, error) {
	if s.Groups == nil {
		return nil, nil
	}
	list, err := s.Groups.Groups(ctx, t)
	if err != nil {
		return nil, err
	}
	k, err := s.groupSize(ctx, t)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(list), func(g Group) bool { return g.People < k || g.ID == "" }), nil
}

// smallest is the smallest group that is ever told, whatever an organisation sets.
const smallest = 5

func (s *Service) groupSize(ctx context.Context, t tenant.ID) (int, error) {
	k, err := s.Organisations.GroupSize(ctx, t)
	return max(k, smallest), err
}

// About adds what is counted of the person.
func (s *Service) About(ctx context.Context, d *Draft, lang, work, family string, reasons []string) (string, error) {
	form := problem.Form{Bundle: locale()}
	if !slices.Contains(instrument.Languages(), instrument.Lang(lang)) {
		form.Wrong("language", "field.choose", nil)
	}
	if work != office && work != field && work != "-" {
		form.Wrong("work", "field.choose", nil)
	}
	if family != "" {
		list, err := s.groups(ctx, d.Tenant)
		if err != nil {
			return "", err
		}
		if !slices.ContainsFunc(list, func(g Group) bool { return g.ID == family }) {
			form.Wrong("family", "field.family", nil)
		}
	}
	reasons = slices.Compact(slices.Sorted(slices.Values(reasons)))
	if len(reasons) == 0 || slices.ContainsFunc(reasons, func(r string) bool { return s.Guide.Reason(r) == nil }) {
		form.Wrong("reasons", "field.reasons", nil)
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	next := *d
	next.Lang, next.Work, next.Family, next.Reasons, next.Told = lang, strings.Trim(work, "-"), family, reasons, true
	return s.sealDraft(&next)
}
