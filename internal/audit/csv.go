package audit

import (
	"encoding/csv"
	"io"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/instrument"
	"tekentafel/internal/spreadsheet"
)

// sheet writes entries as CSV (RFC 4180), with the byte order mark by which spreadsheets know UTF-8.
type sheet struct {
	out  *csv.Writer
	log  *Log
	lang instrument.Lang
	zone *time.Location
}

func (l *Log) sheet(w io.Writer, lang instrument.Lang, zone *time.Location) (*sheet, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	s := &sheet{out: csv.NewWriter(w), log: l, lang: lang, zone: zone}
	s.out.UseCRLF = true
	print := locale().Printer(lang)
	head := make([]string, len(sheetColumns()))
	for i, key := range sheetColumns() {
		head[i] = print.T(key, nil)
	}
	return s, s.out.Write(head)
}

func sheetColumns() []string {
	return []string{"page.at", "page.who", "csv.who-id", "page.what", "csv.action", "page.about", "csv.about-id", "page.subject", "page.detail", "csv.line"}
}

// add writes entries, and everything to the reader.
func (s *sheet) add(entries []Entry, names people) error {
	for _, e := range entries {
		row := []string{
			clock.ISO(e.At, s.zone), names.who(s.lang, e.Actor, e.ActorID), e.ActorID, s.log.Words(s.lang, e.Action), e.Action,
			names.account(s.lang, e.Account), e.Account, e.Subject, s.log.details(s.lang, e), e.ID,
		}
		for i := range row {
			row[i] = spreadsheet.Guard(row[i])
		}
		if err := s.out.Write(row); err != nil {
			return err
		}
	}
	s.out.Flush()
	return s.out.Error()
}
