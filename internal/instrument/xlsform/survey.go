package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/instrument"
)

// mendType is what to do about a question of a type that has no counterpart.
const mendType = "ask it as select_one, select_multiple, integer, decimal, text or note, or leave it out"

// recording are the types that note who answers and when: an instrument has no place for them, by intent.
var recording = []string{"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit", "start-geopoint", "background-audio"}

// survey carries the rows over.
func (r *reader) survey() {
	r.rowOf = map[string]row{}
	t := r.tables["survey"]
	needed := r.namedInConditions()
	for _, at := range t.rows {
		kind, rest := splitType(t.get(at, "type"))
		switch {
		case kind == "":
			r.note("survey", at.at, "type", "the row has no type", "fill it in, or remove the row")
		case kind == "begin_group" || kind == "begin_repeat":
			r.begin(at, kind == "begin_repeat")
		case kind == "end_group" || kind == "end_repeat":
			if len(r.groups) == 0 {
				r.note("survey", at.at, "type", "a group ends that did not begin", "remove the row")
				continue
			}
			r.groups = r.groups[:len(r.groups)-1]
		case kind == "calculate" || kind == "hidden":
			r.note("survey", at.at, "type", "a calculation is not carried over", "nothing, unless a condition uses it: figures are worked out from the answers")
		case slices.Contains(recording, kind):
			r.note("survey", at.at, "type", quote(kind)+" is not carried over", "nothing: who answers, where and when is not recorded")
		default:
			r.question(at, kind, rest, needed)
		}
	}
	if len(r.groups) > 0 {
		r.note("survey", 0, "type", "a group has no end", "add a row end_group")
	}
}

// splitType reads a type, in its older spellings too: "select one yes_no or_other".
func splitType(s string) (kind string, rest []string) {
	words := strings.Fields(s)
	if len(words) == 0 {
		return "", nil
	}
	kind = strings.ToLower(words[0])
	words = words[1:]
	next := func() string {
		if len(words) == 0 {
			return ""
		}
		return strings.ToLower(words[0])
	}
	switch {
	case kind == "select" && (next() == "one" || next() == "multiple"):
		kind, words = "select_"+next(), words[1:]
	case kind == "select1":
		kind = "select_one"
	case (kind == "begin" || kind == "end") && (next() == "group" || next() == "repeat"):
		kind, words = kind+"_"+next(), words[1:]
	case kind == "int":
		kind = "integer"
	case kind == "string":
		kind = "text"
	}
	return kind, words
}

func (r *reader) begin(at row, repeat bool) {
	t := r.tables["survey"]
	g := group{relevant: t.get(at, "relevant"), repeat: repeat, module: -1}
	if repeat {
		r.note("survey", at.at, "type", "a repeat is not carried over: its questions are asked once", "ask for a number, or about the most important one")
	}
	label := r.text(t, at, "label")
	if len(r.groups) == 0 && label != nil {
		id := unused(identifier(t.get(at, "name"), "part"), r.modules())
		r.in.Modules = append(r.in.Modules, instrument.Module{ID: id, Label: label})
		g.module = len(r.in.Modules) - 1
	} else if len(r.groups) > 0 {
		g.module = r.groups[0].module
	}
	r.groups = append(r.groups, g)
}

func (r *reader) modules() map[string]bool {
	taken := map[string]bool{}
	for _, m := range r.in.Modules {
		taken[m.ID] = true
	}
	return taken
}

var reference = regexp.MustCompile(`\$\{\s*([^{}\s]+)\s*\}`)

// namedInConditions lists the questions that conditions name: their ids have no hyphen.
func (r *reader) namedInConditions() map[string]bool {
	out := map[string]bool{}
	t := r.tables["survey"]
	for _, at := range t.rows {
		for _, m := range reference.FindAllStringSubmatch(t.get(at, "relevant"), -1) {
			out[m[1]] = true
		}
	}
	return out
}

