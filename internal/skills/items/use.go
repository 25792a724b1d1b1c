package items

import (
	"context"
	"maps"
	"slices"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/items/tune"
	"tekentafel/internal/tenant"
)

// mostKept bounds for how many organisations material is kept in memory; one takes about 2 MB.
const mostKept = 24

// inUse is what an organisation uses: never changed.
type inUse struct {
	version  *Version
	material *check.Material
}

// usedBy returns what is in use for what r sees.
func (s *Service) usedBy(ctx context.Context, r db.Reader) (inUse, error) {
	number, err := numberOf(ctx, r)
	if err != nil {
		return inUse{}, err
	}
	if number == 0 {
		return inUse{&Version{PutsBack: -1}, s.Material}, nil
	}
	s.mu.Lock()
	known, found := s.kept[r.Tenant()]
	s.mu.Unlock()
	if found && known.version.Number == number {
		return known, nil
	}
	v, err := versionOf(ctx, r, number)
	if err != nil {
		return inUse{}, err
	}
	out := inUse{version: &v}
	if out.material, err = s.Material.Using(tunedBy(&v)); err != nil {
		return inUse{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, found := s.kept[r.Tenant()]; !found && len(s.kept) >= mostKept {
		for other := range s.kept {
			delete(s.kept, other)
			break
		}
	}
	s.kept[r.Tenant()] = out
	return out, nil
}

// tunedBy is a version as the check takes it.
func tunedBy(v *Version) map[string]check.Tuned {
	out := map[string]check.Tuned{}
	for id, p := range v.Parameters {
		out[id] = check.Tuned{Mark: p.Mark, Parameters: framework.Parameters{A: p.A, B: p.B, C: p.C}}
	}
	return out
}

// MaterialOf returns what checks of an organisation ask, with the parameters in use. Nobody changes it.
func (s *Service) MaterialOf(ctx context.Context, t tenant.ID) (*check.Material, error) {
	u, err := s.usedBy(ctx, s.DB.Of(t))
	return u.material, err
}

// Revision is the number of the version in use; 0 for the guesses. What was computed with parameters is outdated when it differs.
func (s *Service) Revision(ctx context.Context, r db.Reader) (int64, error) { return numberOf(ctx, r) }

// Banks returns the banks with the parameters in use, one a skill in the order of the framework, for what waves asked. Nobody changes them.
func (s *Service) Banks(ctx context.Context, r db.Reader) ([]*framework.Bank, error) {
	u, err := s.usedBy(ctx, r)
	if err != nil {
		return nil, err
	}
	return banksOf(u.material), nil
}

func banksOf(m *check.Material) []*framework.Bank {
	var out []*framework.Bank
	for i := range m.Items {
		it := &m.Items[i]
		if n := len(out); n == 0 || out[n-1].Skill != it.Skill {
			out = append(out, &framework.Bank{Skill: it.Skill, Version: it.Version})
		}
		last := out[len(out)-1]
		last.Items = append(last.Items, it.Item)
	}
	return out
}

// Bounds of the note with a version, in characters.
const mostNote = 500

func noteOf(text string) (string, error) {
	form := problem.Form{Bundle: locale()}
	text = contact.Line(text)
	if utf8.RuneCountInString(text) > mostNote {
		form.Wrong("note", "field.note", i18n.Args{"most": itoa(mostNote)})
	}
	return text, form.Err()
}

// Adopt takes a calibration in use: the items that it calibrated get its parameters, the others keep theirs. It returns the number of the version. A problem of kind Conflict
// says that other parameters came into use since it was computed, or that it changes nothing.
func (s *Service) Adopt(ctx context.Context, actor access.Actor, calibration, note string, ask asked.Request) (number int64, err error) {
	if err := allow(actor, writes); err != nil {
		return 0, err
	}
	if note, err = noteOf(note); err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		number, err = asked.Once(ctx, tx, s.Now, ask, func() (int64, error) {
			c, err := calibrationOf(ctx, tx.Reader, calibration)
			if err != nil {
				return 0, err
			}
			if c.Result.Count(tune.Calibrated) == 0 {
				return 0, refuse(problem.Conflict, "error.nothing", nil)
			}
			was, err := s.head(ctx, tx.Reader)
			if err != nil {
				return 0, err
			}
			if was.Number != c.Base {
				return 0, refuse(problem.Conflict, "error.outdated", nil)
			}
			v := Version{Number: was.Number + 1, At: s.Now(), Account: actor.Owner, Note: note, Calibration: c.ID, PutsBack: -1, Synthetic: c.Synthetic, Parameters: maps.Clone(was.Parameters)}
			if v.Parameters == nil {
				v.Parameters = map[string]Parameter{}
			}
			for i := range c.Result.Items {
				if it := &c.Result.Items[i]; it.Verdict == tune.Calibrated {
					v.Parameters[it.ID] = Parameter{Mark: it.Mark, A: it.New.A, B: it.New.B, C: it.New.C, SlopeSE: it.SlopeSE, SE: it.SE, N: it.N, Since: v.Number}
				}
			}
			return v.Number, s.use(ctx, tx, actor, &v, "skill-items.adopted", c.ID)
		})
		return err
	})
	return number, err
}

