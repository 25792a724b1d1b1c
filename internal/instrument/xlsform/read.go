package xlsform

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/instrument"
)

// Form is what a workbook was made into.
type Form struct {
	Instrument *instrument.Instrument
	YAML       []byte
	Notes      []Note // what could not be carried over, by row
}

// defaultGroupSize is the smallest group that an instrument from a form shows: a form does not say.
const defaultGroupSize = 10

// Read makes an instrument of an XLSForm. The error is a *Problem when the file is no form that can be read, or
// *instrument.Problems when what it says makes no instrument.
func Read(file string, src []byte) (*Form, error) {
	tables, err := open(file, src)
	if err != nil {
		return nil, err
	}
	if tables["survey"] == nil || len(tables["survey"].rows) == 0 {
		return nil, &Problem{file, "the workbook has no sheet survey with questions", "an XLSForm has the sheets survey and choices: see https://xlsform.org"}
	}
	r := &reader{tables: tables, taken: map[string]bool{"answered": true, "chosen": true}, targets: map[string]target{}, in: &instrument.Instrument{GroupSize: defaultGroupSize}}
	for _, name := range []string{"choices", "settings"} {
		if r.tables[name] == nil {
			r.tables[name] = &table{name: name}
		}
	}
	r.settings(file)
	r.languages()
	r.choices()
	r.survey()
	return r.finish(file)
}

// reader makes an instrument of the tables.
type reader struct {
	tables  map[string]*table
	in      *instrument.Instrument
	notes   []Note
	main    instrument.Lang   // of headings without language, and of what is missing elsewhere
	lists   map[string][]list // by list_name
	taken   map[string]bool   // ids
	targets map[string]target
	rowOf   map[string]row // where an item stood, by id
	groups  []group
}

// list is a choice of a list.
type list struct {
	name   string
	option instrument.Option
}

// group is a group that is open.
type group struct {
	relevant string
	repeat   bool
	module   int // of the instrument, -1 for none
}

var markup = regexp.MustCompile(`</?[A-Za-z][^<>]*>|<!--|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#x[0-9A-Fa-f]+);`)
var inserted = regexp.MustCompile(`\$\{[^{}]*\}`)

func (r *reader) settings(file string) {
	t := r.tables["settings"]
	first := row{}
	if len(t.rows) > 0 {
		first = t.rows[0]
	}
	title := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	if s := t.get(first, "form_title"); s != "" {
		title = s
	}
	id := t.get(first, "form_id")
	if id == "" {
		id = title
	}
	r.in.ID = identifier(id, "form")
	if r.in.Version = t.get(first, "version"); r.in.Version == "" {
		r.in.Version = "1"
	}
	r.main = instrument.NL
	if l, known := languageOf(t.get(first, "default_language")); known {
		r.main = l
	} else if l := r.firstLanguage(); l != "" {
		r.main = l
	}
	r.in.Title = instrument.Text{r.main: orElse(r.clean("settings", first.at, "form_title", title), r.in.ID)}
	r.in.Source = "XLSForm " + strings.TrimSpace(r.clean("settings", first.at, "form_id", id))
}

// firstLanguage returns the language of the first heading that names one.
func (r *reader) firstLanguage() instrument.Lang {
	for _, h := range r.tables["survey"].headings {
		if l, known := languageOf(h.lang); known && h.what == "label" {
			return l
		}
	}
	return ""
}

// languages finds the languages of the form, and notes those that the product does not speak.
func (r *reader) languages() {
	found := map[instrument.Lang]bool{}
	for _, name := range []string{"survey", "choices"} {
		for _, h := range r.tables[name].headings {
			if h.what != "label" {
				continue
			}
			l, known := languageOf(h.lang)
			switch {
			case h.lang == "":
				found[r.main] = true
			case known:
				found[l] = true
			default:
				r.note(name, 0, h.text, "this language is not carried over", "the product speaks nl, fr, de and en; write the code in brackets, such as label::Nederlands (nl)")
			}
		}
	}
	found[r.main] = true
	for _, l := range instrument.Languages() {
		if found[l] {
			r.in.Languages = append(r.in.Languages, l)
			if l != r.main {
				r.in.Title[l] = r.in.Title[r.main]
			}
		}
	}
}

// clean takes markup and inserted answers out of a text.
func (r *reader) clean(sheet string, at int, column, s string) string {
	out := markup.ReplaceAllString(s, "")
	for markup.MatchString(out) {
		out = markup.ReplaceAllString(out, "")
	}
	if out != s {
		r.note(sheet, at, column, "the formatting in this text is not carried over", "read the text and write it plainly")
	}
	plain := inserted.ReplaceAllString(out, "…")
	if plain != out {
		r.note(sheet, at, column, "an earlier answer cannot be repeated inside a text: … stands in its place", "write the text so that it fits everyone")
	}
	return strings.TrimSpace(plain)
}

