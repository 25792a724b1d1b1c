package answering

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/web"
)

// Drafts keeps answers under way of people whose browser runs no scripts, sealed, under the hash of the secret in their
// cookie.
type Drafts interface {
	// Load returns a draft; db.ErrNoRow when there is none.
	Load(ctx context.Context, w *wave.Wave, key string) ([]byte, error)
	// Save keeps a draft in the place of the one before. Of the time no more than the day is kept.
	Save(ctx context.Context, w *wave.Wave, key string, sealed []byte, now time.Time) error
}

// draft is answers under way.
type draft struct {
	Pass    string `json:"pass"`
	Answers given  `json:"answers"`
	Sent    bool   `json:"sent"` // as they are now
	secret  string
}

const (
	draftCookie  = "tt_draft"
	draftLives   = 60 * 24 * time.Hour
	purposeDraft = "wave-draft/" // of a box; the wave's id and the key of the draft follow
)

// openDraft returns the draft of the cookie; nil when there is none.
func (p *Pages) openDraft(r *web.Request, s *Survey) (*draft, error) {
	c, err := r.Cookie(draftCookie)
	if err != nil || s.Wave.Mode == wave.Anonymous {
		return nil, nil //nolint:nilerr // no cookie is no draft
	}
	key := id.Hash(c.Value)
	sealed, err := p.Drafts.Load(r.Context(), &s.Wave, key)
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plain, err := p.Box.Open(purposeDraft+s.Wave.ID+"/"+key, sealed)
	if errors.Is(err, seal.ErrBroken) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	d := &draft{secret: c.Value}
	return d, json.Unmarshal(plain, d)
}

// needDraft is openDraft for a page that makes no sense without one; ok is false when the answer is a way back to the entry.
func (p *Pages) needDraft(w http.ResponseWriter, r *web.Request) (s *Survey, d *draft, ok bool, err error) {
	if s, err = p.find(r); err != nil {
		return nil, nil, false, err
	}
	if p.open(s) == nil {
		if d, err = p.openDraft(r, s); err != nil {
			return nil, nil, false, err
		}
	}
	if d == nil {
		return s, nil, false, sendOn(w, r, s, "")
	}
	return s, d, true, nil
}

func (p *Pages) saveDraft(ctx context.Context, s *Survey, d *draft) error {
	plain, err := json.Marshal(d) //nolint:gosec // it is sealed before it is kept
	if err != nil {
		return err
	}
	key := id.Hash(d.secret)
	sealed, err := p.Box.Seal(purposeDraft+s.Wave.ID+"/"+key, plain)
	if err != nil {
		return err
	}
	return p.Drafts.Save(ctx, &s.Wave, key, sealed, p.Clock())
}

// begin makes a draft and gives the browser its cookie.
func (p *Pages) begin(w http.ResponseWriter, r *web.Request, s *Survey, pass string) (*draft, error) {
	d := &draft{Pass: pass, Answers: given{}, secret: id.Token()}
	if err := p.saveDraft(r.Context(), s, d); err != nil {
		return nil, err
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure where browsers reach us over HTTPS
		Name: draftCookie, Value: d.secret, Path: s.base(), HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: p.secure,
		MaxAge: int(draftLives / time.Second),
	})
	return d, nil
}

// json writes the answers as the codec reads them. Variables that nobody answered are left out.
func (d *draft) json(s *Survey) ([]byte, error) {
	out := map[string]any{}
	for _, at := range s.asks {
		it := &s.Instrument.Items[at]
		for _, name := range fieldsOf(it) {
			values := d.Answers[name]
			if len(values) == 0 || values[0] == "" {
				continue
			}
			switch it.Kind {
			case instrument.Multiple:
				out[name] = values
			case instrument.Number:
				out[name] = readNumber(values[0])
			default:
				out[name] = values[0]
			}
		}
	}
	return json.Marshal(out)
}

// readNumber reads a number as people type it, with a comma or a point; what is none stays text, which the codec refuses.
func readNumber(s string) any {
	s = strings.TrimPrefix(strings.ReplaceAll(strings.Join(strings.Fields(s), ""), ",", "."), "+")
	if v, err := strconv.ParseFloat(s, 64); err == nil && json.Valid([]byte(s)) {
		return v
	}
	return s
}

// fieldsOf lists the ids under which an item is answered.
func fieldsOf(it *instrument.Item) []string {
	if it.Kind == instrument.Info {
		return nil
	}
	if it.Kind != instrument.Matrix {
		return []string{it.ID}
	}
	out := make([]string, len(it.Rows))
	for i := range it.Rows {
		out[i] = it.Rows[i].ID
	}
	return out
}

// asked returns the items that the draft's answers lead to, in order. Wrong answers are left out of it.
func (d *draft) asked(s *Survey) ([]*instrument.Item, error) {
	raw, err := d.json(s)
	if err != nil {
		return nil, err
	}
	rec, err := s.Codec.Draft(raw)
	if err != nil {
		return nil, err
	}
	var out []*instrument.Item
	for _, at := range s.asks {
		if rec.Asked()[at] {
			out = append(out, &s.Instrument.Items[at])
		}
	}
	return out, nil
}

// start begins without scripts.
func (p *Pages) start(w http.ResponseWriter, r *web.Request) error {
	s, err := p.find(r)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := p.open(s); err != nil {
		return err
	}
	if s.Wave.Mode == wave.Anonymous {
		return p.again(w, r, s, form, refuse(problem.Conflict, "error.needs-script"))
	}
	pass := p.openPass()
	if s.Wave.Mode == wave.Confidential {
		who, err := p.person(r, s, form.Get("pin"))
		if err != nil {
			return p.again(w, r, s, form, err)
		}
		if pass, err = p.pass(s, who.ID); err != nil {
			return err
		}
	}
	d, err := p.begin(w, r, s, pass)
	if err != nil {
		return err
	}
	return p.toFirst(w, r, s, d)
}

// toFirst leads to the first question.
func (p *Pages) toFirst(w http.ResponseWriter, r *web.Request, s *Survey, d *draft) error {
	asked, err := d.asked(s)
	if err != nil {
		return err
	}
	if len(asked) == 0 {
		return sendOn(w, r, s, "/review")
	}
	return sendOn(w, r, s, "/q/"+asked[0].ID)
}
