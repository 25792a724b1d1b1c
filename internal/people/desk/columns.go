package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/national"
	"tekentafel/internal/people"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/sheet"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// lostZeros is the proposal to put zeros in front of staff numbers that lost them.
type lostZeros struct{ width, count int }

// maps tells whether one may say what the columns of an import are.
func maps(v *store.Import, reading *people.Reading) bool {
	if v.File == "" || busy(v, reading) {
		return false
	}
	return v.State == store.Received || v.State == store.Previewed || v.State == store.Failed
}

func (d *Desk) askColumns(w http.ResponseWriter, r *web.Request) error {
	x, err := d.find(r)
	if err != nil {
		return err
	}
	if !maps(&x.v, x.reading) {
		return r.Redirect(w, importAt(x.v.ID), nil)
	}
	return d.columnsPage(w, r, x, http.StatusOK)
}

func (d *Desk) columnsPage(w http.ResponseWriter, r *web.Request, x importView, status int) error {
	var err error
	if x.mapping, err = mapping.Parse(x.reading.Mapping); err != nil {
		return err
	}
	x.lost = lostOf(x.reading, x.mapping)
	p := x.frame(r, "columns.title")
	p.Status = status
	p.Lead = x.w.N("columns.lead", x.reading.Rows, i18n.Args{"n": x.w.Int(x.reading.Rows), "columns": x.w.n("columns.count", len(x.reading.Columns))})
	if x.reading.Saved {
		p.Crumbs = append(p.Crumbs, ui.Link{Label: x.v.FileName, Href: importAt(x.v.ID)})
	}
	return r.Show(w, p, columnsPage(x))
}

// lostOf finds the note that staff numbers lost zeros.
func lostOf(reading *people.Reading, m *mapping.Mapping) *lostZeros {
	fit := m.Fit(headingsOf(reading))
	at := fit.Of(mapping.Number)
	for i := range reading.Notes {
		n := &reading.Notes[i]
		if width, err := strconv.Atoi(n.Args["width"]); n.Kind == sheet.NoteLostZeros && n.Column == at && at >= 0 && err == nil {
			return &lostZeros{width, n.Count}
		}
	}
	return nil
}

func headingsOf(reading *people.Reading) []string {
	list := make([]string, len(reading.Columns))
	for i := range reading.Columns {
		list[i] = reading.Columns[i].Heading
	}
	return list
}

// heading names a column of the file; "" for none.
func (x *importView) heading(column int) string {
	if column < 0 || column >= len(x.reading.Columns) {
		return ""
	}
	return x.reading.Columns[column].Heading
}

func columnField(i int) string { return "column-" + strconv.Itoa(i) }

// levelPrefix stands before the number of a level in the value of an option.
const levelPrefix = string(mapping.UnitLevel) + ":"

func optionOf(f mapping.Field, level int) string {
	if f == mapping.UnitLevel {
		return levelPrefix + strconv.Itoa(level)
	}
	return string(f)
}

// fieldOf reads the value of an option; what it does not know is Ignore.
func fieldOf(option string) (f mapping.Field, level int) {
	if text, is := strings.CutPrefix(option, levelPrefix); is {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mapping.MaxLevels {
			return mapping.Ignore, 0
		}
		return mapping.UnitLevel, n
	}
	if f := mapping.Field(option); f.Known() && f != mapping.UnitLevel {
		return f, 0
	}
	return mapping.Ignore, 0
}

// groups are the fields by what they say something of.
func groups() []struct {
	key    string
	fields []mapping.Field
} {
	return []struct {
		key    string
		fields []mapping.Field
	}{
		{"person", []mapping.Field{mapping.Number, mapping.Name, mapping.Given, mapping.Family, mapping.Mail, mapping.Language, mapping.Birth, mapping.National}},
		{"service", []mapping.Field{mapping.Start, mapping.End, mapping.Service, mapping.FTE, mapping.Statute, mapping.PostStart, mapping.PostEnd, mapping.Site, mapping.Shift}},
		{"unit", []mapping.Field{mapping.UnitName, mapping.UnitCode, mapping.UnitPath, mapping.UnitLevel, mapping.UnitIndent, mapping.UnitParent, mapping.UnitKind, mapping.UnitHead}},
		{"function", []mapping.Field{mapping.FunctionName, mapping.FunctionCode, mapping.FunctionGroup, mapping.FunctionLevel, mapping.FunctionISCO, mapping.FunctionWork}},
		{"manager", []mapping.Field{mapping.ManagerNumber, mapping.ManagerMail, mapping.ManagerName}},
	}
}

// fewLevels is how many levels of units are offered at least.
const fewLevels = 6

