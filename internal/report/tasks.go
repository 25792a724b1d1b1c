package report

import (
	"context"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Ranks of tasks, as web.Task has them.
const (
	rankFailed  = 10
	rankPublish = 20
	rankMake    = 30
	rankUpload  = 35
	rankRead    = 50
)

// Tasks says what waits for a person here.
func (s *Service) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	reports, err := s.Reports(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	w := in(r.Lang)
	if !r.Can(access.MakeReport) {
		return w.toRead(reports), nil
	}
	sources, err := s.Sources(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	var out []web.Task
	used := map[string]bool{}
	for i := range reports {
		rep := &reports[i]
		used[rep.Source] = true
		args := i18n.Args{"title": rep.Title}
		switch {
		case rep.State == Failed:
			out = append(out, web.Task{Title: w.T("task.failed", args), Text: w.say("task.failed-text"), Href: "/reports/" + rep.ID,
				Label: w.say("task.failed-do"), Tag: w.say("task.tag"), Rank: rankFailed, Tone: ui.Failure, About: "/reports/" + rep.ID})
		case rep.State == Ready && rep.Published.IsZero():
			out = append(out, web.Task{Title: w.T("task.publish", args), Text: w.say("task.publish-text"), Href: "/reports/" + rep.ID + "/manage",
				Label: w.say("task.publish-do"), Tag: w.say("task.tag"), Rank: rankPublish, Tone: ui.Warning, About: "/reports/" + rep.ID})
		}
	}
	for i := range sources {
		if src := &sources[i]; !used[src.ID] {
			out = append(out, web.Task{Title: w.T("task.make", i18n.Args{"name": src.Name}), Text: w.n("task.make-text", src.Respondents),
				Href: "/answers/" + src.ID, Label: w.say("task.make-do"), Tag: w.say("task.tag"), Rank: rankMake, Tone: ui.Warning})
		}
	}
	if len(sources) == 0 && len(reports) == 0 {
		out = append(out, web.Task{Title: w.say("task.upload"), Text: w.say("task.upload-text"), Href: "/answers/new",
			Label: w.say("list.new"), Tag: w.say("task.tag"), Rank: rankUpload, Tone: ui.Info})
	}
	return append(out, w.toRead(reports)...), nil
}

// toRead proposes the newest published report.
func (w words) toRead(reports []Report) []web.Task {
	for i := range reports {
		if rep := &reports[i]; rep.State == Ready && !rep.Published.IsZero() {
			return []web.Task{{Title: w.T("task.read", i18n.Args{"title": rep.Title}), Text: w.n("task.read-text", rep.Respondents),
				Href: "/reports/" + rep.ID, Label: w.say("task.read-do"), Tag: w.say("task.tag"), Rank: rankRead, Tone: ui.Info, About: "/reports/" + rep.ID}}
		}
	}
	return nil
}

// Offers says what a person can do here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	w := in(r.Lang)
	if !r.Can(access.MakeReport) {
		return []ui.Tile{{Title: w.say("reports"), Href: "/reports", Text: w.say("task.offer-read")}}
	}
	return []ui.Tile{
		{Title: w.say("list.new"), Href: "/answers/new", Text: w.say("task.offer-upload")},
		{Title: w.say("reports"), Href: "/reports", Text: w.say("task.offer-share")},
	}
}
