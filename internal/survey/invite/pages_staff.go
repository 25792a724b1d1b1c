package invite

import (
	"net/http"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// staffView is the form that chooses people out of the personnel data.
type staffView struct {
	w     words
	wave  wave.Wave
	units []StaffUnit
	form  *ui.FormState
}

func (p pages) staffForm(w http.ResponseWriter, r *web.Request) error {
	return p.staffPage(w, r, http.StatusOK, web.NewForm())
}

func (p pages) staffPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	wv, err := p.wave(r.Context(), r.Actor, access.RunWave, r.PathValue("id"))
	if err == nil {
		err = drafted(&wv)
	}
	if err != nil {
		return err
	}
	v := staffView{w: in(r.Lang), wave: wv, form: form}
	if v.units, err = p.Staff.Units(r.Context(), r.Actor); err != nil {
		return err
	}
	pg := page(r, &wv, v.w.say("staff.title"), peopleCrumb(r, &wv))
	pg.Lead, pg.Status, pg.Invalid = v.w.say("staff.lead"), status, !form.OK()
	return r.Show(w, pg, staffPage(v))
}

func (p pages) takeStaff(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	choice := StaffChoice{Everybody: form.Get("whom") != "units", Units: form["units"], Variables: form["variables"]}
	choice.Asked = r.Asked(form, []any{"staff", id, choice.Everybody, choice.Units, choice.Variables})
	file, err := p.UploadStaff(r.Context(), r.Actor, id, choice)
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return p.staffPage(w, r, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, frameAt(id, file), nil)
}

// people counts who is in service and in a unit.
func (v staffView) people() (n int) {
	for _, u := range v.units {
		if u.Depth == 0 {
			n += u.People
		}
	}
	return n
}

func (v staffView) whom() ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "whom", Label: v.w.say("staff.whom")}, Chosen: []string{"everybody"}, Options: []ui.Option{
		{Value: "everybody", Label: v.w.say("staff.everybody")}, {Value: "units", Label: v.w.say("staff.some-units")}}}
}

// mostUnits is how many units are offered; of a larger tree the upper levels that fit.
const mostUnits = 250

// depth is the deepest level that is offered, and whether that is all of the tree.
func (v staffView) depth() (most int, all bool) {
	count := map[int]int{}
	deepest := 0
	for _, u := range v.units {
		if u.People > 0 {
			count[u.Depth]++
			deepest = max(deepest, u.Depth)
		}
	}
	n := count[0]
	for most = 0; most < deepest && n+count[most+1] <= mostUnits; most++ {
		n += count[most+1]
	}
	return most, most == deepest
}

// cut tells whether there are units that are not offered.
func (v staffView) cut() bool {
	_, all := v.depth()
	return !all
}

// choices are the units with people, with the way to them from below the top.
func (v staffView) choices() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "units", Label: v.w.say("staff.units"), Hint: v.w.say("staff.units-hint")}}
	most, _ := v.depth()
	tops := 0
	for _, u := range v.units {
		if u.Depth == 0 {
			tops++
		}
	}
	var way []string
	for _, u := range v.units {
		way = append(way[:min(u.Depth, len(way))], u.Name)
		if u.People == 0 || u.Depth > most || tops == 1 && u.Depth == 0 {
			continue
		}
		shown := way
		if tops == 1 {
			shown = way[1:]
		}
		c.Options = append(c.Options, ui.Option{Value: u.ID, Label: strings.Join(shown, " › "), Hint: v.w.n("staff.unit-people", u.People)})
	}
	return c
}

func (v staffView) variables() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "variables", Label: v.w.say("staff.variables"), Hint: v.w.T("staff.variables-hint", i18n.Args{"k": v.w.Int(v.wave.GroupSize)})}, Chosen: []string{"department"}}
	for _, name := range StaffVariables() {
		c.Options = append(c.Options, ui.Option{Value: name, Label: v.w.say("staff.offer-" + name)})
	}
	return c
}

// noStaff is what is said where nobody is known to be in service.
func (v staffView) noStaff() ui.Empty {
	return ui.Empty{Title: v.w.say("staff.none"), Text: v.w.say("staff.none-text"), Action: &ui.Action{Label: v.w.say("staff.to-staff"), Href: "/staff", Kind: ui.Next}}
}
