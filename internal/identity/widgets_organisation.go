package identity

import (
	"strconv"

	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

func langNames(langs []instrument.Lang) []string {
	var out []string
	for _, l := range langs {
		out = append(out, string(l))
	}
	return out
}

func orNothing(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// tick is the value of a check box.
func (v organisationView) tick(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

// facts are what whoever may not change an organisation sees of it.
func (v organisationView) facts() []ui.Fact {
	var langs []string
	for _, l := range v.org.Languages {
		langs = append(langs, ui.LanguageName(l))
	}
	yes := func(b bool) string {
		if b {
			return ui.WordYes.In(v.Lang)
		}
		return ui.WordNo.In(v.Lang)
	}
	return []ui.Fact{
		{Term: v.say("organisation.name"), Text: v.org.Name},
		{Term: v.say("organisation.languages"), Text: v.And(langs)},
		{Term: v.say("organisation.group-size"), Text: v.Int(v.org.GroupSize)},
		{Term: v.say("organisation.synthetic"), Text: yes(v.org.Synthetic)},
		{Term: v.say("organisation.with-password"), Text: yes(!v.org.Settings.NoPassword)},
		{Term: v.say("organisation.with-pin"), Text: yes(!v.org.Settings.NoPIN)},
		{Term: v.say("organisation.second-factor"), Text: yes(!v.org.Settings.SecondFactorOptional)},
	}
}

// tokenLabel names a colour and the scheme it belongs to.
func (v lookView) tokenLabel(scheme, token string) string {
	return ui.TokenName(token, v.Lang) + " (" + v.say("look."+scheme+"-short") + ")"
}

// tokenHint says what our own colour is.
func (v lookView) tokenHint(scheme, token string) string {
	theme := ui.Light()
	if scheme == ui.SchemeDark {
		theme = ui.Dark()
	}
	return v.with("look.ours", "color", theme.Color(token))
}
