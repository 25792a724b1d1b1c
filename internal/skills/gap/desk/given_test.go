package desk

import (
	"context"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/asked"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/gap"
)

// tuned are items of which the parameters are adopted anew.
type tuned struct{ revision int64 }

func (t *tuned) Banks(context.Context, db.Reader) ([]*framework.Bank, error) { return asked.Banks() }
func (t *tuned) Revision(context.Context, db.Reader) (int64, error)          { return t.revision, nil }

func TestOtherFeaturesReadWhatTheirActorMayRead(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	parameters := &tuned{3}
	s.Parameters = parameters
	s.add(wave(t, "r1", "s1", 600, 7))
	s.add(wave(t, "r2", "s2", 600, 7))
	s.asks("r1")
	if g, ok, err := s.Gap(t.Context(), hr(), "r1"); !ok || err != nil || g.Whole == nil {
		t.Errorf("%v %v", ok, err)
	}
	for who, report := range map[access.Role]string{access.Manager: "r1", access.HR: "r2", access.DPO: "nothing"} {
		if _, ok, err := s.Gap(t.Context(), person(dbtest.Ours, who), report); ok || err != nil {
			t.Errorf("%s reads %s: %v", who, report, err)
		}
	}
	if _, ok, err := s.Gap(t.Context(), person(dbtest.Theirs, access.HR), "r1"); ok || err != nil {
		t.Errorf("another organisation reads it: %v", err)
	}
	if names, err := s.SkillNames(t.Context(), dbtest.Ours); err != nil || len(names) != 5 || names["critical"][instrument.FR] == names["critical"][instrument.NL] {
		t.Errorf("%v %v", names, err)
	}
	names, err := s.GroupNames(t.Context(), dbtest.Ours, "r1", instrument.FR)
	if err != nil || names[gap.ByFunction]["policy"] != "Politiques publiques" || names[gap.ByDepartment]["u-burgerzaken"] != "Departement Burgerzaken" || names[gap.ByDepartment]["u-haven"] != "" {
		t.Errorf("%v %v", names, err)
	}
	// Adopted parameters make a result out of date.
	s.get("hr", home+"/r1").wants(200).silent("Sindsdien veranderde")
	parameters.revision = 4
	s.get("hr", home+"/r1").wants(200, "de ijking van de toets")
}