// text reads a text in all languages, from the columns "what::language". What is missing in one gets the words of another.
func (r *reader) text(t *table, at row, what string) instrument.Text {
	found := instrument.Text{}
	for i, h := range t.headings {
		if h.what != what || i >= len(at.cells) || at.cells[i] == "" {
			continue
		}
		l, known := languageOf(h.lang)
		if h.lang == "" {
			l, known = r.main, true
		}
		if s := r.clean(t.name, at.at, h.text, at.cells[i]); known && s != "" {
			found[l] = s
		}
	}
	if len(found) == 0 {
		return nil
	}
	out := instrument.Text{}
	for _, l := range r.in.Languages {
		if out[l] = found[l]; out[l] == "" {
			out[l] = found.In(r.main)
			r.note(t.name, at.at, what+" ("+string(l)+")", "the translation is missing: the words of another language stand there", "translate it")
		}
	}
	return out
}

func (r *reader) choices() {
	t := r.tables["choices"]
	r.lists = map[string][]list{}
	taken := map[string]map[string]bool{}
	for _, at := range t.rows {
		of, name := t.get(at, "list_name"), t.get(at, "name")
		if name == "" {
			name = t.get(at, "value")
		}
		if of == "" || name == "" {
			r.note("choices", at.at, "", "a choice needs a list_name and a name", "fill in both, or remove the row")
			continue
		}
		label := r.text(t, at, "label")
		if label == nil {
			label = instrument.Text{}
			for _, l := range r.in.Languages {
				label[l] = r.clean("choices", at.at, "name", name)
			}
			r.note("choices", at.at, "label", "the choice has no label: its name stands there", "write a label")
		}
		if taken[of] == nil {
			taken[of] = map[string]bool{}
		}
		o := instrument.Option{ID: unused(optionID(name), taken[of]), Label: label}
		taken[of][o.ID] = true
		if o.ID != name {
			o.Values = []string{name}
			r.note("choices", at.at, "name", "the name "+quote(name)+" became "+quote(o.ID), "nothing, unless other programs use the name")
		}
		if len(r.lists[of]) >= instrument.MaxOptions-1 {
			r.note("choices", at.at, "", "the list "+quote(of)+" is too long: this choice is left out", fmt.Sprintf("keep at most %d choices", instrument.MaxOptions-1))
			continue
		}
		r.lists[of] = append(r.lists[of], list{name, o})
		if t.get(at, "choice_filter") != "" {
			r.note("choices", at.at, "choice_filter", "choices cannot depend on earlier answers", "split the question")
		}
	}
	for of := range r.lists {
		r.different(r.lists[of])
	}
}

// different keeps two choices from reading alike, and an old name from being the id of another.
func (r *reader) different(choices []list) {
	ids := map[string]bool{}
	for i := range choices {
		ids[choices[i].option.ID] = true
	}
	spelt := map[string]bool{}
	for i := range choices {
		o := &choices[i].option
		o.Values = slices.DeleteFunc(o.Values, func(v string) bool { return ids[v] || spelt[v] || markup.MatchString(v) })
		for _, v := range o.Values {
			spelt[v] = true
		}
	}
	for _, l := range r.in.Languages {
		seen := map[string]bool{}
		for i := range choices {
			o := &choices[i].option
			for key := strings.ToLower(o.Label[l]); seen[key]; key = strings.ToLower(o.Label[l]) {
				o.Label[l] += " (" + strconv.Itoa(i+1) + ")"
			}
			seen[strings.ToLower(o.Label[l])] = true
		}
	}
}

// finish checks the instrument and writes it. A condition that turns out to be impossible is taken off, with a note.
func (r *reader) finish(file string) (*Form, error) {
	if len(r.in.Items) == 0 {
		return nil, &Problem{file, "nothing of the sheet survey could be carried over", "ask questions of the types select_one, select_multiple, integer, decimal, text or note"}
	}
	r.in.Modules = slices.DeleteFunc(r.in.Modules, func(m instrument.Module) bool { return len(m.Items) == 0 })
	for range len(r.in.Items) + 1 {
		out, err := instrument.Marshal(r.in)
		if err != nil {
			return nil, err
		}
		in, err := instrument.Parse(file, out)
		if err == nil {
			slices.SortStableFunc(r.notes, func(a, b Note) int { return strings.Compare(b.Sheet, a.Sheet)*10000 + a.Row - b.Row })
			return &Form{Instrument: in, YAML: bytes.Clone(out), Notes: r.notes}, nil
		}
		if !r.askEveryone(err) {
			return nil, err
		}
	}
	return nil, &Problem{file, "the conditions of the form do not fit together", "check the column relevant"}
}

var conditionPath = regexp.MustCompile(`^items\[(\d+)\]\.visible$`)

// askEveryone takes off the conditions that the checker refuses, and tells whether that may help.
func (r *reader) askEveryone(err error) bool {
	var problems *instrument.Problems
	if !errors.As(err, &problems) {
		return false
	}
	helped := false
	for _, p := range problems.List {
		m := conditionPath.FindStringSubmatch(p.Path)
		if m == nil {
			continue
		}
		if i, err := strconv.Atoi(m[1]); err == nil && i < len(r.in.Items) && r.in.Items[i].Visible != "" {
			it := &r.in.Items[i]
			it.Visible, helped = "", true
			r.note("survey", r.rowOf[it.ID].at, "relevant", "the condition is not carried over, and everyone is asked: "+p.Message, "correct it: "+p.Mend)
		}
	}
	return helped
}
