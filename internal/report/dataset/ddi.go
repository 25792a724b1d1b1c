package dataset

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/dataset/sav"
	"tekentafel/internal/report/findings"
)

// The namespace and the schema of DDI-Codebook 2.5 (DDI Alliance, 2012).
const (
	ddiNamespace = "ddi:codebook:2_5"
	ddiSchema    = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
)

// Ids of the files in the codebook.
const (
	ddiSAV = "F1"
	ddiCSV = "F2"
)

// writeDDI writes codebook.xml.
func (t *table) writeDDI(w io.Writer) error {
	lang := string(t.opt.Lang)
	return writeXML(w, el("codeBook", []string{"xmlns", ddiNamespace, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xsi:schemaLocation", ddiNamespace + " " + ddiSchema, "version", "2.5", "xml:lang", lang},
		el("docDscr", nil, t.ddiCitation(t.words.T("ddi.document", map[string]string{"title": t.opt.Title}))),
		t.ddiStudy(),
		t.ddiFile(ddiSAV, "answers.sav", "SPSS"),
		t.ddiFile(ddiCSV, "answers.csv", "CSV (UTF-8)"),
		el("dataDscr", nil, append(t.ddiGroups(), t.ddiVariables()...)...),
		el("otherMat", []string{"level", "study", "type", "R", "URI", "reproduce.R"}, txt("labl", t.words.T("ddi.script", nil))),
		el("otherMat", []string{"level", "study", "type", "JSON", "URI", "findings.json"}, txt("labl", t.words.T("ddi.findings", nil))),
	))
}

func (t *table) ddiCitation(title string) *element {
	f := t.in.Findings
	made := t.opt.Made.UTC().Format("2006-01-02")
	return el("citation", nil,
		el("titlStmt", nil, txt("titl", title), txt("subTitl", f.Wave.Label)),
		el("rspStmt", nil, txt("AuthEnty", f.Wave.Organisation)),
		el("prodStmt", nil, txt("producer", f.Wave.Organisation), txt("prodDate", made, "date", made), txt("software", t.opt.Program)),
		el("verStmt", nil, txt("version", f.Instrument.ID+" "+f.Instrument.Version, "date", made)),
	)
}

func (t *table) ddiStudy() *element {
	f, w := t.in.Findings, t.words
	rate := ""
	if f.Wave.ResponseRate > 0 {
		rate = w.T("ddi.rate", map[string]string{"rate": w.Percent(f.Wave.ResponseRate), "n": w.Int(f.Respondents), "all": w.Int(int(f.Wave.Population))})
	}
	universe := w.T("ddi.universe", map[string]string{"organisation": f.Wave.Organisation})
	return el("stdyDscr", nil,
		t.ddiCitation(t.opt.Title),
		el("stdyInfo", nil,
			el("subject", nil, txt("keyword", w.T("ddi.keyword", nil))),
			txt("abstract", t.abstract()),
			el("sumDscr", nil, txt("anlyUnit", w.T("ddi.unit", nil)), txt("universe", universe), txt("dataKind", w.T("ddi.kind", nil)))),
		el("method", nil,
			el("dataColl", nil,
				txt("collMode", w.T("ddi.mode", nil)),
				txt("resInstru", f.Instrument.Title.In(t.opt.Lang)+" ("+f.Instrument.ID+" "+f.Instrument.Version+"). "+f.Instrument.Source),
				txt("weight", t.weighting())),
			anlyInfo(rate)),
		el("dataAccs", nil, el("useStmt", nil,
			txt("confDec", w.T("terms.confidential", nil)), txt("restrctn", w.T("terms.restriction", nil)), txt("conditions", t.terms()),
			txt("disclaimer", t.disclaimer()))),
	)
}

func anlyInfo(rate string) *element {
	if rate == "" {
		return nil
	}
	return el("anlyInfo", nil, txt("respRate", rate))
}

func (t *table) ddiFile(id, name, format string) *element {
	return el("fileDscr", []string{"ID", id, "URI", name}, el("fileTxt", nil,
		txt("fileName", name),
		txt("fileCont", t.words.T("ddi.content", nil)),
		el("fileStrc", []string{"type", "rectangular"}),
		el("dimensns", nil, txt("caseQnty", strconv.Itoa(len(t.order))), txt("varQnty", strconv.Itoa(len(t.columns)))),
		txt("fileType", format)))
}

// ddiGroups says which variables belong to one question.
func (t *table) ddiGroups() []*element {
	var out []*element
	matrices := map[string][]string{}
	var ids []string
	for _, c := range t.columns {
		if c.variable != nil && c.variable.Row != nil {
			if id := c.variable.Item.ID; len(matrices[id]) == 0 {
				ids = append(ids, id)
			}
			matrices[c.variable.Item.ID] = append(matrices[c.variable.Item.ID], ddiID(c))
		}
	}
	group := func(kind, name string, it *instrument.Item, variables []string) {
		out = append(out, el("varGrp", []string{"ID", "G" + strconv.Itoa(len(out)+1), "type", kind, "name", name, "var", strings.Join(variables, " ")},
			txt("labl", it.Name().In(t.opt.Lang)), txt("txt", it.Question.In(t.opt.Lang))))
	}
	for _, id := range ids {
		it := t.in.Answers.Instrument.Item(id)
		group("grid", id, it, matrices[id])
	}
	for _, s := range t.sets {
		var variables []string
		for _, c := range s.columns {
			variables = append(variables, ddiID(c))
		}
		group("multipleResp", s.name, s.item, variables)
	}
	return out
}

// ddiID is the id of a variable in the codebook.
func ddiID(c *column) string { return "V_" + c.name }

func (t *table) ddiVariables() []*element {
	counts := t.published()
	var out []*element
	for _, c := range t.columns {
		out = append(out, t.ddiVariable(c, counts))
	}
	return out
}

func (t *table) ddiVariable(c *column, counts map[[2]string]int) *element {
	nature := map[sav.Measure]string{sav.Nominal: "nominal", sav.Ordinal: "ordinal", sav.Scale: "ratio"}[c.measure]
	interval := "discrete"
	if c.measure == sav.Scale {
		interval = "contin"
	}
	attrs := []string{"ID", ddiID(c), "name", c.name, "files", ddiSAV + " " + ddiCSV, "intrvl", interval, "nature", nature}
	if c.kind == weight {
		return el("var", append(attrs, "wgt", "wgt"), txt("labl", c.label), txt("txt", t.weighting()), format())
	}
	if c.kind != synthetic && t.in.Weights.Method != "none" {
		attrs = append(attrs, "wgt-var", "V_"+weightName)
	}
	e := el("var", attrs, txt("labl", c.label))
	if v := c.variable; v != nil {
		e.below = append(e.below, el("qstn", nil, txt("preQTxt", around(v, t.opt.Lang)), txt("qstnLit", v.Wording().In(t.opt.Lang)), txt("ivuInstr", v.Item.Help.In(t.opt.Lang))))
	}
	if c.kind == number {
		if low, high, some := span(c.values); some {
			e.below = append(e.below, el("valrng", nil, el("range", []string{"UNITS", "REAL", "min", low, "max", high})))
		}
	}
	if c.kind != synthetic {
		r := c.absent.missing()
		e.below = append(e.below, el("invalrng", nil, el("range", []string{"UNITS", "INT", "min", plain(r.Low), "max", plain(r.High)})))
	}
	if v := c.variable; v != nil && v.Item.Visible != "" {
		e.below = append(e.below, txt("universe", t.words.T("ddi.condition", map[string]string{"condition": v.Item.Visible})))
	}
	e.below = append(e.below, t.ddiCategories(c, counts)...)
	e.below = append(e.below, format())
	return e
}

func format() *element {
	return el("varFormat", []string{"type", "numeric", "schema", "SPSS"})
}

// around is the question that a row or an option belongs to.
func around(v *instrument.Variable, lang instrument.Lang) string {
	if v.Row == nil && v.Option == nil {
		return ""
	}
	return v.Item.Question.In(lang)
}

// ddiCategories lists the codes of a variable, with the counts that the report publishes.
func (t *table) ddiCategories(c *column, counts map[[2]string]int) []*element {
	var out []*element
	for code, text := range c.texts {
		if text == "" {
			continue
		}
		var attrs []string
		if !valid(code) && c.kind != synthetic {
			attrs = []string{"missing", "Y"}
		}
		cat := el("catgry", attrs, txt("catValu", plain(c.values[code])), txt("labl", text), txt("txt", "answers.csv: "+c.cells[code]))
		if n, shown := counts[[2]string{c.id, c.cells[code]}]; shown && valid(code) {
			cat.below = append(cat.below, txt("catStat", strconv.Itoa(n), "type", "freq", "wgtd", "not-wgtd"))
		}
		out = append(out, cat)
	}
	return out
}

// published returns how many people gave an answer, by variable and cell, where the report shows it. What the report hides
// stays out of the codebook, which travels further than the data.
func (t *table) published() map[[2]string]int {
	out := map[[2]string]int{}
	for _, s := range t.in.Findings.Shares {
		if s.Group != nil || s.Suppressed {
			continue
		}
		if q := t.question(s.Item); q != nil && q.Kind == string(instrument.Multiple) {
			out[[2]string{s.Item + "." + s.Option, "1"}] = s.N
			out[[2]string{s.Item + "." + s.Option, "0"}] = s.Base - s.N
			continue
		}
		out[[2]string{s.Item, guard(s.Option)}] = s.N
	}
	return out
}

func (t *table) question(id string) *findings.Question {
	i := slices.IndexFunc(t.in.Findings.Questions, func(q findings.Question) bool { return q.ID == id })
	if i < 0 {
		return nil
	}
	return &t.in.Findings.Questions[i]
}

// span returns the lowest and highest answer of a number.
func span(values []float64) (low, high string, some bool) {
	if len(values) <= instrument.FirstOption {
		return "", "", false
	}
	return plain(values[instrument.FirstOption]), plain(values[len(values)-1]), true
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// terms is under which conditions the data may be used.
func (t *table) terms() string {
	if t.opt.Terms != "" {
		return t.opt.Terms
	}
	return t.words.T("terms.usual", nil)
}

// disclaimer says what the data is not.
func (t *table) disclaimer() string {
	var parts []string
	if t.isSynthetic() {
		parts = append(parts, t.words.T("synthetic.note", nil))
	}
	if p := t.in.Findings.Instrument.Pilot.In(t.opt.Lang); p != "" {
		parts = append(parts, p)
	}
	return strings.Join(parts, " ")
}

// abstract says in a few sentences what the data is.
func (t *table) abstract() string {
	text := t.words.N("readme.what", t.in.Findings.Respondents, map[string]string{"n": t.words.Int(t.in.Findings.Respondents),
		"organisation": fallback(t.in.Findings.Wave.Organisation), "instrument": t.in.Findings.Instrument.Title.In(t.opt.Lang)})
	if d := t.in.Answers.Instrument.Description.In(t.opt.Lang); d != "" {
		text += " " + d
	}
	return text
}

func fallback(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// weighting says how the weights were made.
func (t *table) weighting() string {
	w, f := t.words, t.in.Findings
	switch t.in.Weights.Method {
	case "raking":
		var names []string
		for _, id := range t.in.Weights.Raked {
			name := id
			if q := t.question(id); q != nil {
				name = q.Label.In(t.opt.Lang)
			}
			names = append(names, w.Quote(name))
		}
		text := w.T("weight.raking", map[string]string{"margins": w.And(names), "deff": w.Decimal(f.Weights.KishDeff, 2)})
		if f.Weights.Trimmed > 0 {
			text += " " + w.N("weight.trimmed", f.Weights.Trimmed, map[string]string{"n": w.Int(f.Weights.Trimmed), "most": w.Decimal(f.Weights.Max, 1)})
		}
		return text
	case "column":
		return w.T("weight.column", map[string]string{"deff": w.Decimal(f.Weights.KishDeff, 2)})
	default:
		return w.T("weight.none", nil)
	}
}
