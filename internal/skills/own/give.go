package own

import (
	"net/http"

	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/check"
)

// mayGive tells whether there are answers that can be given to improve the questions.
func (v *visit) mayGive() bool {
	return v.p.Gifts != nil && v.state != nil && !v.state.Gave && len(v.state.Given) >= check.LeastGift
}

// give gives the answers to the test of the check under way, to improve its questions. Which items, in which version, and what the answers count
// goes along, and nothing else; the check then carries that it gave.
func (p *Pages) give(w http.ResponseWriter, v *visit) error {
	if !v.mayGive() {
		return v.Redirect(w, resultAt, nil)
	}
	taken, err := p.Gifts.Give(v.Context(), v.Org.ID, v.state.Derive("gift"), v.Address(), v.m.Gift(v.state))
	if err != nil {
		return err
	}
	if !taken {
		return v.Redirect(w, resultAt, v.notice("not-needed"))
	}
	v.state.Gave = true
	if err := p.giveState(w, v); err != nil {
		return err
	}
	return v.Redirect(w, resultAt, v.notice("given"))
}

// rests says what the levels rest on: guesses of experts, or answers for some of the questions or all of them.
func (v *visit) rests() string {
	switch n := v.m.Calibrated(); n {
	case 0:
		return v.say("result.pilot")
	case len(v.m.Items):
		return v.say("result.calibrated")
	default:
		return v.T("result.partly", i18n.Args{"n": v.Int(n), "all": v.Int(len(v.m.Items))})
	}
}
