package report

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/report/view"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// findings returns the Findings of a report that is ready. Callers do not change them.
func (s *Service) findings(ctx context.Context, t tenant.ID, r *Report) (*findings.Findings, error) {
	if r.State != Ready {
		return nil, refuse(problem.Conflict, "error.not-ready", nil)
	}
	key := cacheKey{t, r.ID, "findings"}
	if f, ok := s.cache.get(key).(*findings.Findings); ok {
		return f, nil
	}
	f, err := load(ctx, s.DB.Of(t), r.findings)
	if err != nil {
		return nil, err
	}
	const bytesPerFigure = 160 // about what a figure takes in memory
	s.cache.put(key, f, bytesPerFigure*(len(f.Shares)+len(f.Means)+len(f.Comparisons)+1000))
	return f, nil
}

// Findings returns what a report found that actor may read; a problem of kind Conflict while it is made or when that failed. Callers do
// not change them.
func (s *Service) Findings(ctx context.Context, actor access.Actor, reportID string) (*findings.Findings, error) {
	r, err := s.Report(ctx, actor, reportID)
	if err != nil {
		return nil, err
	}
	return s.findings(ctx, actor.Tenant, &r)
}

// toolsMark stands where the tools of a page come in the rendered report.
const toolsMark = "\x00tools\x00"

// page returns the report as a part of a page in a language, rendered once, with the tools of this reader on its cover.
func (s *Service) page(ctx context.Context, t tenant.ID, r *Report, lang instrument.Lang, tools templ.Component) (templ.Component, error) {
	key := cacheKey{t, r.ID, "page/" + string(lang)}
	whole, ok := s.cache.get(key).(cover)
	if !ok {
		f, err := s.findings(ctx, t, r)
		if err != nil {
			return nil, err
		}
		st := story.Tell(f, lang)
		var b bytes.Buffer
		if err := view.Embed(&st, f, view.EmbedOptions{Tools: templ.Raw(toolsMark)}).Render(ctx, &b); err != nil {
			return nil, err
		}
		before, after, _ := bytes.Cut(b.Bytes(), []byte(toolsMark))
		var first, second error
		whole.before, first = web.Pack(before)
		whole.after, second = web.Pack(after)
		if err := errors.Join(first, second); err != nil {
			return nil, err
		}
		s.cache.put(key, whole, whole.before.Size()+whole.after.Size())
	}
	return templ.Join(whole.before, tools, whole.after), nil
}

// cover is a rendered report, before and after the tools on its cover.
type cover struct{ before, after *web.Packed }

// explored is a rendered look at a report by group.
type explored struct {
	title string
	html  *web.Packed
}

// explore returns the report by group, rendered once for each selection.
func (s *Service) explore(ctx context.Context, t tenant.ID, r *Report, lang instrument.Lang, sel story.Selection, opt view.ExploreOptions) (title string, _ templ.Component, err error) {
	key := cacheKey{t, r.ID, strings.Join([]string{"explore", string(lang), opt.Action, sel.By, sel.Value, sel.Topic, sel.Question}, "\x00")}
	if x, ok := s.cache.get(key).(explored); ok {
		return x.title, x.html, nil
	}
	f, err := s.findings(ctx, t, r)
	if err != nil {
		return "", nil, err
	}
	e, err := story.Explore(f, lang, sel)
	var unknown *story.NotFoundError
	if errors.As(err, &unknown) {
		return "", nil, refuse(problem.NotFound, "error.no-group", nil).Because(err)
	}
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	if err := view.Explore(e, opt).Render(ctx, &b); err != nil {
		return "", nil, err
	}
	html, err := web.Pack(b.Bytes())
	if err != nil {
		return "", nil, err
	}
	s.cache.put(key, explored{e.Title, html}, html.Size())
	return e.Title, html, nil
}

// File is a report as a file.
type File struct {
	Name      string
	MediaType string
	Bytes     []byte
}

// Download returns a report in a format and a language. Printing a PDF takes seconds and is done a few at a time; the
// others get a problem of kind TooMany.
func (s *Service) Download(ctx context.Context, t tenant.ID, r *Report, format string, lang instrument.Lang) (File, error) {
	fm, known := view.FormatNamed(format)
	if !known {
		return File{}, refuse(problem.NotFound, "error.no-format", nil)
	}
	out := File{Name: fm.FileName(lang), MediaType: fm.MediaType}
	key := cacheKey{t, r.ID, "file/" + format + "/" + string(lang)}
	if b, ok := s.cache.get(key).([]byte); ok {
		out.Bytes = b
		return out, nil
	}
	f, err := s.findings(ctx, t, r)
	if err != nil {
		return File{}, err
	}
	if fm.Chromium {
		select {
		case s.writers <- struct{}{}:
			defer func() { <-s.writers }()
		default:
			return File{}, refuse(problem.TooMany, "error.printing", nil).After(10)
		}
	}
	st := story.Tell(f, lang)
	var b bytes.Buffer
	if err := fm.Write(ctx, &b, &st, f); err != nil {
		var missing *pdf.NotInstalledError
		if errors.As(err, &missing) {
			return File{}, refuse(problem.Unavailable, "error.no-chromium", i18n.Args{}).Because(err)
		}
		return File{}, err
	}
	s.cache.put(key, b.Bytes(), b.Len())
	out.Bytes = b.Bytes()
	return out, nil
}
