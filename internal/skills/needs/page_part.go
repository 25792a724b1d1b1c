package needs

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// partField is a field of the form of a part: a text in four languages, a choice, a number, or one line.
type partField struct {
	field  ui.Field
	texts  []ui.Field
	choice ui.Choice
	number bool
}

// partView is the form in which a part is written.
type partView struct {
	words
	f          *framework.Framework // as it is written so far
	part       part
	version    int64 // of the draft
	fields     []partField
	form       *ui.FormState
	restorable string // what can be put back, in words; "" for nothing
}

func (s *Service) askPart(w http.ResponseWriter, r *web.Request) error {
	return s.partForm(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) partForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	d, err := s.Draft(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	f, err := s.Written(d)
	if err != nil {
		return errNotWritten(err)
	}
	v := partView{words: wordsOf(r), f: f, version: d.Version, form: form}
	if v.part, err = v.find(f, r.PathValue("part")); err != nil {
		return err
	}
	v.fields = v.fieldsOf()
	for _, x := range framework.Diff(s.Base, f) {
		if v.part.holdsKey(x.Key) {
			v.restorable = v.say("part.restore-text")
		}
	}
	if rule, ok := strings.CutPrefix(v.part.code, "rule."); ok && v.restorable == "" && rule != "new" {
		v.restorable = v.say("part.remove-text")
	}
	if rule, ok := strings.CutPrefix(v.part.code, "rule."); ok && !hasRule(s.Base, rule) && rule != "new" {
		v.restorable = v.say("part.remove-text")
	}
	p := below(r, v.part.title, v.link("framework.tab", frameworkAt), v.link("framework.edit", frameworkAt+"/edit"))
	p.Lead, p.Status, p.Invalid = v.say("part.lead"), status, !form.OK()
	return r.Show(w, p, partPage(v))
}

func hasRule(f *framework.Framework, id string) bool {
	return slices.ContainsFunc(f.Rules, func(r framework.Rule) bool { return r.ID == id })
}

func (v partView) restoreDo() string {
	if v.restorable == v.say("part.remove-text") {
		return v.say("part.remove")
	}
	return v.say("part.restore")
}

func (v partView) restoreTitle() string {
	if v.restorable == v.say("part.remove-text") {
		return v.say("part.remove")
	}
	return v.say("part.restore-title")
}

// text is a field for a text in four languages. Several texts stand one a line in each language.
func (v partView) text(name, label, hint string, value func(framework.Lang) string, rows int) partField {
	out := partField{field: ui.Field{Name: name, Label: label, Hint: hint}}
	for _, l := range framework.Languages() {
		out.texts = append(out.texts, ui.Field{Name: name + "." + string(l), Label: v.say("language." + string(l)), Value: value(l), Rows: rows})
	}
	return out
}

func (v partView) plain(key string, t framework.Text, rows int) partField {
	return v.text("text:"+key, v.labelOf(key), "", func(l framework.Lang) string { return t[l] }, rows)
}

// labelOf names a text by its key, without what the title of the page says already.
func (v partView) labelOf(key string) string {
	segments := strings.Split(key, ".")
	last := segments[len(segments)-1]
	label := v.named(v.f, v.f, nil, last)
	if what, _, _ := strings.Cut(v.part.code, "."); len(segments) > 2 && (what == "general" || what == "factors" || what == "skill") {
		list := segments[len(segments)-3]
		if list != "skills" {
			return v.named(v.f, v.f, []string{list}, segments[len(segments)-2]) + ": " + v.Inside(label)
		}
	}
	return label
}

// fieldsOf are the fields of the form.
func (v partView) fieldsOf() []partField {
	what, rest, _ := strings.Cut(v.part.code, ".")
	var out []partField
	texts := textsOf(v.f)
	switch what {
	case "general", "factors", "skill", "level":
		for _, key := range v.f.Texts() {
			if v.part.holdsKey(key) {
				rows := 2
				if key == "source" {
					rows = 8
				}
				out = append(out, v.plain(key, texts[key], rows))
			}
		}
	}
	switch what {
	case "level":
		skill, id, _ := strings.Cut(rest, ".")
		l := levelWith(v.f, skill, id)
		out = append(out, v.text("behaviours", v.say("key.of-behaviours"), v.say("part.behaviours-hint"), func(lang framework.Lang) string { return joined(l.Behaviours, lang) }, 6))
		for _, work := range []string{"office", "field"} {
			step := stepOf(l, work)
			out = append(out, v.text("step."+work, v.say("part."+work+"-step"), "", func(lang framework.Lang) string { return step.Text[lang] }, 2),
				partField{number: true, field: ui.Field{Name: "minutes." + work, Label: v.say("part." + work + "-minutes"), Value: itoa(step.Minutes), Chars: 4, Suffix: v.say("part.minutes")}})
		}
	case "everyone":
		out = append(out, v.askFields(v.f.Everyone, false)...)
	case "rule":
		rule := &framework.Rule{}
		for i := range v.f.Rules {
			if v.f.Rules[i].ID == rest {
				rule = &v.f.Rules[i]
			}
		}
		out = append(out, v.text("name", v.say("key.of-name"), "", func(l framework.Lang) string { return rule.Name[l] }, 1), v.text("question", v.say("key.of-question"), v.say("part.question-hint"), func(l framework.Lang) string { return rule.Question[l] }, 2),
			v.text("help", v.say("key.of-help"), v.say("part.help-hint"), func(l framework.Lang) string { return rule.Help[l] }, 2), v.text("words", v.say("key.of-words"), v.say("part.words-hint"), func(l framework.Lang) string { return strings.Join(rule.Words[l], ", ") }, 3))
		out = append(out, v.askFields(rule.Asks, true)...)
	}
	return out
}

// askFields are the levels that are asked, with why.
func (v partView) askFields(asks []framework.Ask, optional bool) []partField {
	var out []partField
	for i := range v.f.Skills {
		s := &v.f.Skills[i]
		a := framework.Ask{}
		for _, x := range asks {
			if x.Skill == s.ID {
				a = x
			}
		}
		options := bare(v.levels(v.f, v.say("part.asks-nothing")))
		if !optional {
			options = options[1:]
		}
		out = append(out, partField{choice: ui.Choice{Field: ui.Field{Name: "ask." + s.ID, Label: v.T("part.asks", i18n.Args{"skill": v.of(s.Name)})}, Chosen: []string{itoa(a.Level)}, Options: options}},
			v.text("why."+s.ID, v.T("part.why", i18n.Args{"skill": v.of(s.Name)}), "", func(l framework.Lang) string { return a.Reason[l] }, 2))
	}
	return out
}

// textsOf returns every text of a framework by its key.
func textsOf(f *framework.Framework) map[string]framework.Text {
	out := map[string]framework.Text{}
	for _, d := range framework.Diff(&framework.Framework{}, f) {
		at := strings.LastIndexByte(d.Key, '.')
		if at < 0 || !slices.Contains(framework.Languages(), framework.Lang(d.Key[at+1:])) {
			continue
		}
		key := d.Key[:at]
		if out[key] == nil {
			out[key] = framework.Text{}
		}
		out[key][framework.Lang(d.Key[at+1:])] = d.After
	}
	return out
}

func joined(list []framework.Text, l framework.Lang) string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i][l]
	}
	return strings.Join(out, "\n")
}

