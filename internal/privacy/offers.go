package privacy

import (
	"context"

	"tekentafel/internal/access"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Offers says what a person can do here at any time.
func (p *People) Offers(r *web.Request) []ui.Tile {
	mine := ui.Tile{Title: text(r.Lang, "page.menu-mine", nil), Href: "/me/data", Text: text(r.Lang, "offer.mine", nil)}
	if !r.Can(access.ChangeRetention) {
		return []ui.Tile{mine}
	}
	return []ui.Tile{{Title: text(r.Lang, "page.menu-retention", nil), Href: "/retention", Text: text(r.Lang, "offer.retention", nil)}, mine}
}

// rankLook is where looking after what is kept stands among the tasks: worth a look, as web.Task has it.
const rankLook = 48

// Tasks leads who guards the data to what is kept, and for how long.
func (p *People) Tasks(_ context.Context, r *web.Request) ([]web.Task, error) {
	if !r.Actor.Has(access.DPO) {
		return nil, nil
	}
	return []web.Task{{Title: text(r.Lang, "task.look", nil), Text: text(r.Lang, "task.look-text", nil), Href: "/retention",
		Label: text(r.Lang, "task.look-do", nil), Tag: text(r.Lang, "task.tag", nil), Rank: rankLook, Tone: ui.Info}}, nil
}
