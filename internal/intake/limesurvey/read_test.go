package limesurvey_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake/limesurvey"
)

func TestLocaleSaysTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := limesurvey.Locale().Check(); err != nil {
		t.Error(err)
	}
}

func taken(t testing.TB, src []byte, opt limesurvey.Options) *limesurvey.Survey {
	t.Helper()
	s, err := limesurvey.Read("survey.lss", src, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEachTypeOfQuestionBecomesWhatIsLikeIt(t *testing.T) {
	t.Parallel()
	for _, modern := range []bool{false, true} {
		in := taken(t, everyKind(modern).bytes(), limesurvey.Options{Background: []string{"DEP"}}).Instrument
		kinds := map[string]instrument.Kind{
			"dep": instrument.Single, "use": instrument.Single, "tools": instrument.Multiple, "why": instrument.Multiple, "grid": instrument.Matrix,
			"dual_1": instrument.Matrix, "dual_2": instrument.Matrix, "five": instrument.Matrix, "ten": instrument.Matrix, "ync": instrument.Matrix, "isd": instrument.Matrix,
			"nums_SQ001": instrument.Number, "nums_SQ002": instrument.Number, "shorts_SQ001": instrument.OpenText, "shorts_SQ002": instrument.OpenText,
			"lead": instrument.Single, "sex": instrument.Single, "score": instrument.Scale, "years": instrument.Number, "say": instrument.OpenText,
			"rank_1": instrument.Single, "rank_2": instrument.Single, "hello": instrument.Info,
		}
		if len(in.Items) != len(kinds) {
			t.Errorf("%d items, want %d", len(in.Items), len(kinds))
		}
		for i := range in.Items {
			if it := &in.Items[i]; it.Kind != kinds[it.ID] {
				t.Errorf("%s is a %s, want %q", it.ID, it.Kind, kinds[it.ID])
			}
		}
		if in.Items[0].ID != "hello" || in.Items[0].Question[instrument.NL] != "Welkom\nbij de bevraging" {
			t.Errorf("the first is %s %q: groups stand in the wrong order", in.Items[0].ID, in.Items[0].Question)
		}
		if !slices.Equal(in.Languages, []instrument.Lang{instrument.NL, instrument.FR}) || in.Title[instrument.NL] != "Bevraging AI nl-informal" {
			t.Errorf("languages %v, title %v", in.Languages, in.Title)
		}
		dep := in.Item("dep")
		if !dep.Required || !dep.Group || dep.Topic != instrument.TopicBackground || len(dep.Options) != 3 || dep.Options[2].ID != "other" || dep.Options[0].Label[instrument.FR] != "État civil" {
			t.Errorf("%+v", dep)
		}
		if q := in.Item("use").Question[instrument.NL]; q != "Hoe vaak gebruik je AI , …?" {
			t.Errorf("the question reads %q", q)
		}
		if o := in.Item("use").Options[3]; o.Missing != instrument.MissingDontKnow {
			t.Errorf("“Weet niet” is %+v", o)
		}
		if o := in.Item("tools").Options; !o[2].Exclusive || o[0].Exclusive || len(o) != 4 {
			t.Errorf("%+v", o)
		}
		if o := in.Item("isd").Options; o[0].ID != "D" || *o[2].Value != 3 {
			t.Errorf("less, same, more are in the order %+v", o)
		}
		if y := in.Item("years"); y.Min == nil || *y.Min != 0 || y.Max != nil {
			t.Errorf("%+v", y)
		}
	}
}

func TestRelevanceBecomesAConditionWhereOursHasOne(t *testing.T) {
	t.Parallel()
	in := taken(t, everyKind(true).bytes(), limesurvey.Options{}).Instrument
	for id, want := range map[string]string{
		"tools": `use in ["2", "3"]`,
		"why":   `chosen(tools, "SQ001") or chosen(tools, "SQ002")`,
		"years": `lead == "Y" and score in ["3", "4", "5"]`,
		"say":   ``, "dep": ``,
	} {
		if got := in.Item(id).Visible; got != want {
			t.Errorf("%s is asked when %q, want %q", id, got, want)
		}
	}
	// One condition a question, on a survey of its own: with the question and what must become of it.
	for relevance, want := range map[string]string{
		`1`: ``, ``: ``, `((1))`: ``,
		`(use.NAOK == "2")`:                     `use == "2"`,
		`"2" == use`:                            `use == "2"`,
		`use != "1" and lead.NAOK eq 'N'`:       `use != "1" and lead == "N"`,
		`is_empty(use)`:                         `not answered(use)`,
		`!is_empty(use.NAOK)`:                   `answered(use)`,
		`use == ""`:                             `not answered(use)`,
		`dep.NAOK == "-oth-"`:                   `dep == "other"`,
		`tools_SQ001 != "Y"`:                    `not chosen(tools, "SQ001")`,
		`(use == 1 || use == 2) && lead == "Y"`: `(use == "1" or use == "2") and lead == "Y"`,
		`not (use == "1" or lead == "Y")`:       `not (use == "1" or lead == "Y")`,
		`n > 5 and n <= 7.5`:                    `n > 5 and n <= 7.5`,
		`5 < n`:                                 `n > 5`,
		`grid_1.NAOK == "A1"`:                   `grid_1 == "A1"`,
		`123456X1X11.NAOK == "2"`:               `use == "2"`,
		`use == "7"`:                            `-`, // no such answer
		`regexMatch("/x/", use)`:                `-`,
		`use.NAOK == lead.NAOK`:                 `-`,
		`use == "1" and`:                        `-`,
		`(use == "1"`:                           `-`,
		`use.shown == "x"`:                      `-`,
		`elsewhere == "Y"`:                      `-`,
		`use == "1" xor lead == "Y"`:            `-`,
		`use == "1" and use == "2"`:             `-`, // nobody can meet it
		strings.Repeat("!(", 60) + `use == "1"`: `-`,
	} {
		l := newLSS(true, "nl")
		use := l.q("L", "use", w("Gebruik"))
		for i := range 3 {
			l.answer(use, fmtInt(i+1), 0, "antwoord "+fmtInt(i))
		}
		if use != "11" {
			t.Fatalf("the question has number %s", use)
		}
		dep := l.q("L", "dep", w("Dienst"), "other", "Y")
		l.answer(dep, "A1", 0, "Sport")
		l.q("Y", "lead", w("Leiding?"))
		l.q("N", "n", w("Aantal"))
		tools := l.q("M", "tools", w("Welke"))
		l.sub(tools, "SQ001", "een")
		l.sub(tools, "SQ002", "twee")
		grid := l.q("F", "grid", w("Tabel"))
		l.sub(grid, "1", "rij")
		l.answer(grid, "A1", 0, "ja")
		l.answer(grid, "A2", 0, "nee")
		l.q("T", "last", w("Laatste"), "relevance", relevance)
		s := taken(t, l.bytes(), limesurvey.Options{})
		said := slices.ContainsFunc(s.Notes, func(n limesurvey.Note) bool { return n.Key == "condition" })
		if got := s.Instrument.Item("last").Visible; want == "-" && (got != "" || !said) || want != "-" && (got != want || said) {
			t.Errorf("%s became %q (said: %v), want %q", relevance, got, said, want)
		}
	}
}

func fmtInt(n int) string { return string(rune('0' + n)) }

func TestWhatHasNoEquivalentIsSaidWithItsCode(t *testing.T) {
	t.Parallel()
	s := taken(t, everyKind(true).bytes(), limesurvey.Options{Background: []string{"dep", "nowhere"}})
	for code, key := range map[string]string{"birth": "date", "cells": "grid", "calc": "equation", "cv": "upload", "lang": "switch", "odd": "unknown",
		"why": "comment", "dep": "beside", "dual": "dual", "nums": "several", "rank": "ranking", "say": "condition", "use": "expression"} {
		if !slices.ContainsFunc(s.Notes, func(n limesurvey.Note) bool { return n.Code == code && n.Key == key }) {
			t.Errorf("nothing is said of %s (%s)", code, key)
		}
	}
	var all []string
	for _, n := range s.Notes {
		for _, lang := range instrument.Languages() {
			if text := n.In(lang); text == "" || strings.Contains(text, "note.") {
				t.Errorf("%v reads %q", n, text)
			}
		}
		all = append(all, n.In(instrument.EN))
	}
	for _, want := range []string{"We do not know the language es", "There is no question with the code nowhere", `count(tools_SQ001, tools_SQ002)`} {
		if !strings.Contains(strings.Join(all, "\n"), want) {
			t.Errorf("%q is not said in\n%s", want, strings.Join(all, "\n"))
		}
	}
}

func TestHostileStructuresAreRefused(t *testing.T) {
	t.Parallel()
	good := string(everyKind(true).bytes())
	for name, src := range map[string]string{
		"empty":            "",
		"no XML":           "just words",
		"another XML":      "<html><body/></html>",
		"a document type":  strings.Replace(good, "<document>", `<!DOCTYPE document [<!ENTITY a "b">]><document>`, 1),
		"an outside file":  strings.Replace(good, "<document>", `<!DOCTYPE document SYSTEM "file:///etc/passwd"><document>`, 1),
		"an entity":        strings.Replace(good, "<![CDATA[dep]]>", "&xxe;", 1),
		"cut off":          good[:len(good)/2],
		"crossed":          strings.Replace(good, "</document>", "</documents>", 1),
		"a group":          strings.Replace(good, "<LimeSurveyDocType>Survey", "<LimeSurveyDocType>Group", 1),
		"too deep":         strings.Repeat("<a>", 1000),
		"another encoding": strings.Replace(good, "UTF-8", "UTF-16", 1),
		"no UTF-8":         good[:100] + "\xff" + good[100:],
		"no questions":     "<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>",
		"too large":        "<document>" + strings.Repeat(" ", limesurvey.MaxBytes),
		"too many rows":    "<document><questions><rows>" + strings.Repeat("<row></row>", 100_001),
	} {
		_, err := limesurvey.Read("x.lss", []byte(src), limesurvey.Options{})
		var p *limesurvey.Problem
		if !errors.As(err, &p) || p.Message == "" || p.Mend == "" || p.File != "x.lss" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheQuestionnaireReadsBack(t *testing.T) {
	t.Parallel()
	s := taken(t, everyKind(true).bytes(), limesurvey.Options{})
	again, err := instrument.Parse("q.yaml", s.YAML)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Items) != len(s.Instrument.Items) {
		t.Errorf("%d items of %d", len(again.Items), len(s.Instrument.Items))
	}
}

func FuzzRead(f *testing.F) {
	for _, modern := range []bool{true, false} {
		l := newLSS(modern, "nl")
		q := l.q("L", "q", w("Vraag"), "other", "Y")
		l.answer(q, "A1", 0, "ja")
		m := l.q("M", "m", w("Welke"), "relevance", `q == "A1"`)
		l.sub(m, "a", "een")
		l.sub(m, "b", "twee")
		f.Add(l.bytes())
	}
	f.Add([]byte("<document><questions><rows><row><title>a</title></row></rows></questions></document>"))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := limesurvey.Read("x.lss", src, limesurvey.Options{Background: []string{"a"}})
		if err != nil {
			return
		}
		if _, err := instrument.Parse("q.yaml", s.YAML); err != nil {
			t.Errorf("the questionnaire does not read back: %v\n%s", err, s.YAML)
		}
	})
}