func levelWith(f *framework.Framework, skill, id string) *framework.Level {
	if s := f.Skill(skill); s != nil {
		for i := range s.Levels {
			if s.Levels[i].ID == id {
				return &s.Levels[i]
			}
		}
	}
	return &framework.Level{}
}

func stepOf(l *framework.Level, work string) framework.Step {
	if work == "field" {
		return l.Next.Field
	}
	return l.Next.Office
}

func (s *Service) putPart(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	code := r.PathValue("part")
	err = s.Write(r.Context(), r.Actor, numberOf(form.Get("draft")), func(c *framework.Change) error {
		f, err := s.Written(Draft{Change: c})
		if err != nil {
			return errNotWritten(err)
		}
		if _, err := wordsOf(r).find(f, code); err != nil {
			return err
		}
		p := &partWriter{base: s.Base, f: f, change: c, values: form, form: problem.Form{Bundle: locale()}}
		p.write(code)
		if err := p.form.Err(); err != nil {
			return err
		}
		return p.refused(s.Written(Draft{Change: c}))
	})
	if conflict(err) {
		return r.Redirect(w, frameworkAt+"/edit/"+url.PathEscape(code), &web.Notice{Bundle: noticeBundle, Key: "notice.changed", Bad: true})
	}
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.partForm(w, r, status, state) })
	}
	return r.Redirect(w, frameworkAt+"/edit", notice(r, "written"))
}

