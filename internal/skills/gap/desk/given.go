package desk

import (
	"context"
	"errors"
	"maps"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/tenant"
)

// Gap returns the gap of a report for another feature; ok is false when there is none, or the actor may not read it. Callers do not change it.
func (s *Service) Gap(ctx context.Context, actor access.Actor, reportID string) (g *gap.Gap, ok bool, err error) {
	if !access.Can(actor, reads, access.Resource{Tenant: actor.Tenant}) {
		return nil, false, nil
	}
	r := s.DB.Of(actor.Tenant)
	v, err := rowOf(ctx, r, reportID)
	if errors.Is(err, db.ErrNoRow) || err == nil && v.file == "" {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	x, err := s.load(ctx, r, v.file)
	if errors.Is(err, gap.ErrVersion) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return x.Gap, true, nil
}

// SkillNames returns how the skills are called, by id.
func (s *Service) SkillNames(ctx context.Context, t tenant.ID) (map[string]instrument.Text, error) {
	m, err := s.Needs.Map(ctx, t)
	if err != nil {
		return nil, err
	}
	out := make(map[string]instrument.Text, len(m.Framework.Skills))
	for i := range m.Framework.Skills {
		name := instrument.Text{}
		for lang, text := range maps.All(m.Framework.Skills[i].Name) {
			name[instrument.Lang(lang)] = text
		}
		out[m.Framework.Skills[i].ID] = name
	}
	return out, nil
}

// GroupNames returns how the groups of a report's gap are called in a language, by kind and code: what gap calls a function may be an answer.
func (s *Service) GroupNames(ctx context.Context, t tenant.ID, reportID string, lang instrument.Lang) (map[gap.Kind]map[string]string, error) {
	b, err := s.boardOf(ctx, t, reportID, lang)
	if err != nil || b.x == nil {
		return nil, ignoreMissing(err)
	}
	out := map[gap.Kind]map[string]string{gap.ByDepartment: {}, gap.ByFamily: {}, gap.ByFunction: {}}
	for i := range b.x.Departments {
		out[gap.ByDepartment][b.x.Departments[i].Department] = b.name(&b.x.Departments[i])
	}
	for i := range b.x.Families {
		out[gap.ByFamily][b.x.Families[i].Family] = b.name(&b.x.Families[i])
	}
	for i := range b.x.Functions {
		out[gap.ByFunction][b.x.Functions[i].Function] = b.functionName(b.x.Functions[i].Function)
	}
	return out, nil
}
