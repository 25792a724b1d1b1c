package needs

import (
	"net/http"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// A part is what of a framework is written on one page: "general", "everyone", "factors", "skill.critical", "level.critical.basis",
// "rule.citizens".
type part struct {
	code, title string
	changed     bool // it says something else than the framework of the product
}

type partGroup struct {
	id, title string
	parts     []part
}

// step writes a next step with how long it takes.
func (w words) step(s framework.Step) string {
	return w.T("part.step-text", i18n.Args{"text": w.of(s.Text), "minutes": w.Int(s.Minutes)})
}

// partsOf lists the parts of a framework, in groups.
func (w words) partsOf(f *framework.Framework) []partGroup {
	general := partGroup{id: "general", title: w.say("parts.general"), parts: []part{{code: "general", title: w.say("part.general")}, {code: "factors", title: w.say("factors.title")}}}
	rules := partGroup{id: "rules", title: w.say("parts.rules"), parts: []part{{code: "everyone", title: w.say("framework.everyone")}}}
	for i := range f.Rules {
		rules.parts = append(rules.parts, part{code: "rule." + f.Rules[i].ID, title: w.of(f.Rules[i].Name)})
	}
	out := []partGroup{general, rules}
	for i := range f.Skills {
		s := &f.Skills[i]
		g := partGroup{id: "skill-" + s.ID, title: w.of(s.Name), parts: []part{{code: "skill." + s.ID, title: w.say("part.skill")}}}
		for j := range s.Levels {
			g.parts = append(g.parts, part{code: "level." + s.ID + "." + s.Levels[j].ID, title: w.level(f, j+1)})
		}
		out = append(out, g)
	}
	return out
}

// find returns a part by its code; rule.new is one that is not there yet.
func (w words) find(f *framework.Framework, code string) (part, error) {
	if code == "rule.new" {
		return part{code: code, title: w.say("parts.new-rule")}, nil
	}
	for _, g := range w.partsOf(f) {
		for _, p := range g.parts {
			if p.code == code {
				if strings.HasPrefix(code, "level.") || strings.HasPrefix(code, "skill.") {
					p.title = g.title + ": " + p.title
				}
				return p, nil
			}
		}
	}
	return part{}, db.ErrNoRow
}

// holdsKey tells whether a text of a framework, by its key in framework.Texts or framework.Diff, stands on the page of a part.
func (p part) holdsKey(key string) bool {
	what, rest, _ := strings.Cut(p.code, ".")
	switch what {
	case "general":
		return key == "title" || key == "source" || strings.HasPrefix(key, "title.") || strings.HasPrefix(key, "source.") || strings.HasPrefix(key, "levels.")
	case "factors", "everyone":
		return strings.HasPrefix(key, what+".")
	case "rule":
		return strings.HasPrefix(key, "rules."+rest+".")
	case "skill":
		return strings.HasPrefix(key, "skills."+rest+".") && !strings.HasPrefix(key, "skills."+rest+".levels.")
	case "level":
		skill, level, _ := strings.Cut(rest, ".")
		return strings.HasPrefix(key, "skills."+skill+".levels."+level+".")
	}
	return false
}

// partsView lists what of a framework can be written otherwise.
type partsView struct {
	words
	groups []partGroup
	draft  bool
	count  int // of differences with what holds
}

func (s *Service) parts(w http.ResponseWriter, r *web.Request) error {
	d, err := s.Draft(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	f, err := s.Written(d)
	if err != nil {
		return errNotWritten(err)
	}
	now, err := s.Framework(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	v := partsView{words: wordsOf(r), draft: d.Version > 0}
	v.groups = v.partsOf(f)
	v.count = len(v.differences(now, f).Rows)
	differences := framework.Diff(s.Base, f)
	for i := range v.groups {
		for j := range v.groups[i].parts {
			p := &v.groups[i].parts[j]
			for _, x := range differences {
				p.changed = p.changed || p.holdsKey(x.Key)
			}
		}
	}
	p := below(r, v.say("framework.edit"), v.link("framework.tab", frameworkAt))
	p.Lead = v.say("parts.lead")
	return r.Show(w, p, partsPage(v))
}

func (v partsView) actions() []ui.Action {
	return []ui.Action{{Label: v.say("publish.look"), Href: frameworkAt + "/publish"}, {Label: v.say("throw-away.do"), Href: frameworkAt + "/throw-away", Kind: ui.Quiet}}
}

// placeIn writes the key of a place in a framework as one reads it: "Kritisch, Aan de slag, wat het betekent (fr)".
func (w words) placeIn(b, a *framework.Framework, key string) string {
	segments := strings.Split(key, ".")
	var out []string
	lang := ""
	for i, s := range segments {
		if i == len(segments)-1 {
			for _, l := range framework.Languages() {
				if string(l) == s {
					lang = s
				}
			}
			if lang != "" {
				continue
			}
		}
		if name := w.named(b, a, segments[:i], s); name != "" {
			out = append(out, name)
		}
	}
	text := strings.Join(out, ", ")
	if lang != "" {
		text += " (" + lang + ")"
	}
	return text
}

// named names a segment of a key, by what stands before it; "" for one that says nothing to a reader.
func (w words) named(b, a *framework.Framework, before []string, segment string) string {
	list := ""
	if len(before) > 0 {
		list = before[len(before)-1]
	}
	for _, f := range []*framework.Framework{b, a} {
		switch list {
		case "skills", "asks", "everyone":
			if s := f.Skill(segment); s != nil {
				return w.of(s.Name)
			}
		case "levels":
			for i := range f.Levels {
				if f.Levels[i].ID == segment {
					return w.level(f, i+1)
				}
			}
		case "rules":
			for i := range f.Rules {
				if f.Rules[i].ID == segment {
					return w.of(f.Rules[i].Name)
				}
			}
		case "factors":
			for i := range f.Factors {
				if f.Factors[i].ID == segment {
					return w.of(f.Factors[i].Name)
				}
			}
		case "areas":
			for i := range f.Skills {
				for _, x := range f.Skills[i].Areas {
					if x.ID == segment {
						return w.of(x.Name)
					}
				}
			}
		}
	}
	if key := "key.of-" + segment; w.Has(key) {
		return w.say(key)
	}
	if segment == "skills" || segment == "levels" || segment == "next" {
		return ""
	}
	return segment
}
