package needs

import (
	"context"
	"maps"
	"slices"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

// answerWishes are the wishes that answer rules: demand.Yes, No or Unknown by id of the rule; "" leaves it to the family, or to what is
// proposed.
func answerWishes(f *framework.Framework, where framework.Where, answers map[string]string) ([]demand.Wish, error) {
	form := problem.Form{Bundle: locale()}
	var out []demand.Wish
	for _, rule := range slices.Sorted(maps.Keys(answers)) {
		value := demand.Value{Value: answers[rule], How: demand.Chosen}
		switch answers[rule] {
		case demand.Yes, demand.No, demand.Unknown:
		case "":
			value = demand.Value{}
		default:
			form.Wrong("rule-"+rule, "field.choice", nil)
			continue
		}
		if !slices.ContainsFunc(f.Rules, func(r framework.Rule) bool { return r.ID == rule }) {
			form.Wrong("rule-"+rule, "field.rule", nil)
			continue
		}
		out = append(out, demand.Wish{Key: demand.Key{Kind: demand.Answer, Where: where, Item: rule}, Value: value})
	}
	return out, form.Err()
}

// SetAnswers answers rules about a function or a family: demand.Yes, No or Unknown by id of the rule, or "" to leave it to the family
// or to what is proposed. At is the number of the last change when it was read.
func (s *Service) SetAnswers(ctx context.Context, actor access.Actor, x Subject, answers map[string]string, at int64, ask asked.Request) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	m, err := s.known(ctx, s.DB.Of(actor.Tenant), x.Where())
	if err != nil {
		return 0, err
	}
	wishes, err := answerWishes(m.Framework, x.Where(), answers)
	if err != nil {
		return 0, err
	}
	for i := range wishes { // who confirms what was taken over, leaves it as it was taken over
		if v := m.State.Of(wishes[i].Key); v.Value.Value == wishes[i].Value.Value && wishes[i].Value.Value != "" {
			wishes[i].Value = v.Value
		}
	}
	return s.write(ctx, actor, edit{kind: ByAnswers, at: at, wishes: wishes, asked: ask})
}

// TakeOver makes what is proposed for a function the answer of the actor; for a family, what is proposed for each of its functions.
// What people answered stays. Nothing is answered for the family as such: its name says less than the titles do.
func (s *Service) TakeOver(ctx context.Context, actor access.Actor, x Subject, at int64) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	if x.Function == "" {
		return s.TakeOverFamily(ctx, actor, x.Family, at)
	}
	m, err := s.known(ctx, s.DB.Of(actor.Tenant), x.Where())
	if err != nil {
		return 0, err
	}
	return s.write(ctx, actor, edit{kind: ByTaking, at: at, wishes: demand.TakeOver(answersOf(m, x), x.Where())})
}

// Pending says what taking over all proposals of a family would do.
type Pending struct {
	Functions []string // ids of those with an open question
	People    int
}

func pendingOf(m *demand.Map, family string) (p Pending, wishes []demand.Wish) {
	f := m.Family(family)
	if f == nil {
		return p, nil
	}
	for _, i := range f.Rows {
		r := &m.Rows[i]
		more := demand.TakeOver(m.Answers(r.ID), framework.Where{Function: r.ID})
		if len(more) == 0 {
			continue
		}
		p.Functions = append(p.Functions, r.ID)
		p.People += r.People
		wishes = append(wishes, more...)
	}
	return p, wishes
}

// TakeOverFamily takes over what is proposed for each function of a family, "" for those without one, as one change.
func (s *Service) TakeOverFamily(ctx context.Context, actor access.Actor, family string, at int64) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	m, err := s.mapOf(ctx, s.DB.Of(actor.Tenant))
	if err != nil {
		return 0, err
	}
	if m.Family(family) == nil {
		return 0, db.ErrNoRow
	}
	_, wishes := pendingOf(m, family)
	return s.write(ctx, actor, edit{kind: ByTaking, at: at, note: family, wishes: wishes})
}

// SetLevel sets the level of a skill for whom where says, with a reason; level 0 leaves it to the rules again.
func (s *Service) SetLevel(ctx context.Context, actor access.Actor, where framework.Where, skill string, level int, reason string, at int64, ask asked.Request) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	if where.Function != "" {
		where.Family = "" // a function says more than its family
	}
	m, err := s.known(ctx, s.DB.Of(actor.Tenant), where)
	if err != nil {
		return 0, err
	}
	w, err := levelWish(m, where, skill, level, reason)
	if err != nil {
		return 0, err
	}
	return s.write(ctx, actor, edit{kind: ByLevel, at: at, wishes: []demand.Wish{w}, asked: ask})
}

func levelWish(m *demand.Map, where framework.Where, skill string, level int, reason string) (demand.Wish, error) {
	form := problem.Form{Bundle: locale()}
	if m.Framework.Skill(skill) == nil {
		form.Wrong("skill", "field.choice", nil)
	}
	if where == (framework.Where{}) {
		form.Wrong("unit", "field.nobody", nil)
	}
	w := demand.Wish{Key: demand.Key{Kind: demand.Level, Where: where, Item: skill}}
	switch {
	case level < 0 || level > framework.MostLevels:
		form.Wrong("level", "field.choice", nil)
	case level > 0:
		w.Value = demand.Value{Value: itoa(level), Note: reasonOf(&form, "reason", reason)}
	}
	return w, form.Err()
}

// FactorOf is what is recorded of a circumstance of article 4: whether it counts, and a note.
type FactorOf struct {
	Counts bool
	Note   string
}

// SetFactors records the circumstances of a function or a family, by id of the factor.
func (s *Service) SetFactors(ctx context.Context, actor access.Actor, x Subject, factors map[string]FactorOf, at int64, ask asked.Request) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	m, err := s.known(ctx, s.DB.Of(actor.Tenant), x.Where())
	if err != nil {
		return 0, err
	}
	form := problem.Form{Bundle: locale()}
	var wishes []demand.Wish
	for _, id := range slices.Sorted(maps.Keys(factors)) {
		f := factors[id]
		note := contact.Line(f.Note)
		if !slices.ContainsFunc(m.Framework.Factors, func(x framework.Factor) bool { return x.ID == id }) {
			form.Wrong("note-"+id, "field.choice", nil)
		}
		if utf8.RuneCountInString(note) > mostNote {
			form.Wrong("note-"+id, "field.note", i18n.Args{"most": itoa(mostNote)})
		}
		w := demand.Wish{Key: demand.Key{Kind: demand.Factor, Where: x.Where(), Item: id}}
		if f.Counts || note != "" {
			w.Value = demand.Value{Value: demand.Yes, Note: note}
		}
		wishes = append(wishes, w)
	}
	if err := form.Err(); err != nil {
		return 0, err
	}
	return s.write(ctx, actor, edit{kind: ByFactors, at: at, wishes: wishes, asked: ask})
}
