package view

import (
	"context"
	"io"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/story"
)

// BenchmarkReportInAPage tells the demonstration in Dutch and renders it for a page of the interface.
func BenchmarkReportInAPage(b *testing.B) {
	f := demo(b)
	b.ReportAllocs()
	for b.Loop() {
		s := story.Tell(f, instrument.NL)
		if err := Embed(&s, f, EmbedOptions{}).Render(context.Background(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkExploration tells and renders the two ways to look at groups: all of them, and one.
func BenchmarkExploration(b *testing.B) {
	f := demo(b)
	for name, sel := range map[string]story.Selection{
		"departments beside each other": {By: "department"}, "one department": {By: "department", Value: "Groen en wegen"},
		"ages beside each other": {By: "age"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e, err := story.Explore(f, instrument.NL, sel)
				if err != nil {
					b.Fatal(err)
				}
				if err := Explore(e, ExploreOptions{Action: "/"}).Render(context.Background(), io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
