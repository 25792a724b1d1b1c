package record

import (
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
)

const everyKind = `
id: every-kind
version: "1"
title: {nl: "Alle soorten"}
languages: [nl]
group_size: 5
items:
  - {id: intro, kind: info, question: {nl: "Welkom"}}
  - id: use
    kind: single
    required: true
    question: {nl: "Gebruik je het?"}
    options:
      - {id: never, label: {nl: "nooit"}}
      - {id: weekly, label: {nl: "elke week"}}
      - {id: dk, label: {nl: "weet ik niet"}, missing: dont-know}
  - id: tools
    kind: multiple
    visible: 'use == "weekly"'
    required: true
    question: {nl: "Welke?"}
    options:
      - {id: a, label: {nl: "A"}}
      - {id: b, label: {nl: "B"}}
      - {id: none, label: {nl: "geen"}, exclusive: true}
      - {id: na, label: {nl: "niet van toepassing"}, missing: not-applicable}
  - id: agree
    kind: matrix
    required: true
    visible: '"a" in tools or "b" in tools'
    question: {nl: "Eens?"}
    rows:
      - {id: agree1, text: {nl: "Snel"}}
      - {id: agree2, text: {nl: "Goed"}}
    options:
      - {id: low, label: {nl: "oneens"}}
      - {id: high, label: {nl: "eens"}}
      - {id: nvt, label: {nl: "n.v.t."}, missing: not-applicable}
  - id: hours
    kind: number
    min: 0
    max: 80
    visible: 'use == "weekly"'
    question: {nl: "Hoeveel uur?"}
  - id: why
    kind: text
    visible: 'hours > 10'
    question: {nl: "Waarom zo veel?"}
  - id: wish
    kind: text
    question: {nl: "Wat wens je? Noem geen namen."}
  - id: score
    kind: scale
    question: {nl: "Hoe goed?"}
    options:
      - {id: s1, label: {nl: "slecht"}}
      - {id: s2, label: {nl: "goed"}}
  - id: place
    kind: category
    group: true
    question: {nl: "Waar werk je?"}
`

// sample is an instrument with an item of every kind; the category has levels to choose from, as in a wave.
func sample(t testing.TB) *instrument.Instrument {
	t.Helper()
	in, err := instrument.Parse("every-kind.yaml", []byte(everyKind))
	if err != nil {
		t.Fatal(err)
	}
	in.Item("place").Options = []instrument.Option{
		{ID: "south", Label: instrument.Text{instrument.NL: "Zuid"}},
		{ID: "north", Label: instrument.Text{instrument.NL: "Noord"}},
		{ID: "east", Label: instrument.Text{instrument.NL: "Oost"}},
		{ID: "secret", Label: instrument.Text{instrument.NL: "zeg ik niet"}, Missing: instrument.MissingNotApplicable},
	}
	return in
}

func monitor(t testing.TB) *instrument.Instrument {
	t.Helper()
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func codec(t testing.TB, in *instrument.Instrument) *Codec {
	t.Helper()
	c, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
