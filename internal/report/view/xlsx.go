package view

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
)

//go:embed locale
var locales embed.FS

// messages are the texts of the workbook and of the paper; a language is read when it is first written in.
var messages = i18n.New(locales, "locale")

// XLSX writes every table of the findings as a workbook with a sheet for each. A figure that is not to be shown is the
// text "< k"; one that could not be computed is empty. Each sheet says when the answers are synthetic. The language and the
// words of the caveats are those of the story. The same tables give the same bytes.
func XLSX(w io.Writer, f *findings.Findings, s *story.Story) error {
	lang := s.Lang
	p := messages.Printer(lang)
	words := func(key string) string { return p.T(key, nil) }
	b, err := newWorkbook(words, banner(f, lang, words))
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	t := tables{f: f, lang: lang, words: words, names: names(f, lang), remarks: s.Caveats}
	for i, g := range t.all() {
		if err := b.add(i, g); err != nil {
			return errors.Join(fmt.Errorf("write the sheet %s of the workbook: %w", g.name, err), b.file.Close())
		}
	}
	if err := p.Err(); err != nil {
		return errors.Join(fmt.Errorf("write the workbook: %w", err), b.file.Close())
	}
	err = b.file.SetDocProps(&excelize.DocProperties{Title: banner(f, lang, words), Creator: product, Language: string(lang)})
	if err == nil {
		b.file.SetZipWriter(newZipParts)
		err = b.file.Write(w)
	}
	if err := errors.Join(err, b.file.Close()); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// banner says whose figures these are.
func banner(f *findings.Findings, lang instrument.Lang, words func(string) string) string {
	parts := []string{f.Instrument.Title.In(lang), f.Wave.Organisation, f.Wave.Label}
	if f.Wave.Synthetic {
		parts = append(parts, words("synthetic"))
	}
	return joined(parts...)
}

// joined puts a middle dot between the parts that say something.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// lookup finds the names of identifiers in one language.
type lookup struct {
	questions map[string]string
	options   map[[2]string]string
	variables map[string]string
	groups    map[findings.Group]string
}

func names(f *findings.Findings, lang instrument.Lang) lookup {
	l := lookup{map[string]string{}, map[[2]string]string{}, map[string]string{}, map[findings.Group]string{}}
	for _, q := range f.Questions {
		l.questions[q.ID] = q.Label.In(lang)
		if l.questions[q.ID] == "" {
			l.questions[q.ID] = q.Wording.In(lang)
		}
		for _, o := range q.Options {
			l.options[[2]string{q.ID, o.ID}] = o.Label.In(lang)
		}
	}
	for _, q := range f.Questions { // a row of a matrix has the options of the matrix
		for _, m := range f.Questions {
			if q.Parent != "" && q.Parent == m.ID && len(q.Options) == 0 {
				for _, o := range m.Options {
					l.options[[2]string{q.ID, o.ID}] = o.Label.In(lang)
				}
			}
		}
	}
	for _, g := range f.Groups {
		l.variables[g.Variable] = g.Label.In(lang)
		for _, v := range g.Values {
			l.groups[findings.Group{Variable: g.Variable, Value: v.Value}] = v.Label.In(lang)
		}
	}
	return l
}

// group returns the names of a group's variable and value; both are empty for everyone.
func (l lookup) group(g *findings.Group) (variable, value string) {
	if g == nil {
		return "", ""
	}
	return or(l.variables[g.Variable], g.Variable), or(l.groups[*g], g.Value)
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
