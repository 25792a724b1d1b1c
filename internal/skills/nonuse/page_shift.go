package nonuse

import (
	"math"

	"tekentafel/internal/i18n"
)

// change says how a share moved since the wave before.
func (v *whoView) change(f *Figure) string {
	switch {
	case f.Change == nil || f.Change.Suppressed || !f.Shown():
		return v.say("change.unknown")
	case !f.Shifted():
		return v.say("change.none")
	}
	key := "change.up"
	if f.Change.Diff < 0 {
		key = "change.down"
	}
	return v.changeWords(key, f)
}

func (v *whoView) changeWords(key string, f *Figure) string {
	c := f.Change
	return v.T(key, i18n.Args{"what": v.Quote(v.reasonLabel(f)), "before": v.Percent(c.Before), "now": v.Percent(c.Now), "size": v.points(math.Abs(c.Diff)), "low": v.signed(c.Low), "high": v.signed(c.High)})
}

// points writes a difference of two shares in percentage points, without a unit.
func (v *whoView) points(x float64) string {
	if math.Abs(x) < .01 {
		return v.Decimal(100*x, 1)
	}
	return v.Decimal(100*x, 0)
}

func (v *whoView) signed(x float64) string {
	if x > 0 {
		return "+" + v.points(x)
	}
	return "−" + v.points(-x)
}

// shifts are the sentences on what moved.
func (v *whoView) shifts() []string {
	f := v.report.Findings
	if f.Earlier == nil && v.report.Before == nil {
		return []string{v.say("shift.first")}
	}
	if v.picture.Because != "" {
		return []string{v.say("shift.incomparable")}
	}
	if !v.picture.Compared && v.report.Before == nil {
		return []string{v.say("shift.gone")}
	}
	if !v.picture.Compared {
		return []string{v.say("shift.unknown")}
	}
	var out []string
	for i := range v.picture.Reasons {
		if x := &v.picture.Reasons[i]; x.Shown() && x.Shifted() {
			key := "shift.up"
			if x.Change.Diff < 0 {
				key = "shift.down"
			}
			out = append(out, v.changeWords(key, x))
		}
	}
	if len(out) == 0 {
		return []string{v.with("shift.none", "wave", v.earlier())}
	}
	return append(out, v.say("shift.rest"))
}

func (v *whoView) earlier() string {
	label := ""
	if before := v.report.Before; before != nil {
		label = before.Wave.Label
	} else if v.report.Findings.Earlier != nil {
		label = v.report.Findings.Earlier.Label
	}
	if label != "" {
		return v.Quote(label)
	}
	return v.say("shift.before")
}