// question carries one question over.
func (r *reader) question(at row, kind string, rest []string, needed map[string]bool) {
	t := r.tables["survey"]
	name := t.get(at, "name")
	it := instrument.Item{Question: r.text(t, at, "label"), Help: r.text(t, at, "hint"), Topic: instrument.TopicOther}
	var options map[string]string
	switch kind {
	case "note":
		it.Kind = instrument.Info
	case "text":
		it.Kind = instrument.OpenText
	case "integer", "decimal":
		it.Kind = instrument.Number
		r.constraint(at, &it, kind == "integer")
	case "range":
		options = r.rangeOf(at, &it)
	case "select_one", "select_multiple":
		var ok bool
		if options, ok = r.choose(at, &it, kind, rest); !ok {
			return
		}
	default:
		r.note("survey", at.at, "type", "the type "+quote(kind)+" has no counterpart: the question is left out", mendType)
		return
	}
	if it.Question == nil && it.Help != nil {
		it.Question, it.Help = it.Help, nil
	}
	if it.Question == nil {
		if kind == "note" {
			r.note("survey", at.at, "label", "an empty note is left out", "write its text")
			return
		}
		it.Question = instrument.Text{}
		for _, l := range r.in.Languages {
			it.Question[l] = r.clean("survey", at.at, "name", orElse(name, "?"))
		}
		r.note("survey", at.at, "label", "the question has no label: its name stands there", "write the question")
	}
	it.ID = r.name(at, name, needed[name])
	it.Required = it.Kind != instrument.Info && r.required(at)
	it.Visible = r.condition(at)
	r.keep(at, name, it, options)
}

// keep adds an item.
func (r *reader) keep(at row, name string, it instrument.Item, options map[string]string) {
	if len(r.in.Items) >= instrument.MaxItems {
		r.note("survey", at.at, "", "the form has too many questions: this one is left out", fmt.Sprintf("keep at most %d", instrument.MaxItems))
		return
	}
	r.rowOf[it.ID] = at
	r.in.Items = append(r.in.Items, it)
	if n := len(r.groups); n > 0 && r.groups[n-1].module >= 0 {
		m := &r.in.Modules[r.groups[n-1].module]
		m.Items = append(m.Items, it.ID)
	}
	if name != "" && it.Kind != instrument.Info {
		kept := it
		r.targets[name] = target{item: &kept, options: options}
	}
}

// name returns the id of a question: its own name where that is allowed and free.
func (r *reader) name(at row, name string, inCondition bool) string {
	id := identifier(name, "question")
	if inCondition {
		id = strings.ReplaceAll(id, "-", "_")
	}
	id = unused(id, r.taken)
	r.taken[id] = true
	if id != name {
		r.note("survey", at.at, "name", "the name "+quote(name)+" became "+quote(id), "nothing, unless other programs use the name")
	}
	return id
}

// choose gives an item the choices of its list.
func (r *reader) choose(at row, it *instrument.Item, kind string, rest []string) (map[string]string, bool) {
	it.Kind = instrument.Single
	if kind == "select_multiple" {
		it.Kind = instrument.Multiple
	}
	if len(rest) == 0 {
		r.note("survey", at.at, "type", "the question names no list of choices: it is left out", "write "+kind+" and the list_name")
		return nil, false
	}
	choices := r.lists[rest[0]]
	names := map[string]string{}
	for _, c := range choices {
		o := c.option
		if it.Kind == instrument.Multiple {
			o.Values = nil
		}
		it.Options = append(it.Options, o)
		names[c.name] = o.ID
	}
	if len(rest) > 1 && rest[len(rest)-1] == "or_other" {
		r.other(it)
		r.note("survey", at.at, "type", "or_other became a choice, without a place to write", "add an open question if you need the words")
	}
	if len(it.Options) < 2 {
		r.note("survey", at.at, "type", fmt.Sprintf("the list %s has %d choices: the question is left out", quote(rest[0]), len(it.Options)), "give at least 2 in the sheet choices")
		return nil, false
	}
	if t := r.tables["survey"]; t.get(at, "choice_filter") != "" {
		r.note("survey", at.at, "choice_filter", "choices cannot depend on earlier answers: all are shown", "split the question, with a condition each")
	}
	return names, true
}