// restorePart puts a part back to what the product says, or takes away a rule that the product does not have.
func (s *Service) restorePart(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	code := r.PathValue("part")
	err = s.Write(r.Context(), r.Actor, numberOf(form.Get("draft")), func(c *framework.Change) error {
		f, err := s.Written(Draft{Change: c})
		if err != nil {
			return errNotWritten(err)
		}
		p, err := wordsOf(r).find(f, code)
		if err != nil {
			return err
		}
		restore(s.Base, f, c, p)
		return nil
	})
	if conflict(err) {
		return r.Redirect(w, frameworkAt+"/edit/"+url.PathEscape(code), &web.Notice{Bundle: noticeBundle, Key: "notice.changed", Bad: true})
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, frameworkAt+"/edit", notice(r, "restored"))
}

// restore takes out of a change what it says of a part.
func restore(base, f *framework.Framework, c *framework.Change, p part) {
	maps.DeleteFunc(c.Texts, func(key string, _ framework.Text) bool { return p.holdsKey(key) })
	what, rest, _ := strings.Cut(p.code, ".")
	switch what {
	case "level":
		delete(c.Behaviours, rest)
		delete(c.Steps, rest+".office")
		delete(c.Steps, rest+".field")
	case "everyone":
		c.Everyone = nil
	case "rule":
		rules := slices.Clone(f.Rules)
		at := slices.IndexFunc(rules, func(r framework.Rule) bool { return r.ID == rest })
		was := slices.IndexFunc(base.Rules, func(r framework.Rule) bool { return r.ID == rest })
		same := was >= 0 && at >= 0 && len(framework.Diff(&framework.Framework{Rules: base.Rules[was : was+1]}, &framework.Framework{Rules: rules[at : at+1]})) == 0
		switch {
		case at < 0:
		case was < 0 || same: // one that the product does not have, or that says what the product says: it goes
			rules = slices.Delete(rules, at, at+1)
		default:
			rules[at] = base.Rules[was]
		}
		c.Rules = rules
	}
}

// partWriter writes the form of a part into a change.
type partWriter struct {
	base   *framework.Framework
	f      *framework.Framework // as it is written so far
	change *framework.Change
	values url.Values
	form   problem.Form
}

// text reads a text in four languages. Every language, or for an optional one none, must say something.
func (p *partWriter) text(name string, optional bool) framework.Text {
	out := framework.Text{}
	for _, l := range framework.Languages() {
		if s := inOneLine(p.values.Get(name + "." + string(l))); s != "" {
			out[l] = s
		}
	}
	if len(out) == 0 && optional {
		return nil
	}
	for _, l := range framework.Languages() {
		if out[l] == "" {
			p.form.Wrong(name+"."+string(l), "field.text", nil)
		}
	}
	return out
}

// inOneLine takes line breaks and double spaces out of a text. Spaces that do not break stay: French wants them.
func inOneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }), " ")
}

func (p *partWriter) write(code string) {
	what, rest, _ := strings.Cut(code, ".")
	if p.change.Texts == nil {
		p.change.Texts = map[string]framework.Text{}
	}
	now := textsOf(p.f)
	for _, key := range p.f.Texts() {
		if !(part{code: code}).holdsKey(key) || what == "rule" || what == "everyone" {
			continue
		}
		if t := p.text("text:"+key, false); !maps.Equal(t, now[key]) {
			p.change.Texts[key] = t
		}
	}
	switch what {
	case "level":
		p.level(rest)
	case "everyone":
		p.change.Everyone = p.asks(false)
	case "rule":
		p.rule(rest)
	}
}

