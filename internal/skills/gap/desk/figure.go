package desk

import (
	"math"

	"github.com/a-h/templ"

	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/gap"
)

// levelChange is a change of a mean level with its interval.
func (b *board) levelChange(d *gap.Difference) templ.Component {
	text, span := b.levelChangeText(d)
	return twoLines(text, span)
}

func (b *board) levelChangeText(d *gap.Difference) (text, span string) {
	if d == nil {
		return "–", ""
	}
	n := decimals(&gap.Figure{Grain: d.Grain})
	return b.signed(d.Value, n), b.T("span", i18n.Args{"low": b.signed(d.Low, n), "high": b.signed(d.High, n)})
}

// shareChange is a change of a share in percentage points, with its interval.
func (b *board) shareChange(d *gap.Difference) templ.Component {
	text, span := b.shareChangeText(d)
	return twoLines(text, span)
}

func (b *board) shareChangeText(d *gap.Difference) (text, span string) {
	if d == nil {
		return "–", ""
	}
	return b.N("points", int(math.Round(math.Abs(100*d.Value))), i18n.Args{"n": b.signed(100*d.Value, 0)}), b.T("span", i18n.Args{"low": b.signed(100*d.Low, 0), "high": b.signed(100*d.High, 0)})
}
