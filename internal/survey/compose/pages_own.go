package compose

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// kindOf reads a kind of own questions; "" when it is none.
func kindOf(s string) instrument.Kind {
	if k := instrument.Kind(s); slices.Contains(Kinds(), k) {
		return k
	}
	return ""
}

// newOwn asks for the kind of a new question first, and then for the question.
func (s *Service) newOwn(w http.ResponseWriter, r *web.Request) error {
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	kind := kindOf(r.URL.Query().Get("kind"))
	if kind == "" {
		p := page(r, set, in(r.Lang).say("own.new"), true)
		p.Lead = in(r.Lang).say("own.kind-lead")
		return r.Show(w, p, kindPage(set, in(r.Lang)))
	}
	form := web.NewForm()
	o := Own{Kind: kind}
	if kind == instrument.Scale || kind == instrument.Matrix {
		o.Scale = builtInScales()[0].ID
	}
	form.Values = o.fields(set.Given.Languages)
	return s.ownForm(w, r, set, &o, form)
}

func (s *Service) addOwn(w http.ResponseWriter, r *web.Request) error {
	return s.saveOwn(w, r, "")
}

func (s *Service) showOwn(w http.ResponseWriter, r *web.Request) error {
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	at := set.Recipe.own(r.PathValue("own"))
	if at < 0 {
		return notFound()
	}
	o := &set.Recipe.Own[at]
	form := web.NewForm()
	form.Values = o.fields(set.Given.Languages)
	return s.ownForm(w, r, set, o, form)
}

func (s *Service) changeOwn(w http.ResponseWriter, r *web.Request) error {
	return s.saveOwn(w, r, r.PathValue("own"))
}

// saveOwn keeps a new own question, or a changed one, and shows how it looks.
func (s *Service) saveOwn(w http.ResponseWriter, r *web.Request, id string) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	o := Own{Kind: kindOf(values.Get("kind"))}
	if at := set.Recipe.own(id); at >= 0 {
		o = set.Recipe.Own[at]
	} else if id != "" || o.Kind == "" {
		return notFound()
	}
	was := o
	o, err = readOwn(values, set.Given.Languages, was.Kind, was)
	what, made := "added", id
	if id != "" {
		what = "kept"
	}
	if err == nil {
		err = s.Change(r.Context(), r.Actor, set.Wave.ID, ask(r, values, what), func(set *Set) error {
			if id != "" {
				return set.replace(id, o)
			}
			if err := set.add(o); err != nil {
				return err
			}
			made = fmt.Sprintf("own%d", set.Recipe.Next)
			return nil
		})
	}
	if err != nil {
		form, err := r.Refill(values, err)
		if err != nil {
			return err
		}
		return s.ownForm(w, r, set, &was, form)
	}
	to := pageOf(set.Wave.ID)
	if made != "" {
		to += "/own/" + made
	}
	return r.Redirect(w, to, r.Notice(noticeBundle, "notice."+what))
}

// ownForm shows the form of an own question. Where it comes back, its version is that of the wave as it is now, so that who read
// what somebody else changed can keep the own words all the same.
func (s *Service) ownForm(w http.ResponseWriter, r *web.Request, set *Set, o *Own, form *ui.FormState) error {
	ww := in(r.Lang)
	title := ww.say("own.new")
	if o.ID != "" {
		title = ww.say("own.change")
	}
	p := page(r, set, title, true)
	p.Kicker = ww.say("kind." + string(o.Kind))
	if p.Invalid = !form.OK(); p.Invalid {
		p.Status = http.StatusUnprocessableEntity
	}
	return r.Show(w, p, ownPage(ownView{set: set, own: o, w: ww, form: form}))
}

// showCondition asks first which question it hangs on, and then which answers.
func (s *Service) showCondition(w http.ResponseWriter, r *web.Request) error {
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	return s.conditionForm(w, r, set, r.URL.Query().Get("item"), web.NewForm())
}

func (s *Service) conditionForm(w http.ResponseWriter, r *web.Request, set *Set, item string, form *ui.FormState) error {
	at := set.Recipe.own(r.PathValue("own"))
	if at < 0 {
		return notFound()
	}
	v := conditionView{set: set, own: &set.Recipe.Own[at], w: in(r.Lang), form: form}
	v.before = set.Before(v.own.ID)
	if item == "" && v.own.Condition != nil {
		item = v.own.Condition.Item
	}
	for i := range v.before {
		if v.before[i].ID == item {
			v.on = &v.before[i]
		}
	}
	p := page(r, set, in(r.Lang).say("condition.title"), true)
	p.Lead = text(v.own.Question, r.Lang)
	if p.Invalid = !form.OK(); p.Invalid {
		p.Status = http.StatusUnprocessableEntity
	}
	return r.Show(w, p, conditionPage(v))
}

func (s *Service) changeCondition(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	id := r.PathValue("own")
	c, err := readCondition(values, set.Before(id))
	if err == nil {
		err = s.Change(r.Context(), r.Actor, set.Wave.ID, ask(r, values, "condition"), func(set *Set) error { return set.setCondition(id, c) })
	}
	if err != nil {
		form, err := r.Refill(values, err)
		if err != nil {
			return err
		}
		return s.conditionForm(w, r, set, values.Get("item"), form)
	}
	return r.Redirect(w, pageOf(set.Wave.ID)+"/own/"+url.PathEscape(id), r.Notice(noticeBundle, "notice.condition"))
}
