package kept

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

type shareView struct {
	words
	Draft
	talk talk
	most Day
	now  Day
	form *ui.FormState
	seen string // of what is shown
}

// usual is what is replaced unless somebody chooses otherwise.
func usual(list []Found) Choice {
	var c Choice
	for i := range list {
		if list[i].Usual {
			c.Keys = append(c.Keys, list[i].key)
		}
	}
	return c
}

func (s *Service) askShare(w http.ResponseWriter, r *web.Request) error {
	d, err := s.Draft(r.Context(), r.Actor, r.PathValue("id"), r.URL.Query().Get("leaf"), Choice{}, r.Lang)
	if err != nil {
		return err
	}
	return s.sharePage(w, r, http.StatusOK, d.Leaf, usual(d.Found), web.NewForm())
}

func (s *Service) sharePage(w http.ResponseWriter, r *web.Request, status int, leaf string, choice Choice, form *ui.FormState) error {
	d, err := s.Draft(r.Context(), r.Actor, r.PathValue("id"), leaf, choice, r.Lang)
	if err != nil {
		return err
	}
	v := shareView{words: in(r), Draft: d, now: s.Today(), form: form}
	v.talk = v.shared(&v.Snapshot)
	if v.most, err = s.Most(r.Context(), r.Actor.Tenant); err != nil {
		return err
	}
	if v.seen, err = fingerprint(&d.Snapshot); err != nil {
		return err
	}
	quiet(w)
	p := below(r, v.say("share.title"), ui.Link{Label: d.Title, Href: at(d.ID)})
	p.Lead, p.Status, p.Invalid = v.say("share.lead"), status, !form.OK()
	return r.Show(w, p, shareContent(v))
}

// fingerprint tells what was shown from what would be shared.
func fingerprint(s *Snapshot) (string, error) {
	b, err := json.Marshal(s)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

func (s *Service) share(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	leaf, choice := form.Get("leaf"), Choice{Keys: form["mask"], Words: lines(form.Get("words"))}
	d, err := s.Draft(r.Context(), r.Actor, r.PathValue("id"), leaf, choice, r.Lang)
	if err != nil {
		return err
	}
	shown, err := fingerprint(&d.Snapshot)
	if err != nil {
		return err
	}
	if form.Get("do") != "share" || form.Get("seen") != shown {
		state := ui.NewFormState(form)
		state.Once = form.Get(web.OnceField)
		if form.Get("do") == "share" {
			state.Fail("", in(r).say("share.look-again"))
		}
		status := http.StatusOK
		if !state.OK() {
			status = http.StatusUnprocessableEntity
		}
		return s.sharePage(w, r, status, leaf, choice, state)
	}
	name, err := s.Share(r.Context(), r.Actor, d.ID, number(form.Get("version")), leaf, choice, Day(form.Get("until")), form.Get(web.OnceField), r.Lang)
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.sharePage(w, r, status, leaf, choice, state) })
	}
	return r.Redirect(w, shareAt(name), notice(r, "shared"))
}

func (v *shareView) spec() ui.FormSpec {
	return ui.FormSpec{State: v.form, Action: at(v.ID) + "/share", Hidden: []ui.NameValue{
		{Name: "version", Value: v.form.Value("version", strconv.FormatInt(v.Version, 10))}, {Name: "leaf", Value: v.Leaf}, {Name: "seen", Value: v.seen},
	}}
}

// masks are the values that can be replaced.
func (v *shareView) masks() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "mask", Label: v.say("share.mask"), Hint: v.say("share.mask-hint"), Optional: true}}
	for i := range v.Found {
		f := &v.Found[i]
		if f.Must || f.Word {
			continue
		}
		c.Options = append(c.Options, ui.Option{Value: f.key, Label: v.found(f)})
		if f.Usual {
			c.Chosen = append(c.Chosen, f.key)
		}
	}
	return c
}

// found says what was found, and how often.
func (v *shareView) found(f *Found) string {
	return v.with("share.found", "type", v.typeName(f.Type), "value", cut(strings.Join(strings.Fields(f.Value), " "), 60), "times", v.n("times", f.Times))
}

// pointed lists what must be replaced, or what can only be pointed out.
func (v *shareView) pointed(must bool) []string {
	var out []string
	for i := range v.Found {
		if f := &v.Found[i]; must && f.Must || !must && f.Word && !f.Must {
			out = append(out, v.found(f))
		}
	}
	return out
}

func (v *shareView) until() ui.Field {
	return ui.Field{Name: "until", Label: v.say("share.until"), Hint: v.with("field.until-hint", "day", v.day(v.most)), Value: string(v.most), Min: string(v.now), Max: string(v.most)}
}

type readView struct {
	words
	Share
	name  string
	own   bool
	talk  talk
	where string // the address to send to colleagues
}

func (s *Service) readPage(w http.ResponseWriter, r *web.Request) error {
	share, err := s.Read(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := readView{words: in(r), Share: share, own: share.Account == r.Actor.ID, where: r.Absolute(shareAt(share.ID))}
	if v.name, err = s.Accounts.Name(r.Context(), s.DB.Of(r.Actor.Tenant), share.Account); err != nil {
		return err
	}
	if v.name == "" {
		return refuseUnshared()
	}
	v.talk = v.shared(&v.Snapshot)
	quiet(w)
	p := page(r, share.Title)
	p.Kicker, p.Lead = v.say("read.kicker"), v.with("read.lead", "name", v.name, "day", v.day(share.Until))
	if v.own {
		p.Lead = v.with("read.own", "day", v.day(share.Until))
		p.Crumbs = []ui.Link{v.link("title", home)}
	}
	return r.Show(w, p, readContent(v))
}

// as says who speaks, to somebody else.
func (v *readView) as(x *said) string {
	l := x.Line
	if w := v.who(&l); w != v.say("who.you") || v.own {
		return w
	}
	return v.name
}

// again is the form with which somebody tries the first question themselves.
func (v *readView) again() ui.FormSpec {
	return ui.FormSpec{Action: startAt, Hidden: []ui.NameValue{{Name: "text", Value: v.Snapshot.First()}, {Name: "task", Value: v.Snapshot.Task}}}
}

func (s *Service) askWithdraw(w http.ResponseWriter, r *web.Request) error {
	share, err := s.Read(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if share.Account != r.Actor.ID {
		return refuseUnshared()
	}
	v := in(r)
	return r.Show(w, below(r, v.say("withdraw.title"), ui.Link{Label: share.Title, Href: shareAt(share.ID)}), ui.ConfirmForm(ui.Confirm{
		ID: "withdraw", Title: v.say("withdraw.title"), Text: v.with("withdraw.text", "title", v.Quote(share.Title)), Cancel: shareAt(share.ID), Do: ui.Action{Label: v.say("withdraw.do"), Kind: ui.Danger},
		Form: ui.FormSpec{Action: shareAt(share.ID) + "/withdraw"},
	}))
}

func (s *Service) withdrawPage(w http.ResponseWriter, r *web.Request) error {
	if err := s.Withdraw(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, home, notice(r, "withdrawn"))
}
