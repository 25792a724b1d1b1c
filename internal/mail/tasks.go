package mail

import (
	"context"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Ranks of tasks, as web.Task has them.
const (
	rankRefused = 20
	rankOff     = 45
)

// Tasks tells of mails that did not arrive, and an administrator that none can be sent.
func (o *Outbox) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	if !r.Can(access.ReadMail) {
		return nil, nil
	}
	print := locale().Printer(r.Lang)
	task := web.Task{Href: "/mail", Tag: print.T("page.menu", nil), Tone: ui.Warning}
	if !o.On() {
		if !r.Can(access.ChangeOrganisation) {
			return nil, nil
		}
		task.Title, task.Text, task.Label, task.Rank = print.T("task.off", nil), print.T("task.off-text", nil), print.T("task.off-do", nil), rankOff
		return []web.Task{task}, nil
	}
	by, err := counts(ctx, o.DB.Of(r.Actor.Tenant), o.apart())
	n := by[Refused]
	if err != nil || n == 0 {
		return nil, err
	}
	task.Href += "?state=" + string(Refused)
	task.Title, task.Text, task.Label, task.Rank = print.N("task.refused", n, i18n.Args{"n": print.Int(n)}), print.T("task.refused-text", nil), print.T("task.refused-do", nil), rankRefused
	return []web.Task{task}, nil
}