func (p *partWriter) level(at string) {
	skill, id, _ := strings.Cut(at, ".")
	l := levelWith(p.f, skill, id)
	var behaviours []framework.Text
	for _, lang := range framework.Languages() {
		i := 0
		for line := range strings.Lines(p.values.Get("behaviours." + string(lang))) {
			line = inOneLine(line)
			if line == "" {
				continue
			}
			if i == len(behaviours) {
				behaviours = append(behaviours, framework.Text{})
			}
			behaviours[i][lang] = line
			i++
		}
	}
	for _, b := range behaviours {
		for _, lang := range framework.Languages() {
			if b[lang] == "" {
				p.form.Wrong("behaviours."+string(lang), "field.behaviours", nil)
			}
		}
	}
	if !slices.EqualFunc(behaviours, l.Behaviours, func(a, b framework.Text) bool { return maps.Equal(a, b) }) {
		if p.change.Behaviours == nil {
			p.change.Behaviours = map[string][]framework.Text{}
		}
		p.change.Behaviours[at] = behaviours
	}
	for _, work := range []string{"office", "field"} {
		was := stepOf(l, work)
		step := framework.Step{Text: p.text("step."+work, false), Place: was.Place}
		n, err := strconv.Atoi(p.values.Get("minutes." + work))
		if step.Minutes = n; err != nil || n < 5 || n > 60 {
			p.form.Wrong("minutes."+work, "field.minutes", nil)
		}
		if !maps.Equal(step.Text, was.Text) || step.Minutes != was.Minutes {
			if p.change.Steps == nil {
				p.change.Steps = map[string]framework.Step{}
			}
			p.change.Steps[at+"."+work] = step
		}
	}
}

// asks reads the levels that are asked.
func (p *partWriter) asks(optional bool) []framework.Ask {
	out := []framework.Ask{}
	for i := range p.f.Skills {
		id := p.f.Skills[i].ID
		n, err := strconv.Atoi(p.values.Get("ask." + id))
		if err != nil || n < 0 || n > framework.MostLevels || n == 0 && !optional {
			p.form.Wrong("ask."+id, "field.choice", nil)
			continue
		}
		if n > 0 {
			out = append(out, framework.Ask{Skill: id, Level: n, Reason: p.text("why."+id, false)})
		}
	}
	return out
}

func (p *partWriter) rule(id string) {
	rule := framework.Rule{ID: id, Name: p.text("name", false), Question: p.text("question", false), Help: p.text("help", true), Asks: p.asks(true)}
	if len(rule.Asks) == 0 {
		p.form.Wrong("ask."+p.f.Skills[0].ID, "field.rule-asks", nil)
	}
	for _, l := range framework.Languages() {
		for w := range strings.SplitSeq(p.values.Get("words."+string(l)), ",") {
			if w = strings.TrimSpace(w); w != "" {
				if rule.Words == nil {
					rule.Words = map[framework.Lang][]string{}
				}
				rule.Words[l] = append(rule.Words[l], w)
			}
		}
	}
	rules := slices.Clone(p.f.Rules)
	if at := slices.IndexFunc(rules, func(r framework.Rule) bool { return r.ID == id }); at >= 0 {
		rules[at] = rule
	} else {
		rule.ID = p.freeID(rule.Name[framework.NL])
		rules = append(rules, rule)
	}
	p.change.Rules = rules
}

// freeID makes an id for a new rule out of its name.
func (p *partWriter) freeID(name string) string {
	id := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		default:
			return '-'
		}
	}, strings.ToLower(name)), "-0123456789")
	id = cmp.Or(strings.Trim(id[:min(len(id), 30)], "-"), "rule")
	if id == "new" {
		id = "rule"
	}
	for n := 2; hasRule(p.f, id) || hasRule(p.base, id); n++ {
		id = strings.TrimRight(id, "-0123456789") + "-" + itoa(n)
	}
	return id
}
