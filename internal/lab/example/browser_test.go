package example

import (
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/ui/browsertest"
)

func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	e := s.Open(t, "employee")
	e.Look("examples", home)
	e.Look("examples-none", home+"?q=zeppelin")
	e.Look("example-madeup", home+"/madeup-playground_voice")
	e.Look("example-mine-empty", mineAt)
	e.Look("example-form", newAt)
	e.Look("example-found", newAt, func(p *browsertest.Page) {
		p.Fill("#f-did", "Ik hielp mevrouw Griet Vermandere, 85.07.30-033.28.")
		p.Click("form.form .buttons button:not(.quiet)")
		p.Wait(".error-summary")
	})
	s.Post("employee", newAt, form()...).Leads(mineAt)
	s.decides("hr", s.only(), "asked", "Zeg welk model je gebruikte.")
	e.Look("example-mine", mineAt)
	e.Look("example-asked", at(s.only()))
	e.Look("example-withdraw", at(s.only())+"/withdraw")
	s.Post("employee", at(s.only())+"/edit", form("version", "2", "tools", "Oefenmodel")...).Leads(mineAt)
	e.As("hr")
	e.Look("example-review", reviewAt)
	e.Look("example-decide", at(s.only()))
}
