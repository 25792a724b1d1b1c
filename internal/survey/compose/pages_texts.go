package compose

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

func (s *Service) showLevels(w http.ResponseWriter, r *web.Request) error {
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	return s.levelsForm(w, r, set, web.NewForm())
}

func (s *Service) levelsForm(w http.ResponseWriter, r *web.Request, set *Set, form *ui.FormState) error {
	it := set.Base.Item(r.PathValue("item"))
	if it == nil || it.Kind != instrument.Category {
		return notFound()
	}
	p := page(r, set, text(it.Name(), r.Lang), true)
	p.Lead = in(r.Lang).say("levels.lead")
	if p.Invalid = !form.OK(); p.Invalid {
		p.Status = http.StatusUnprocessableEntity
	}
	return r.Show(w, p, levelsPage(levelsView{set: set, item: it, w: in(r.Lang), form: form}))
}

func (s *Service) changeLevels(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	item := r.PathValue("item")
	l, err := readLevels(values, set.Given, set.Recipe.Levels[item])
	if err == nil {
		err = s.Change(r.Context(), r.Actor, set.Wave.ID, ask(r, values, "levels"), func(set *Set) error { return set.setLevels(item, l) })
	}
	if err != nil {
		form, err := r.Refill(values, err)
		if err != nil {
			return err
		}
		return s.levelsForm(w, r, set, form)
	}
	return r.Redirect(w, pageOf(set.Wave.ID)+"#lists", r.Notice(noticeBundle, "notice.levels"))
}

// typed is the choice to type levels.
const typed = "-"

// readLevels reads the form of levels: a variable of the frame, or what was typed, a level a line.
func readLevels(values url.Values, given Given, old Levels) (Levels, error) {
	r := &ownReader{Form: problem.Form{Bundle: locale()}, values: values, languages: given.Languages}
	if v := values.Get("variable"); v != typed {
		if _, known := given.Levels[v]; !known {
			r.Wrong("variable", "error.variable", nil)
		}
		return Levels{Variable: v}, r.Err()
	}
	texts := r.lines("levels", instrument.MaxOptions)
	if len(texts) < 2 {
		r.Wrong(field("levels", given.Languages[0]), "error.levels", nil)
	}
	ids := kept(texts, len(old.Typed), func(i int) (string, instrument.Text) { return old.Typed[i].ID, old.Typed[i].Label })
	taken := map[string]bool{}
	for _, id := range ids {
		taken[id] = true
	}
	out := Levels{}
	for i, t := range texts {
		id := ids[i]
		if id == "" {
			id = unused(slug(t.In(given.Languages[0])), taken)
			taken[id] = true
		}
		out.Typed = append(out.Typed, Level{ID: id, Label: t})
	}
	return out, r.Err()
}

func (s *Service) showTexts(w http.ResponseWriter, r *web.Request) error {
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	return s.textsForm(w, r, set, web.NewForm())
}

func (s *Service) textsForm(w http.ResponseWriter, r *web.Request, set *Set, form *ui.FormState) error {
	it := set.Base.Item(r.PathValue("item"))
	if it == nil || !Rewordable(it) {
		return notFound()
	}
	p := page(r, set, text(it.Name(), r.Lang), true)
	p.Lead = in(r.Lang).say("texts.lead")
	if p.Invalid = !form.OK(); p.Invalid {
		p.Status = http.StatusUnprocessableEntity
	}
	return r.Show(w, p, textsPage(textsView{set: set, texts: baseTexts(set, it), w: in(r.Lang), form: form,
		action: pageOf(set.Wave.ID) + "/texts/" + it.ID, taken: len(changedTexts(set, it.ID)) > 0}))
}

// changedTexts lists the texts of an item that have other words than in the base.
func changedTexts(set *Set, item string) []string {
	var out []string
	for key := range set.Recipe.Texts {
		if strings.HasPrefix(key, item+"/") {
			out = append(out, key)
		}
	}
	return out
}

func (s *Service) changeTexts(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	it := set.Base.Item(r.PathValue("item"))
	if it == nil || !Rewordable(it) {
		return notFound()
	}
	list := baseTexts(set, it)
	reader := &ownReader{Form: problem.Form{Bundle: locale()}, values: values, languages: set.Given.Languages}
	changed := map[string]instrument.Text{}
	for _, t := range list {
		now := reader.text(t.key, t.most, "")
		for _, l := range set.Given.Languages {
			if now[l] == t.base[l] {
				delete(now, l)
			}
		}
		changed[t.key] = now
	}
	if err = reader.Err(); err == nil {
		err = s.Change(r.Context(), r.Actor, set.Wave.ID, ask(r, values, "texts"), func(set *Set) error {
			for key, t := range changed {
				if values.Get("reset") != "" {
					t = nil
				}
				set.setText(key, t)
			}
			return nil
		})
	}
	if err != nil {
		form, err := r.Refill(values, err)
		if err != nil {
			return err
		}
		return s.textsForm(w, r, set, form)
	}
	return r.Redirect(w, pageOf(set.Wave.ID)+"#words", r.Notice(noticeBundle, "notice.texts"))
}

func (s *Service) showTranslations(w http.ResponseWriter, r *web.Request) error {
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	return s.translationsForm(w, r, set, web.NewForm())
}

func (s *Service) translationsForm(w http.ResponseWriter, r *web.Request, set *Set, form *ui.FormState) error {
	p := page(r, set, in(r.Lang).say("translations.title"), true)
	p.Lead = in(r.Lang).say("translations.lead")
	if p.Invalid = !form.OK(); p.Invalid {
		p.Status = http.StatusUnprocessableEntity
	}
	return r.Show(w, p, textsPage(textsView{set: set, texts: ownTexts(&set.Recipe, in(r.Lang)), w: in(r.Lang), form: form, marks: true,
		action: pageOf(set.Wave.ID) + "/translations"}))
}

func (s *Service) changeTranslations(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	reader := &ownReader{Form: problem.Form{Bundle: locale()}, values: values, languages: set.Given.Languages}
	now := map[string]instrument.Text{}
	for _, t := range ownTexts(&set.Recipe, in(r.Lang)) {
		missing := ""
		if t.needed {
			missing = "error.all-languages"
		}
		now[t.key] = reader.text(t.key, t.most, missing)
	}
	if err = reader.Err(); err == nil {
		err = s.Change(r.Context(), r.Actor, set.Wave.ID, ask(r, values, "translations"), func(set *Set) error {
			for _, t := range ownTexts(&set.Recipe, in(r.Lang)) {
				if words, sent := now[t.key]; sent {
					*t.at = merged(*t.at, words, set.Given.Languages)
				}
			}
			return nil
		})
	}
	if err != nil {
		form, err := r.Refill(values, err)
		if err != nil {
			return err
		}
		return s.translationsForm(w, r, set, form)
	}
	return r.Redirect(w, pageOf(set.Wave.ID)+"/translations", r.Notice(noticeBundle, "notice.translations"))
}

// merged returns a text with new words in some languages; what it has in others stays.
func merged(old, words instrument.Text, languages []instrument.Lang) instrument.Text {
	out := instrument.Text{}
	for l, s := range old {
		if !slices.Contains(languages, l) {
			out[l] = s
		}
	}
	for l, s := range words {
		out[l] = s
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