// other adds the choice "other".
func (r *reader) other(it *instrument.Item) {
	words := instrument.Text{instrument.NL: "iets anders", instrument.FR: "autre", instrument.DE: "etwas anderes", instrument.EN: "other"}
	taken := map[string]bool{}
	for _, o := range it.Options {
		taken[o.ID] = true
		for _, l := range r.in.Languages {
			if strings.EqualFold(o.Label[l], words[l]) {
				return
			}
		}
	}
	label := instrument.Text{}
	for _, l := range r.in.Languages {
		label[l] = words[l]
	}
	it.Options = append(it.Options, instrument.Option{ID: unused("other", taken), Label: label})
}

func (r *reader) required(at row) bool {
	switch s := strings.ToLower(r.tables["survey"].get(at, "required")); s {
	case "yes", "true", "true()", "1":
		return true
	case "", "no", "false", "false()", "0":
		return false
	default:
		r.note("survey", at.at, "required", "whether one must answer cannot depend on other answers: one need not", "write yes or no")
		return false
	}
}

// condition joins the condition of a question with those of the groups around it.
func (r *reader) condition(at row) string {
	var parts []string
	sources := []string{}
	for _, g := range r.groups {
		sources = append(sources, g.relevant)
	}
	for _, source := range append(sources, r.tables["survey"].get(at, "relevant")) {
		part, err := translate(source, r.targets)
		if err != nil {
			r.note("survey", at.at, "relevant", "the condition "+quote(source)+" is not carried over, and everyone is asked: "+err.Error(), "set it anew in the questionnaire")
			continue
		}
		if part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " and ")
}

// constraint sets the bounds of a number.
func (r *reader) constraint(at row, it *instrument.Item, whole bool) {
	source := r.tables["survey"].get(at, "constraint")
	if source == "" {
		return
	}
	low, high, strict, err := bounds(source, whole)
	if err != nil {
		r.note("survey", at.at, "constraint", "the bounds "+quote(source)+" are not carried over: "+err.Error(), "set min and max in the questionnaire")
		return
	}
	if strict {
		r.note("survey", at.at, "constraint", "the bound itself may be answered too", "make the bound a little tighter if that matters")
	}
	it.Min, it.Max = low, high
}

// mostPoints is the longest range that becomes a scale; a longer one becomes a number.
const mostPoints = 11

// rangeOf makes a scale of a range, or a number of a long one.
func (r *reader) rangeOf(at row, it *instrument.Item) map[string]string {
	low, high, step := 0.0, 10.0, 1.0
	for _, word := range strings.Fields(strings.ReplaceAll(r.tables["survey"].get(at, "parameters"), ";", " ")) {
		name, value, _ := strings.Cut(word, "=")
		v, err := strconv.ParseFloat(value, 64)
		if err != nil || v < -1e6 || v > 1e6 {
			r.note("survey", at.at, "parameters", quote(word)+" is not understood", "write start=1 end=5 step=1")
			continue
		}
		switch strings.ToLower(name) {
		case "start":
			low = v
		case "end":
			high = v
		case "step":
			step = v
		}
	}
	if !(low < high) || !(step > 0) {
		r.note("survey", at.at, "parameters", "the range does not rise: 0 to 10 stands in its place", "write start=1 end=5 step=1")
		low, high, step = 0, 10, 1
	}
	points := int((high-low)/step) + 1
	if points < 2 || points > mostPoints || low != float64(int(low)) || step != float64(int(step)) {
		it.Kind, it.Min, it.Max = instrument.Number, &low, &high
		return nil
	}
	it.Kind = instrument.Scale
	names := map[string]string{}
	for i := range points {
		v := low + float64(i)*step
		text := strconv.Itoa(int(v))
		label := instrument.Text{}
		for _, l := range r.in.Languages {
			label[l] = text
		}
		id := strings.ReplaceAll(text, "-", "m")
		it.Options = append(it.Options, instrument.Option{ID: id, Label: label, Value: &v})
		names[text] = id
	}
	return names
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
