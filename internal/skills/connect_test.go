package skills

import (
	"context"
	"errors"
	"testing"

	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/items"
	"tekentafel/internal/skills/needs"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/skills/own"
	"tekentafel/internal/tenant"
)

// Package needs is what it is connected to.
var (
	_ Map            = (*needs.Service)(nil)
	_ own.Frameworks = (*needs.Service)(nil)
	_ own.Offers     = (*needs.Service)(nil)
	_ own.Offers     = (*items.Service)(nil)
	_ own.Materials  = (*items.Service)(nil)
	_ own.Gifts      = (*items.Service)(nil)
)

type fakeMap struct {
	list  []demand.Need
	known bool
	err   error
}

func (f fakeMap) For(context.Context, tenant.ID, string, string) ([]demand.Need, bool, error) {
	return f.list, f.known, f.err
}

func TestPeopleAreToldWhatSomebodyDecidedAndNotWhatRulesPropose(t *testing.T) {
	t.Parallel()
	text := framework.Text{framework.NL: "Je werkt met gegevens van mensen."}
	reasons := []framework.Reason{{Rule: "personal", Level: 3, Text: text}, {Rule: "", Level: 2, Text: framework.Text{framework.NL: "Iedereen"}}}
	list := []demand.Need{
		{Required: framework.Required{Skill: "ethical", Level: 3, Proposed: 3, Reasons: reasons}, Set: true},
		{Required: framework.Required{Skill: "critical", Level: 4, Proposed: 3, Reasons: reasons, Override: &framework.Override{}}, Set: true, Reason: "Because of An, who made a mistake."},
		{Required: framework.Required{Skill: "creative", Level: 2, Proposed: 2, Reasons: reasons}},
	}
	got, ok, err := FromMap(fakeMap{list: list, known: true}).Required(t.Context(), "ours", "f", "u")
	if err != nil || !ok || len(got) != 2 {
		t.Fatalf("%+v, %v, %v", got, ok, err)
	}
	if n := got["ethical"]; n.Level != 3 || len(n.Reasons) != 1 || n.Reasons[0].In(framework.NL) != text.In(framework.NL) {
		t.Errorf("ethical: %+v", n)
	}
	if n := got["critical"]; n.Level != 4 || len(n.Reasons) != 0 {
		t.Errorf("critical: %+v", n)
	}
	if _, ok, err := FromMap(fakeMap{list: list[2:], known: true}).Required(t.Context(), "ours", "f", "u"); ok || err != nil {
		t.Errorf("a proposal is told as asked: %v", err)
	}
	if _, ok, err := FromMap(fakeMap{list: list}).Required(t.Context(), "ours", "f", "u"); ok || err != nil {
		t.Errorf("a function that is not there asks something: %v", err)
	}
	broken := errors.New("broken")
	if _, _, err := FromMap(fakeMap{err: broken}).Required(t.Context(), "ours", "f", "u"); !errors.Is(err, broken) {
		t.Error(err)
	}
}
