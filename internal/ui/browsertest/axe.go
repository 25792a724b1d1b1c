package browsertest

import (
	"encoding/json"
	"os"

	"github.com/chromedp/cdproto/emulation"

	"tekentafel/internal/testkit/node"
)

// Violations runs axe-core on the page with every rule of WCAG 2.2 AA and its best practices and returns what it finds.
// Without axe-core (scripts/setup installs it) the test is skipped, or fails where everything is required.
func (p *Page) Violations() []string {
	p.t.Helper()
	source, err := os.ReadFile(node.File(p.t, "axe-core", "axe.min.js"))
	if err != nil {
		p.t.Fatal(err)
	}
	if p.view.NoJS {
		// axe-core needs timers. The page's own scripts have had their turn and stay out.
		p.scripts(true)
		defer p.scripts(false)
	}
	if !Eval[bool](p, `typeof axe === 'object'`) {
		Eval[bool](p, string(source)+";true")
	}
	raw := Eval[string](p, `axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(
  r.violations.map(v => v.id + ': ' + v.help + ' | ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | '))))`)
	var out []string
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// scripts allows scripts to run, or not.
func (p *Page) scripts(run bool) {
	p.t.Helper()
	p.do("switch scripts", call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run}))
}
