package ui

import (
	"io"
	"testing"

	"tekentafel/internal/instrument"
)

// BenchmarkPage renders the page of components: many times what a page of the product holds.
func BenchmarkPage(b *testing.B) {
	for b.Loop() {
		if err := ComponentsPage(instrument.NL).Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkShell renders a page with a form of two fields.
func BenchmarkShell(b *testing.B) {
	p := Page{Lang: instrument.NL, Title: "x", Who: "x", SignOut: "/x", Doors: []Door{{Label: "x", Href: "/x"}}}
	for b.Loop() {
		if err := with(Shell(p), with(Form(FormSpec{}), TextField(nil, Field{Name: "a", Label: "A"}), EmailField(nil, Field{Name: "b", Label: "B"}))).Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
