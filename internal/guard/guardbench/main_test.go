package main

import (
	"testing"

	"tekentafel/internal/guard"
	"tekentafel/internal/guard/corpus"
)

// promise is what must hold for a type.
type promise struct{ precision, recall, f1 float64 }

func promises() map[guard.Type]promise {
	checked := promise{precision: 0.99, recall: 0.999}
	contact := promise{precision: 0.98, recall: 0.99}
	return map[guard.Type]promise{
		guard.NationalNumber: checked, guard.BISNumber: checked, guard.BSN: checked, guard.PaymentCard: checked, guard.IdentityCard: checked, guard.Company: checked,
		guard.Account: checked, guard.Phone: contact, guard.Mail: contact,
		guard.Person: {f1: 0.80}, guard.Address: {f1: 0.80}, guard.Plate: {f1: 0.95}, guard.BirthDate: {f1: 0.88}, guard.Passport: {f1: 0.95}, guard.Secret: {f1: 0.98}, guard.Password: {f1: 0.95},
	}
}

func TestTheGuardFindsWhatItPromises(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edition *corpus.Edition
		seed    uint64
	}{"development": {corpus.Development(), developmentSeed}, "validation": {corpus.Validation(), validationSeed}, "held out": {corpus.HeldOut(), heldOutSeed}} {
		all, _ := measure(c.edition, c.seed, texts, nil)
		for ty, want := range promises() {
			got := all[ty]
			if got.truth < 100 {
				t.Errorf("%s: only %d of %s", name, got.truth, ty)
			}
			if got.precision() < want.precision || got.recall() < want.recall || got.f1() < want.f1 {
				t.Errorf("%s: %s has precision %.4f, recall %.4f, F1 %.4f; promised are %.3f, %.3f, %.3f", name, ty, got.precision(), got.recall(), got.f1(), want.precision, want.recall, want.f1)
			}
		}
	}
}

func TestScoresCountWhatLeaves(t *testing.T) {
	t.Parallel()
	text := corpus.Text{Text: "0123456789 abcdefghij", Truth: []corpus.Truth{{Type: "phone", Start: 0, End: 10}, {Type: "person", Start: 11, End: 21}}}
	all := scores{}
	all.add(text, []guard.Finding{{Type: guard.Phone, Start: 0, End: 7}, {Type: guard.Person, Start: 11, End: 15}, {Type: guard.Person, Start: 16, End: 21}}, nil)
	if p := all[guard.Phone]; p.truth != 1 || p.found != 0 || p.findings != 1 || p.right != 1 {
		t.Errorf("seven of ten digits: %+v", p)
	}
	if p := all[guard.Person]; p.found != 1 || p.right != 2 {
		t.Errorf("a name in two pieces: %+v", p)
	}
	all.add(text, []guard.Finding{{Type: guard.Mail, Start: 0, End: 10}}, nil)
	if p := all[guard.Mail]; p.findings != 1 || p.right != 0 || p.precision() != 0 || p.f1() != 0 {
		t.Errorf("a wrong type: %+v", p)
	}
}
