package desk

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"

	"tekentafel/internal/i18n"
	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed paper.css
var paperStyle string

const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// export sends a result as a file.
func (s *Service) export(w http.ResponseWriter, r *web.Request) error {
	format := r.PathValue("format")
	if format != "xlsx" && format != "json" && format != "html" && format != "pdf" {
		return refuse(problem.NotFound, "error.no-format", nil)
	}
	b, err := s.shown(r)
	if err != nil {
		return err
	}
	name := b.T("export.file", i18n.Args{"day": s.Now().In(s.Zone).Format("2006-01-02")})
	attach := func(kind string, content []byte) error {
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + "." + format}))
		w.Header().Set("Cache-Control", "no-store")
		return r.Send(w, http.StatusOK, kind, content)
	}
	switch format {
	case "xlsx":
		var out bytes.Buffer
		if err := b.workbook(&out); err != nil {
			return err
		}
		return attach(sheetType, out.Bytes())
	case "json":
		content, err := json.MarshalIndent(b.x.Gap, "", " ")
		if err != nil {
			return err
		}
		return attach("application/json; charset=utf-8", content)
	}
	doc, err := b.document(r.Org.Name, b.Moment(r.Local(b.row.made)))
	if err != nil {
		return err
	}
	if format == "html" {
		w.Header().Set("Content-Security-Policy", ui.PaperPolicy)
		return r.Send(w, http.StatusOK, "text/html; charset=utf-8", doc)
	}
	content, err := s.print(r, b, doc)
	if err != nil {
		return err
	}
	return attach("application/pdf", content)
}

// print makes a PDF of a document, a few at a time.
func (s *Service) print(r *web.Request, b *board, doc []byte) ([]byte, error) {
	select {
	case s.writers <- struct{}{}:
		defer func() { <-s.writers }()
	default:
		return nil, refuse(problem.TooMany, "error.printing", nil).After(10)
	}
	content, err := s.Print(r.Context(), doc, pdf.Options{Header: b.say("board.title"), HeaderEnd: r.Org.Name, Page: b.say("paper.page"), Of: b.say("paper.of")})
	var missing *pdf.NotInstalledError
	if errors.As(err, &missing) {
		return nil, refuse(problem.Unavailable, "error.no-pdf", nil).Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("print the gap: %w", err)
	}
	return content, nil
}

// paperView is a result on paper: what a reader who has only this needs.
type paperView struct {
	*board
	organisation, made string
	whole              standingsView
	heats              []paperHeat
	ranks              []paperRank
	changes            ui.Table
}

type paperHeat struct {
	title string
	table heatTable
	more  string
}

type paperRank struct {
	title string
	ties  []tieView
}

// mostOnPaper is how many groups of a kind, and ranked places, stand on paper. The spreadsheet has all.
const mostOnPaper = 80

// document lays the result out on paper.
func (b *board) document(organisation, made string) ([]byte, error) {
	v := paperView{board: b, organisation: organisation, made: made, whole: b.standings(b.x.Whole), changes: ui.Table{}}
	for _, k := range b.kinds() {
		if k == gap.ByCell {
			continue
		}
		list := gap.Heat(b.x.Gap, k)
		i18n.Collate(b.Printer, list, func(h gap.HeatRow) string { return b.name(h.Row) })
		one := paperHeat{title: b.say("map.caption-" + b.kindKey(k))}
		if len(list) > mostOnPaper {
			one.more = b.n("paper.more", len(list)-mostOnPaper)
			list = list[:mostOnPaper]
		}
		if one.table = b.heatTable(one.title, list); len(list) > 0 {
			v.heats = append(v.heats, one)
		}
		if ranking := gap.Rank(b.x.Gap, k); ranking != nil {
			short := *ranking
			short.Places = short.Places[:min(len(short.Places), ranking.Top)]
			v.ranks = append(v.ranks, paperRank{b.say("by." + b.kindKey(k)), b.tiesOf(&short)})
		}
	}
	if b.x.Changes != nil {
		v.changes = b.changeOf(b.x.Whole)
	}
	var out bytes.Buffer
	err := ui.Paper(&out, b.Lang, b.say("board.title")+" – "+b.report.Title, paperStyle, gapPaper(v))
	return out.Bytes(), err
}
