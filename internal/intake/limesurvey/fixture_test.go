package limesurvey_test

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// lss writes structures of LimeSurvey for tests: questions with subquestions and answers, in the tables that LimeSurvey exports.
type lss struct {
	languages []string
	tables    map[string][][]string // rows of name, value, name, value ...
	next      int
	modern    bool // since version 4, texts stand in tables of their own
}

func newLSS(modern bool, languages ...string) *lss {
	l := &lss{languages: languages, tables: map[string][][]string{}, next: 10, modern: modern}
	l.add("surveys", "sid", "123456", "language", languages[0])
	for _, lang := range languages {
		l.add("surveys_languagesettings", "surveyls_language", lang, "surveyls_title", "Bevraging <b>AI</b> "+lang)
	}
	l.add("groups", "gid", "1", "group_order", "1", "grelevance", "1")
	return l
}

func (l *lss) add(table string, fields ...string) { l.tables[table] = append(l.tables[table], fields) }

// texts are the words of something in each language; one text is for all of them.
func (l *lss) texts(list []string, i int) string {
	if len(list) == 1 {
		return list[0]
	}
	return list[i]
}

// q adds a question and returns its number.
func (l *lss) q(kind, code string, words []string, more ...string) string {
	l.next++
	id := fmt.Sprint(l.next)
	fields := append([]string{"qid", id, "parent_qid", "0", "gid", "1", "type", kind, "title", code, "question_order", id}, more...)
	l.worded("questions", "question_l10ns", "qid", id, "question", fields, words)
	return id
}

func (l *lss) worded(table, l10n, key, id, field string, fields, words []string) {
	if l.modern {
		l.add(table, fields...)
		for i, lang := range l.languages {
			l.add(l10n, key, id, field, l.texts(words, i), "language", lang)
		}
		return
	}
	for i, lang := range l.languages {
		l.add(table, append(append([]string{}, fields...), field, l.texts(words, i), "language", lang)...)
	}
}

// sub adds a subquestion.
func (l *lss) sub(parent, code string, words ...string) {
	l.next++
	id := fmt.Sprint(l.next)
	l.worded("subquestions", "question_l10ns", "qid", id, "question", []string{"qid", id, "parent_qid", parent, "title", code, "question_order", id, "scale_id", "0"}, words)
}

// answer adds an answer to choose.
func (l *lss) answer(qid, code string, scale int, words ...string) {
	l.next++
	id := fmt.Sprint(l.next)
	l.worded("answers", "answer_l10ns", "aid", id, "answer", []string{"aid", id, "qid", qid, "code", code, "sortorder", id, "scale_id", fmt.Sprint(scale)}, words)
}

func (l *lss) bytes() []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<document>\n <LimeSurveyDocType>Survey</LimeSurveyDocType>\n <DBVersion>600</DBVersion>\n <languages>\n")
	for _, lang := range l.languages {
		fmt.Fprintf(&b, "  <language>%s</language>\n", lang)
	}
	b.WriteString(" </languages>\n")
	for _, table := range []string{"answers", "answer_l10ns", "groups", "questions", "question_l10ns", "subquestions", "question_attributes", "surveys", "surveys_languagesettings", "themes"} {
		if len(l.tables[table]) == 0 {
			continue
		}
		fmt.Fprintf(&b, " <%s>\n  <fields><fieldname>x</fieldname></fields>\n  <rows>\n", table)
		for _, row := range l.tables[table] {
			b.WriteString("   <row>\n")
			for i := 0; i+1 < len(row); i += 2 {
				fmt.Fprintf(&b, "    <%s>", row[i])
				if strings.Contains(row[i+1], "]]>") {
					_ = xml.EscapeText(&b, []byte(row[i+1]))
				} else {
					b.WriteString("<![CDATA[" + row[i+1] + "]]>")
				}
				fmt.Fprintf(&b, "</%s>\n", row[i])
			}
			b.WriteString("   </row>\n")
		}
		fmt.Fprintf(&b, "  </rows>\n </%s>\n", table)
	}
	b.WriteString("</document>\n")
	return []byte(b.String())
}

func w(words ...string) []string { return words }

