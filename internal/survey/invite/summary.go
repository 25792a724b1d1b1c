package invite

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/survey/invite/frame"
	"tekentafel/internal/survey/wave"
)

type groupCount = frame.Count

// Summary is the frame of a wave in numbers.
type Summary struct {
	People    int
	WithMail  int
	Variables []frame.Variable
}

// Summary returns the frame in numbers. Who may not run waves sees values of at least k people alone; how many values are
// left out is in hidden, by heading.
func (s *Service) Summary(ctx context.Context, actor access.Actor, waveID string) (sum Summary, hidden map[string]int, err error) {
	w, err := s.wave(ctx, actor, access.ReadWave, waveID)
	if err != nil {
		return Summary{}, nil, err
	}
	r := s.DB.Of(actor.Tenant)
	all, err := combinations(ctx, r, waveID)
	if err != nil {
		return Summary{}, nil, err
	}
	t, err := count(ctx, r, waveID)
	if err != nil {
		return Summary{}, nil, err
	}
	sum = summarise(all)
	sum.People, sum.WithMail, hidden = t.people, t.withMail, map[string]int{}
	if !access.Can(actor, access.RunWave, access.Resource{Tenant: actor.Tenant}) {
		for i := range sum.Variables {
			v := &sum.Variables[i]
			kept := slices.DeleteFunc(slices.Clone(v.Values), func(c groupCount) bool { return c.N < w.GroupSize })
			hidden[v.Heading] = len(v.Values) - len(kept)
			v.Values = kept
		}
	}
	return sum, hidden, nil
}

// summarise counts the values of each variable. The stratum is the variable whose value is that of the stratum for everyone.
func summarise(all []combination) Summary {
	var s Summary
	if len(all) == 0 {
		return s
	}
	for _, h := range headingsOf(all[0].groups) {
		counts, stratum := map[string]int{}, true
		for _, c := range all {
			counts[c.groups[h]] += c.n
			stratum = stratum && c.stratum != "" && c.stratum == c.groups[h]
		}
		v := frame.Variable{Heading: h, Stratum: stratum}
		for value, n := range counts {
			v.Values = append(v.Values, groupCount{Value: value, N: n})
		}
		slices.SortFunc(v.Values, func(a, b groupCount) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value)) })
		s.Variables = append(s.Variables, v)
	}
	return s
}

// Overview is how a wave is being told, in numbers that do not depend on who took part.
type Overview struct {
	People   int
	WithMail int
	NotYet   int // invited neither by mail nor on paper
	ToMail   int // of those, people with an address
	Mailed   int
	Printed  int
	Back     int // invitations by mail that came back
	Refused  int // -1 while fewer than k
	MailOn   bool
}

// Overview returns how a wave is being told.
func (s *Service) Overview(ctx context.Context, actor access.Actor, waveID string) (Overview, error) {
	w, err := s.wave(ctx, actor, access.ReadWave, waveID)
	if err != nil {
		return Overview{}, err
	}
	return s.overview(ctx, s.DB.Of(actor.Tenant), &w)
}

func (s *Service) overview(ctx context.Context, r db.Reader, w *wave.Wave) (Overview, error) {
	t, err := count(ctx, r, w.ID)
	if err != nil {
		return Overview{}, err
	}
	back, err := s.back(ctx, r, w.ID)
	o := Overview{People: t.people, WithMail: t.withMail, NotYet: t.notYet, ToMail: t.toMail, Mailed: t.mailed, Printed: t.printed, Back: len(back), Refused: -1, MailOn: s.Mail.On()}
	if t.refused >= w.GroupSize {
		o.Refused = t.refused
	}
	return o, err
}

func isNoRow(err error) bool { return errors.Is(err, db.ErrNoRow) }
