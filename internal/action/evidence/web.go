package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"tekentafel/internal/action/paper"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/docx"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Where the pages are.
const (
	above   = "/actions"
	home    = "/actions/evidence"
	paperAt = home + "/paper"
	filesAt = home + "/file/"
)

// AddTo makes the routes known to a server.
func (s *Service) AddTo(server *web.Server) error {
	return server.Add(
		web.Route{Pattern: "GET /actions/evidence", Action: reads, Handle: s.page},
		web.Route{Pattern: "GET /actions/evidence/paper", Action: reads, Handle: s.onPaper},
		web.Route{Pattern: "GET /actions/evidence/file/{format}", Action: reads, Slow: true, Handle: s.file},
	)
}

// Beside is the link to these pages among those of the actions; ok is false for who may not read them.
func (s *Service) Beside(r *web.Request) (link ui.Link, ok bool) {
	return ui.Link{Label: s.in(r.Lang).say("tab"), Href: home}, r.Can(reads)
}

// Offers says what a person can do here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	if !r.Can(reads) {
		return nil
	}
	w := s.in(r.Lang)
	return []ui.Tile{{Title: w.say("title"), Href: home, Text: w.say("offer")}}
}

// pageView is the page with all parts.
type pageView struct {
	words
	tabs    []ui.Link
	missing []ui.Task
	blocks  []docx.Block
	law     []docx.Block
}

func (s *Service) page(w http.ResponseWriter, r *web.Request) error {
	e, err := s.Evidence(r.Context(), r.Actor, r.Org.Name)
	if err != nil {
		return err
	}
	v := pageView{words: s.in(r.Lang)}
	if s.Tabs != nil {
		v.tabs = s.Tabs(r, home)
	}
	v.missing = v.toMend(e)
	v.blocks, v.law = v.words.blocks(e, func(m *Missing) bool { return m.Link == "" }), v.words.law(e)
	p := web.Page{Door: s.Door}
	p.Title, p.Lead, p.Synthetic = v.say("title"), v.say("lead"), e.Synthetic
	p.Crumbs = []ui.Link{{Label: v.say("above"), Href: above}}
	for _, f := range []string{"pdf", "xlsx", "json"} {
		p.Actions = append(p.Actions, ui.Action{Label: v.say("file." + f), Href: filesAt + f, Kind: ui.Quiet, Download: true})
	}
	p.Actions = append(p.Actions, ui.Action{Label: v.say("file.print"), Href: paperAt, Kind: ui.Quiet})
	return r.Show(w, p, body(v))
}

// toMend lists what is missing by the page where it can be mended.
func (v *pageView) toMend(e *Evidence) []ui.Task {
	var out []ui.Task
	at := map[string]int{}
	for i := range e.Missing {
		m := &e.Missing[i]
		if m.Link == "" {
			continue
		}
		lack, key := v.say("lack."+string(m.Lack)), m.Link+" "+m.What
		if m.What == "" {
			key += " " + string(m.Lack)
		}
		j, known := at[key]
		switch {
		case known && m.What == "":
		case known:
			out[j].Text += "; " + lack
		case m.What == "":
			at[key] = len(out)
			out = append(out, ui.Task{Title: v.Opening(lack), Href: m.Link, Tag: v.say("part." + string(m.Part)), Tone: ui.Muted})
		default:
			at[key] = len(out)
			out = append(out, ui.Task{Title: m.What, Text: v.Opening(lack), Href: m.Link})
		}
	}
	return out
}

// onPaper sends the evidence as it is printed.
func (s *Service) onPaper(w http.ResponseWriter, r *web.Request) error {
	_, d, err := s.documentOf(r)
	if err != nil {
		return err
	}
	page, err := d.HTML()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", ui.PaperPolicy)
	return r.Send(w, http.StatusOK, "text/html; charset=utf-8", page)
}

func (s *Service) documentOf(r *web.Request) (*Evidence, *paper.Document, error) {
	e, err := s.Evidence(r.Context(), r.Actor, r.Org.Name)
	if err != nil {
		return nil, nil, err
	}
	lang := r.Lang
	if wanted := instrument.Lang(r.URL.Query().Get("lang")); slices.Contains(instrument.Languages(), wanted) {
		lang = wanted
	}
	return e, s.in(lang).document(e), nil
}

// file sends the evidence to keep, and notes in the log that it left.
func (s *Service) file(w http.ResponseWriter, r *web.Request) error {
	e, d, err := s.documentOf(r)
	if err != nil {
		return err
	}
	format := r.PathValue("format")
	content, mediaType, err := s.written(r, format, e, d)
	if err != nil {
		return err
	}
	err = s.DB.Write(r.Context(), r.Actor.Tenant, func(tx *db.Scope) error {
		return s.Audit.Record(r.Context(), tx, r.Actor, audit.Entry{Action: "evidence.exported", Detail: map[string]string{"format": format}})
	})
	if err != nil {
		return err
	}
	name := s.in(d.Lang).say("file.name") + "-" + e.Made.In(s.Zone).Format("2006-01-02") + "." + format
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return r.Send(w, http.StatusOK, mediaType, content)
}

func (s *Service) written(r *web.Request, format string, e *Evidence, d *paper.Document) (content []byte, mediaType string, err error) {
	switch format {
	case "json":
		content, err = json.MarshalIndent(e, "", "  ")
		return append(content, '\n'), "application/json; charset=utf-8", err
	case "xlsx":
		var out bytes.Buffer
		err = s.in(d.Lang).workbook(&out, e)
		return out.Bytes(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", err
	case "pdf":
		select {
		case s.printing <- struct{}{}:
			defer func() { <-s.printing }()
		default:
			return nil, "", refuse(problem.TooMany, "error.printing").After(10)
		}
		content, err = d.PDF(r.Context(), s.Print)
		var missing *pdf.NotInstalledError
		if errors.As(err, &missing) {
			return nil, "", refuse(problem.Unavailable, "error.no-pdf").Because(err)
		}
		if err != nil {
			return nil, "", fmt.Errorf("print the evidence: %w", err)
		}
		return content, "application/pdf", nil
	}
	return nil, "", db.ErrNoRow
}
