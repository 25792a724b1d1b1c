package limesurvey

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/instrument"
)

// survey is the structure with what belongs together put together.
type survey struct {
	id        string
	base      string   // language in which it was written
	codes     []string // languages as LimeSurvey names them, the base first
	languages []instrument.Lang
	titles    map[string]string // by language
	questions []*question
}

// question is a question with its subquestions and answers, in order.
type question struct {
	id, code, kind string
	texts, helps   map[string]string
	other          bool
	required       bool
	relevance      []string // of its group and its own
	rows, columns  []sub    // subquestions of the first and the second scale
	answers        [2][]answer
	attributes     map[string]string
}

// sub is a subquestion.
type sub struct {
	code  string
	texts map[string]string
}

// answer is an answer to choose.
type answer struct {
	code  string
	texts map[string]string
}

// gather puts the tables together. Texts stand in the tables themselves in exports before version 4, a row a language; since
// then in tables of their own.
func (s *structure) gather() *survey {
	out := &survey{titles: map[string]string{}}
	if list := s.tables["surveys"]; len(list) > 0 {
		out.id, out.base = strings.TrimSpace(list[0]["sid"]), strings.TrimSpace(list[0]["language"])
	}
	for _, l := range s.tables["surveys_languagesettings"] {
		out.titles[l["surveyls_language"]] = l["surveyls_title"]
	}
	if out.base == "" && len(s.languages) > 0 {
		out.base = s.languages[0]
	}
	for _, code := range append([]string{out.base}, s.languages...) {
		if code != "" && !slices.Contains(out.codes, code) {
			out.codes = append(out.codes, code)
		}
	}
	groups := s.groups()
	byID := map[string]*question{}
	attributes := map[string]map[string]string{}
	for _, a := range s.tables["question_attributes"] {
		if attributes[a["qid"]] == nil {
			attributes[a["qid"]] = map[string]string{}
		}
		attributes[a["qid"]][a["attribute"]] = a["value"]
	}
	type placed struct {
		group, order int
		q            *question
	}
	var list []placed
	for _, r := range s.tables["questions"] {
		if p := r["parent_qid"]; p != "" && p != "0" {
			continue
		}
		q := byID[r["qid"]]
		if q == nil {
			g := groups[r["gid"]]
			q = &question{id: r["qid"], code: strings.TrimSpace(r["title"]), kind: strings.TrimSpace(r["type"]), texts: map[string]string{}, helps: map[string]string{},
				other: r["other"] == "Y", required: r["mandatory"] == "Y" || r["mandatory"] == "S", attributes: attributes[r["qid"]]}
			q.relevance = compact(g.relevance, r["relevance"])
			byID[r["qid"]] = q
			list = append(list, placed{g.order, whole(r["question_order"]), q})
		}
		out.text(q.texts, r, "question")
		out.text(q.helps, r, "help")
	}
	s.subquestions(out, byID)
	for _, r := range s.tables["question_l10ns"] {
		if q := byID[r["qid"]]; q != nil {
			out.text(q.texts, r, "question")
			out.text(q.helps, r, "help")
		}
	}
	s.answers(out, byID)
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.order, b.order)) })
	for _, p := range list {
		out.questions = append(out.questions, p.q)
	}
	return out
}

// text keeps the text of a row in its language.
func (s *survey) text(to map[string]string, r row, field string) {
	if v := r[field]; v != "" {
		to[cmp.Or(r["language"], s.base)] = v
	}
}

type lgroup struct {
	order     int
	relevance string
}

func (s *structure) groups() map[string]lgroup {
	out := map[string]lgroup{}
	for _, r := range s.tables["groups"] {
		out[r["gid"]] = lgroup{whole(r["group_order"]), r["grelevance"]}
	}
	return out
}

func (s *structure) subquestions(out *survey, byID map[string]*question) {
	type placed struct {
		order int
		scale bool
		sub   *sub
		of    *question
	}
	subs := map[string]*placed{}
	var list []*placed
	for _, r := range s.tables["subquestions"] {
		q := byID[r["parent_qid"]]
		if q == nil {
			continue
		}
		p := subs[r["qid"]]
		if p == nil {
			p = &placed{whole(r["question_order"]), whole(r["scale_id"]) == 1, &sub{strings.TrimSpace(r["title"]), map[string]string{}}, q}
			subs[r["qid"]] = p
			list = append(list, p)
		}
		out.text(p.sub.texts, r, "question")
	}
	for _, r := range s.tables["question_l10ns"] {
		if p := subs[r["qid"]]; p != nil {
			out.text(p.sub.texts, r, "question")
		}
	}
	slices.SortStableFunc(list, func(a, b *placed) int { return cmp.Compare(a.order, b.order) })
	for _, p := range list {
		if p.scale {
			p.of.columns = append(p.of.columns, *p.sub)
		} else {
			p.of.rows = append(p.of.rows, *p.sub)
		}
	}
}

func (s *structure) answers(out *survey, byID map[string]*question) {
	type placed struct {
		order, scale int
		answer       *answer
		of           *question
	}
	seen := map[[3]string]*placed{}
	byAID := map[string]*placed{}
	var list []*placed
	for _, r := range s.tables["answers"] {
		q := byID[r["qid"]]
		if q == nil {
			continue
		}
		key := [3]string{r["qid"], r["scale_id"], r["code"]}
		p := seen[key]
		if p == nil {
			p = &placed{whole(r["sortorder"]), min(1, max(0, whole(r["scale_id"]))), &answer{strings.TrimSpace(r["code"]), map[string]string{}}, q}
			seen[key] = p
			list = append(list, p)
			if r["aid"] != "" {
				byAID[r["aid"]] = p
			}
		}
		out.text(p.answer.texts, r, "answer")
	}
	for _, r := range s.tables["answer_l10ns"] {
		if p := byAID[r["aid"]]; p != nil {
			out.text(p.answer.texts, r, "answer")
		}
	}
	slices.SortStableFunc(list, func(a, b *placed) int { return cmp.Compare(a.order, b.order) })
	for _, p := range list {
		p.of.answers[p.scale] = append(p.of.answers[p.scale], *p.answer)
	}
}

// compact keeps conditions that say something.
func compact(list ...string) (out []string) {
	for _, r := range list {
		if r = strings.TrimSpace(r); r != "" && r != "1" {
			out = append(out, r)
		}
	}
	return out
}

func whole(s string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(s)) // what is no number stands first
	return n
}
