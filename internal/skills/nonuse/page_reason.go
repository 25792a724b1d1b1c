package nonuse

import (
	"net/http"

	"tekentafel/internal/problem"
	"tekentafel/internal/skills/nonuse/guide"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// reasonView is what helps with a reason.
type reasonView struct {
	printer
	s      *Service
	reason *guide.Reason
	act    string // address of a new action, or ""
	quotes []string
	figure string // how many named it in the latest wave, or ""
}

func (s *Service) reason(w http.ResponseWriter, r *web.Request) error {
	x := s.Guide.Reason(r.PathValue("id"))
	if x == nil {
		return refuse(problem.NotFound, "error.reason", nil)
	}
	v := reasonView{printer: in(r.Lang), s: s, reason: x}
	if s.Actions != nil {
		v.act = s.Actions.Act(r, x.ID)
	}
	found, err := s.Results(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	if found != nil {
		for _, q := range found.Quotes {
			if q.Reason == x.ID {
				v.quotes = append(v.quotes, q.Text)
			}
		}
	}
	c := &s.Guide.Contexts[0]
	report, ok, err := s.latest(r, c)
	if err != nil {
		return err
	}
	if ok {
		for _, f := range picture(report.Findings, c, nil).Reasons {
			if f.ID == x.ID && f.Shown() {
				v.figure = v.with("reason.figure", "share", v.Percent(f.Share.Share), "span", v.PercentRange(f.Share.Low, f.Share.High), "wave", report.Title)
			}
		}
	}
	p := below(r, v.of(x.Name))
	p.Lead = v.of(x.Meaning)
	p.Synthetic = ok && report.Findings.Wave.Synthetic
	if v.act != "" {
		p.Actions = []ui.Action{{Label: v.say("reason.act"), Href: v.act, Kind: ui.Next}}
	}
	return r.Show(w, p, reasonPage(v))
}

// helps are what helps, by kind, at a desk or in the field.
func (v *reasonView) helps(work string) []ui.Fact {
	var out []ui.Fact
	for i := range v.reason.Helps {
		h := &v.reason.Helps[i]
		text := h.Office
		if work == field {
			text = h.Field
		}
		out = append(out, ui.Fact{Term: v.say("kind." + string(h.Kind)), Text: v.of(text)})
	}
	return out
}