// meaning is the choice of what a column is.
func (x importView) meaning(i int, fit *mapping.Fit) ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: columnField(i), Label: x.w.T("columns.meaning-of", i18n.Args{"column": x.heading(i)}), HideLabel: true},
		Chosen:  []string{optionOf(fit.Fields[i], fit.Levels[i])},
		Options: []ui.Option{{Label: x.w.say("column.ignore")}}}
	levels := fewLevels
	for _, l := range fit.Levels {
		levels = max(levels, min(l+1, mapping.MaxLevels))
	}
	for _, g := range groups() {
		label := x.w.say("group." + g.key)
		for _, f := range g.fields {
			if f != mapping.UnitLevel {
				c.Options = append(c.Options, ui.Option{Value: string(f), Label: x.w.field(f), Group: label})
				continue
			}
			for l := 1; l <= levels; l++ {
				c.Options = append(c.Options, ui.Option{Value: optionOf(f, l), Label: x.w.T("column.unit-level-n", i18n.Args{"n": x.w.Int(l)}), Group: label})
			}
		}
	}
	return c
}

// field names a field.
func (w words) field(f mapping.Field) string {
	if f == mapping.Ignore {
		return w.say("column.ignore")
	}
	return w.say("column." + string(f))
}

// table is the columns with what they probably are.
func (x importView) table() ui.Table {
	fit := x.mapping.Fit(headingsOf(x.reading))
	t := ui.Table{Caption: x.w.say("columns.legend"), HideCaption: true, Columns: []ui.Column{{Label: x.w.say("columns.heading")}, {Label: x.w.say("columns.examples"), Long: true},
		{Label: x.w.say("columns.meaning"), Long: true}, {Label: x.w.say("columns.why"), Long: true}}}
	for i := range x.reading.Columns {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: x.heading(i), Content: columnName(x, i)}, {Text: x.examples(i)}, {Content: ui.Select(x.form, x.meaning(i, fit))}, {Text: x.why(i)}}})
	}
	return t
}

func (x importView) isNew(i int) bool { return slices.Contains(x.reading.New, i) }

func (x importView) examples(i int) string {
	c := &x.reading.Columns[i]
	if c.Filled == 0 {
		return x.w.say("columns.empty")
	}
	if slices.ContainsFunc(c.Examples, national.IsHash) {
		return x.w.say("columns.hashed")
	}
	return strings.Join(c.Examples[:min(len(c.Examples), 3)], " · ")
}

// why says why a meaning is proposed, and how sure that is.
func (x importView) why(i int) string {
	if i >= len(x.reading.Proposals) {
		return ""
	}
	p := &x.reading.Proposals[i]
	reason := x.w.T("reason."+string(p.Reason.Kind), i18n.Args{"word": x.w.Quote(p.Reason.Word), "share": x.w.Percent(float64(p.Reason.Share) / 100), "column": x.w.Quote(x.heading(p.Reason.Column))})
	if p.Field == mapping.Ignore || p.Reason.Kind == mapping.BySaved {
		return reason
	}
	return x.w.say("sure."+sureness(p.Confidence)) + " " + reason
}

func sureness(confidence float64) string {
	switch {
	case confidence >= 0.85:
		return "high"
	case confidence >= 0.6:
		return "middle"
	}
	return "low"
}

// vanished lists the columns that the source had the last time.
func (x importView) vanished() []string {
	var out []string
	for _, c := range x.reading.Vanished {
		out = append(out, x.w.T("columns.vanished-one", i18n.Args{"column": x.w.Quote(c.Heading), "meaning": x.w.Inside(x.w.field(c.Field))}))
	}
	return out
}

// unlike warns of a file that has not the columns that the source had before; one that has none of them probably comes from elsewhere.
func (x importView) unlike() (ui.Notice, bool) {
	switch {
	case len(x.reading.Vanished) == 0:
		return ui.Notice{}, false
	case len(x.reading.New) == len(x.reading.Columns):
		of := i18n.Args{"source": x.w.Quote(x.source.Name)}
		return ui.Notice{Tone: ui.Warning, Title: x.w.T("columns.other-source", of), Text: x.w.T("columns.other-source-text", of),
			Actions: []ui.Action{{Label: x.w.say("columns.other-source-do"), Href: x.anew(), Kind: ui.Quiet}}}, true
	}
	return ui.Notice{Tone: ui.Warning, Title: x.w.say("columns.vanished"), Text: x.w.Series(x.vanished())}, true
}

// key asks what people are recognised by.
func (x importView) key() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "key", Label: x.w.say("key.label"), Hint: x.w.say("key.hint")}, Chosen: []string{string(x.mapping.Key)}}
	if x.mapping.Key == "" {
		c.Chosen = []string{string(mapping.Number)}
	}
	for _, k := range mapping.Keys() {
		c.Options = append(c.Options, ui.Option{Value: string(k), Label: x.w.say("key." + string(k))})
	}
	return c
}

func (x importView) choice(name, now string, values ...string) ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: name, Label: x.w.say("value." + name)}, Chosen: []string{now}}
	for _, v := range values {
		key := v
		if v == "" {
			key = "auto"
		}
		c.Options = append(c.Options, ui.Option{Value: v, Label: x.w.say("value." + name + "-" + key)})
	}
	return c
}

