package room

import (
	"net/http"
	"net/url"
	"slices"

	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// keeping is a conversation to keep, as the scripts of the page send it.
type keeping struct {
	ID           string           `json:"id"`
	Version      int64            `json:"version"`
	Days         int              `json:"days"`
	Conversation lab.Conversation `json:"conversation"`
}

// keptView tells what was kept.
type keptView struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Until   string `json:"until"` // in words
	Href    string `json:"href"`
}

func (p *Room) keep(w http.ResponseWriter, r *web.Request) error {
	var k keeping
	if err := readJSON(w, r, &k); err != nil {
		return err
	}
	v, err := p.keepIt(r, &k)
	if err != nil {
		return err
	}
	return sendJSON(w, r, http.StatusOK, v)
}

// keepIt keeps a conversation for as long as somebody chose, at most as long as the organisation lets them.
func (p *Room) keepIt(r *web.Request, k *keeping) (*keptView, error) {
	if p.Keeper == nil {
		return nil, refuse(problem.NotFound, "error.unknown")
	}
	if err := sound(&k.Conversation); err != nil {
		return nil, err
	}
	if len(k.Conversation.Messages) == 0 || len(k.ID) > mostID {
		return nil, refuse(problem.Invalid, "error.nothing")
	}
	days, err := p.keepDays(r)
	if err != nil {
		return nil, err
	}
	if len(days) == 0 {
		return nil, refuse(problem.NotFound, "error.unknown")
	}
	if !slices.Contains(days, k.Days) {
		k.Days = days[len(days)-1]
	}
	k.Conversation.Title = titleOf(&k.Conversation)
	until := r.Local(p.Now()).AddDate(0, 0, k.Days)
	id, version, err := p.Keeper.Keep(r.Context(), r.Actor, k.ID, k.Version, &k.Conversation, until)
	if err != nil {
		return nil, err
	}
	return &keptView{ID: id, Version: version, Until: of(r).Date(until), Href: keptAt + "/" + url.PathEscape(id)}, nil
}

// keepDays are for how many days a conversation may be kept, the most last; none when nothing can be kept.
func (p *Room) keepDays(r *web.Request) ([]int, error) {
	if p.Keeper == nil {
		return nil, nil
	}
	most, err := p.Keeper.MostDays(r.Context(), r.Actor.Tenant)
	if err != nil || most < 1 {
		return nil, err
	}
	days := slices.DeleteFunc([]int{1, 7, 30}, func(n int) bool { return n >= most })
	return append(days, most), nil
}

// plainKeep keeps the conversation of the plain chat.
func (p *Room) plainKeep(r *web.Request, f *posted, v *view) error {
	k, err := p.keepIt(r, &keeping{ID: f.ID, Version: f.Version, Days: f.days, Conversation: f.Conversation})
	if err != nil {
		return err
	}
	f.ID, f.Version, v.kept = k.ID, k.Version, k
	return nil
}
