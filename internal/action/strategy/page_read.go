package strategy

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"

	"tekentafel/internal/action/paper"
	"tekentafel/internal/db"
	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// documentOf is the document that a request asks for.
func (s *Service) documentOf(r *web.Request) (*paper.Document, *composer, error) {
	c, err := s.compose(r.Context(), r.Actor, s.langOf(r))
	if err != nil {
		return nil, nil, err
	}
	return c.document(r.Org.Name, s.Now()), c, nil
}

// readPage shows the document as a page.
func (s *Service) readPage(w http.ResponseWriter, r *web.Request) error {
	d, c, err := s.documentOf(r)
	if err != nil {
		return err
	}
	v := s.in(r.Lang)
	p := s.under(r, d.Title, c.lang)
	p.Lead = s.Skeleton.Subtitle.In(c.lang)
	p.Synthetic = c.placed != nil && c.placed.Synthetic
	p.Actions = []ui.Action{{Label: v.say("preview.docx"), Href: at(filesAt+"docx", c.lang), Kind: ui.Quiet, Download: true}, {Label: v.say("preview.pdf"), Href: at(filesAt+"pdf", c.lang), Kind: ui.Quiet, Download: true},
		{Label: v.say("preview.print"), Href: at(paperAt, c.lang), Kind: ui.Quiet}}
	return r.Show(w, p, readBody(v, s.languages(r, readAt, c.lang), string(c.lang), d))
}

// onPaper sends the document as it is printed.
func (s *Service) onPaper(w http.ResponseWriter, r *web.Request) error {
	d, _, err := s.documentOf(r)
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

// file sends the document to keep.
func (s *Service) file(w http.ResponseWriter, r *web.Request) error {
	d, c, err := s.documentOf(r)
	if err != nil {
		return err
	}
	name := c.say("document.file") + "-" + string(c.today)
	switch r.PathValue("format") {
	case "docx":
		var out bytes.Buffer
		if err := d.DOCX(&out); err != nil {
			return err
		}
		return s.send(w, r, name+".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", out.Bytes())
	case "pdf":
		select {
		case s.printing <- struct{}{}:
			defer func() { <-s.printing }()
		default:
			return refuse(problem.TooMany, "error.printing", nil).After(10)
		}
		content, err := d.PDF(r.Context(), s.Print)
		var missing *pdf.NotInstalledError
		if errors.As(err, &missing) {
			return refuse(problem.Unavailable, "error.no-pdf", nil).Because(err)
		}
		if err != nil {
			return fmt.Errorf("print the strategy: %w", err)
		}
		return s.send(w, r, name+".pdf", "application/pdf", content)
	default:
		return db.ErrNoRow
	}
}

func (s *Service) send(w http.ResponseWriter, r *web.Request, name, mediaType string, content []byte) error {
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return r.Send(w, http.StatusOK, mediaType, content)
}