func (x importView) dates() ui.Choice {
	now := x.mapping.Values.Dates
	if now == "" {
		now = value.DayFirst
	}
	return x.choice("dates", string(now), string(value.DayFirst), string(value.MonthFirst))
}

func (x importView) scale() ui.Choice {
	return x.choice("scale", string(x.mapping.Values.Scale), string(value.Auto), string(value.One), string(value.Percent), string(value.Hours))
}

// width is how many digits a staff number has: as it was chosen, or as the file makes likely while nobody chose.
func (x importView) width() ui.Field {
	f := ui.Field{Name: "width", Label: x.w.say("value.width"), Hint: x.w.say("value.width-hint"), Chars: 4, Optional: true}
	n := x.mapping.Values.Width
	if n == 0 && !x.reading.Saved && x.lost != nil {
		n = x.lost.width
	}
	if n > 0 {
		f.Value = strconv.Itoa(n)
	}
	return f
}

func (x importView) hours() ui.Field {
	f := ui.Field{Name: "hours", Label: x.w.say("value.hours"), Hint: x.w.say("value.hours-hint"), Chars: 4, InputMode: "decimal", Optional: true}
	if h := x.mapping.Values.FullHours; h > 0 {
		f.Value = x.w.Decimal(h, 0)
		if h != float64(int(h)) {
			f.Value = x.w.Decimal(h, 2)
		}
	}
	return f
}

func (x importView) text(name, now string, most int) ui.Field {
	return ui.Field{Name: name, Label: x.w.say("value." + name), Hint: x.w.say("value." + name + "-hint"), Value: now, Optional: true, MaxLength: most}
}

func (x importView) tick(name string, now bool) ui.Field {
	f := ui.Field{Name: name, Label: x.w.say("value." + name)}
	if now {
		f.Value = "yes"
	}
	return f
}

// readMapping reads what somebody says of the columns of an import.
func readMapping(form url.Values, headings []string) (*mapping.Mapping, error) {
	wrong := problem.Form{Bundle: locale()}
	list, levels := make([]mapping.Field, len(headings)), make([]int, len(headings))
	for i := range headings {
		list[i], levels[i] = fieldOf(form.Get(columnField(i)))
	}
	v := mapping.Values{Separator: form.Get("separator"), Outline: form.Get("outline") == "yes", AfterEnd: form.Get("afterend") == "yes", Inverse: form.Get("inverse") == "yes",
		In: listOf(form.Get("in")), Out: listOf(form.Get("out"))}
	if value.Order(form.Get("dates")) == value.MonthFirst {
		v.Dates = value.MonthFirst
	}
	if s := value.Scale(form.Get("scale")); slices.Contains([]value.Scale{value.One, value.Percent, value.Hours}, s) {
		v.Scale = s
	}
	if text := form.Get("width"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 40 {
			wrong.Wrong("width", "error.width", nil)
		}
		v.Width = n
	}
	if text := strings.ReplaceAll(form.Get("hours"), ",", "."); text != "" {
		h, err := strconv.ParseFloat(text, 64)
		if err != nil || !(h >= 0 && h <= 168) {
			wrong.Wrong("hours", "error.hours", nil)
			h = 0
		}
		v.FullHours = h
	}
	key := mapping.Key(form.Get("key"))
	if !slices.Contains(mapping.Keys(), key) {
		key = ""
	}
	return mapping.New(headings, list, levels, key, v), wrong.Err()
}

// listOf reads words with commas between them.
func listOf(text string) []string {
	var out []string
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' }) {
		if word = strings.TrimSpace(word); word != "" && len(out) < 50 {
			out = append(out, word)
		}
	}
	return out
}

func (d *Desk) columns(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	x, err := d.find(r)
	if err != nil {
		return err
	}
	m, err := readMapping(form, headingsOf(x.reading))
	if err == nil {
		if x.reading.Saved && number(form.Get("version")) < x.v.Version && sameMapping(x.reading, m) {
			return r.Redirect(w, importAt(x.v.ID), nil) // sent twice
		}
		err = d.People.Map(r.Context(), r.Actor, x.v.ID, m, number(form.Get("version")))
	}
	if err != nil && !maps(&x.v, x.reading) { // it went on meanwhile
		return err
	}
	if err != nil {
		return refilled(r, form, err, func(status int, state *ui.FormState) error {
			x.form = state
			return d.columnsPage(w, r, x, status)
		})
	}
	return r.Redirect(w, importAt(x.v.ID), nil)
}

func sameMapping(reading *people.Reading, m *mapping.Mapping) bool {
	text, err := m.JSON()
	return err == nil && string(text) == string(reading.Mapping)
}

// anew is where a file that was read wrongly comes in anew.
func (x importView) anew() string {
	return fmt.Sprintf("%s/new?source=%s&instead=%s", importsAt, x.source.ID, x.v.ID)
}