// PutBack takes the parameters of an earlier version in use again, 0 being the guesses, as a version of its own. A problem of kind Conflict says
// that it is the one in use.
func (s *Service) PutBack(ctx context.Context, actor access.Actor, earlier int64, ask asked.Request) (number int64, err error) {
	if err := allow(actor, writes); err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		number, err = asked.Once(ctx, tx, s.Now, ask, func() (int64, error) {
			was, err := s.head(ctx, tx.Reader)
			if err != nil {
				return 0, err
			}
			if earlier >= was.Number || earlier < 0 {
				return 0, refuse(problem.Conflict, "error.in-use", nil)
			}
			old, err := versionOf(ctx, tx.Reader, earlier)
			if err != nil {
				return 0, err
			}
			v := Version{Number: was.Number + 1, At: s.Now(), Account: actor.Owner, PutsBack: earlier, Synthetic: old.Synthetic, Parameters: old.Parameters}
			if v.Parameters == nil {
				v.Parameters = map[string]Parameter{}
			}
			return v.Number, s.use(ctx, tx, actor, &v, "skill-items.put-back", itoa(earlier))
		})
		return err
	})
	return number, err
}

// head is the version in use.
func (s *Service) head(ctx context.Context, r db.Reader) (Version, error) {
	number, err := numberOf(ctx, r)
	if err != nil {
		return Version{}, err
	}
	return versionOf(ctx, r, number)
}

// use makes a version the one in use, unless the check cannot take its parameters.
func (s *Service) use(ctx context.Context, tx *db.Scope, actor access.Actor, v *Version, action, subject string) error {
	if _, err := s.Material.Using(tunedBy(v)); err != nil {
		return err
	}
	if err := insertVersion(ctx, tx, v); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: action, Subject: subject})
}

// Versions lists the versions, the newest first.
func (s *Service) Versions(ctx context.Context, actor access.Actor) ([]Version, error) {
	if err := allow(actor, reads); err != nil {
		return nil, err
	}
	return versions(ctx, s.DB.Of(actor.Tenant))
}

// historyOf tells of each version, the oldest first, whose parameters of an item differ from those before; nil parameters are the guess.
func historyOf(list []Version, item string) []step {
	var out []step
	list = slices.Clone(list)
	slices.Reverse(list)
	var was *Parameter
	for i := range list {
		p, known := list[i].Parameters[item]
		var now *Parameter
		if known {
			now = &p
		}
		if (now == nil) != (was == nil) || now != nil && (now.A != was.A || !slices.Equal(now.B, was.B)) {
			out = append(out, step{&list[i], now})
		}
		was = now
	}
	return out
}

// step is a version in which an item got other parameters; nil for the guess.
type step struct {
	version   *Version
	parameter *Parameter
}