// everyKind is a survey with each type of question.
func everyKind(modern bool) *lss {
	l := newLSS(modern, "nl-informal", "fr", "es")
	l.add("groups", "gid", "2", "group_order", "0", "grelevance", "")
	dep := l.q("L", "dep", w("Bij welke dienst werk je?", "Dans quel service ?", "¿Servicio?"), "mandatory", "Y", "other", "Y")
	l.answer(dep, "A1", 0, "Burgerzaken", "État civil", "x")
	l.answer(dep, "A2", 0, "Sport", "Sport", "x")
	use := l.q("!", "use", w("<p>Hoe vaak gebruik je <em>AI</em>, {TOKEN:FIRSTNAME}?</p>", "Fréquence ?", "x"))
	for i, word := range []string{"nooit", "soms", "vaak"} {
		l.answer(use, fmt.Sprint(i+1), 0, word, word+" fr", "x")
	}
	l.answer(use, "9", 0, "Weet niet", "Ne sait pas", "x")
	tools := l.q("M", "tools", w("Welke?", "Lesquels ?", "x"), "relevance", `((use.NAOK >= "2"))`, "other", "Y")
	l.sub(tools, "SQ001", "Copilot", "Copilot", "x")
	l.sub(tools, "SQ002", "ChatGPT", "ChatGPT", "x")
	l.sub(tools, "SQ003", "geen van deze", "aucun", "x")
	l.add("question_attributes", "qid", tools, "attribute", "exclude_all_others", "value", "SQ003")
	why := l.q("P", "why", w("Waarom?", "Pourquoi ?", "x"), "relevance", `tools_SQ001.NAOK == "Y" or !is_empty(tools_SQ002.NAOK)`)
	l.sub(why, "a", "snel", "vite", "x")
	l.sub(why, "b", "goed", "bien", "x")
	grid := l.q("F", "grid", w("Hoe goed kun je dit?", "Savez-vous ?", "x"), "mandatory", "N")
	l.sub(grid, "1", "prompts", "prompts", "x")
	l.sub(grid, "2", "nakijken", "vérifier", "x")
	for i, word := range []string{"slecht", "redelijk", "goed"} {
		l.answer(grid, fmt.Sprintf("A%d", i+1), 0, word, word+" fr", "x")
	}
	dual := l.q("1", "dual", w("Nu en straks", "x", "x"))
	l.sub(dual, "SQ001", "werk", "x", "x")
	for scale := range 2 {
		l.answer(dual, "A1", scale, "weinig", "x", "x")
		l.answer(dual, "A2", scale, "veel", "x", "x")
	}
	for kind, code := range map[string]string{"A": "five", "B": "ten", "C": "ync", "E": "isd", "K": "nums", "Q": "shorts"} {
		id := l.q(kind, code, w("Vraag "+code, "Q "+code, "x"))
		l.sub(id, "SQ001", "deel een", "partie", "x")
		l.sub(id, "SQ002", "deel twee", "partie deux", "x")
	}
	l.q("Y", "lead", w("Geef je leiding?", "x", "x"))
	l.q("G", "sex", w("Geslacht", "x", "x"))
	l.q("5", "score", w("Cijfer", "x", "x"))
	years := l.q("N", "years", w("Hoeveel jaar?", "x", "x"), "relevance", `lead == "Y" && 2 < score.NAOK`)
	l.add("question_attributes", "qid", years, "attribute", "min_num_value_n", "value", "0")
	l.q("T", "say", w("Wil je iets kwijt?", "x", "x"), "relevance", `count(tools_SQ001, tools_SQ002) > 1`)
	rank := l.q("R", "rank", w("Wat eerst?", "x", "x"))
	l.answer(rank, "A1", 0, "leren", "x", "x")
	l.answer(rank, "A2", 0, "proberen", "x", "x")
	l.q("X", "hello", w("Welkom<br/>bij de bevraging", "x", "x"), "gid", "2")
	l.q("D", "birth", w("Geboren op", "x", "x"))
	l.q(":", "cells", w("Tabel", "x", "x"))
	l.q("*", "calc", w("{x}", "x", "x"))
	l.q("|", "cv", w("Bestand", "x", "x"))
	l.q("I", "lang", w("Taal", "x", "x"))
	l.q("?", "odd", w("Vreemd", "x", "x"))
	return l
}
