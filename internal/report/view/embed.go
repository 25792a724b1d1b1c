package view

import (
	"github.com/a-h/templ"

	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
)

// EmbedOptions is what a page adds to the report inside it.
type EmbedOptions struct {
	// Tools stands on the cover below the title: downloads, a way to the exploration, a share. May be nil. It must hold no h1.
	Tools templ.Component
}

// Embed is the report for placement in a page of the interface: what HTML writes, without document, head, product mark and
// link past the navigation. The page has a main landmark around it, no other h1, and the style sheets ui.Base, ui.Charts,
// ui.Report and ui.Explore. There is no style attribute, no script and no image in it, so that it fits a policy of style-src
// 'self'. Identifiers in the page that it must not meet again: "report-title", "summary-title", "contents-title" and the
// anchors of the report (the names of chapters, "actions", "caveats", "method", "data").
func Embed(s *story.Story, f *findings.Findings, opt EmbedOptions) templ.Component {
	return embedded(s, f, opt)
}
