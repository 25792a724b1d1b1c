package limits

import (
	"strconv"

	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// Called names a limit as a sentence does: "je limiet per maand", "de limiet per maand van de dienst Groen". name is that of a unit or key, or "".
func Called(lang instrument.Lang, k budget.Kind, p budget.Period, own bool, name string) string {
	w := locale().Printer(lang)
	key := "called." + string(k)
	switch {
	case own:
		key = "called.own"
	case name != "" && k != budget.Person && k != budget.Organisation:
		key += "-named"
	}
	return w.T(key, i18n.Args{"period": w.T("per."+string(p), nil), "name": w.Quote(name)})
}

func levelKey(l budget.Level) string {
	switch {
	case l >= budget.Full:
		return "level.full"
	case l >= budget.Near:
		return "level.near"
	}
	return "level.fine"
}

// Level says how full a limit is, in words.
func Level(lang instrument.Lang, l budget.Level) string {
	return locale().Printer(lang).T(levelKey(l), nil)
}

// Money writes an amount in euro as people read it, rounded up to the cent: "€ 12,50". What is more than nothing and less than a cent is so.
func Money(lang instrument.Lang, n price.Nano) string {
	w := locale().Printer(lang)
	if n > 0 && n < price.Cent {
		return w.T("less-than-a-cent", nil)
	}
	cents := n.Cents()
	if lang == instrument.EN {
		return "€" + w.Int(int(cents/100)) + "." + two(cents%100)
	}
	whole := w.Int(int(cents / 100))
	if lang == instrument.NL {
		return "€ " + whole + "," + two(cents%100)
	}
	return whole + "," + two(cents%100) + " €"
}

func two(n int64) string {
	if s := strconv.FormatInt(n, 10); len(s) > 1 {
		return s
	}
	return "0" + strconv.FormatInt(n, 10)
}

// Amount writes an amount in the unit of a limit: "€ 12,50", "20.000 tokens".
func Amount(lang instrument.Lang, u budget.Unit, n int64) string {
	if u == budget.Euros {
		return Money(lang, price.Nano(n))
	}
	w := locale().Printer(lang)
	return w.N("tokens", int(n), i18n.Args{"n": w.Int(int(n))})
}

// Left writes what may still be used, rounded down, so that it and what was used are never more than the limit.
func Left(lang instrument.Lang, st *budget.State) string {
	n := st.Left()
	if cent := int64(price.Cent); st.Unit == budget.Euros && n > cent {
		n -= n % cent
	}
	return Amount(lang, st.Unit, n)
}

// Says says how a limit stands, for a person: "Je limiet per maand is € 5,00. Daarvan is nog € 1,20 over. Op 1 januari 2027 begint ze opnieuw." Of a limit that others share it says
// the level alone. name is that of the unit, or "".
func Says(lang instrument.Lang, st *budget.State, name string) string {
	w := locale().Printer(lang)
	a := i18n.Args{"limit": w.Opening(Called(lang, st.Kind, st.Period, st.Own, name)), "most": Amount(lang, st.Unit, st.Most), "left": Left(lang, st), "state": Level(lang, st.Level)}
	out := w.T("says.shared", a)
	if st.Kind == budget.Person {
		out = w.T("says.person", a)
	}
	if !st.Resets.IsZero() {
		out += " " + w.T("says.anew", i18n.Args{"day": w.Date(st.Resets)})
	}
	return out
}

// Refusal says to a person why a call was refused, and what they can do.
func Refusal(lang instrument.Lang, r *budget.Refused, name string) string {
	w := locale().Printer(lang)
	key := "refused.shared"
	switch {
	case r.Own:
		key = "refused.own"
	case r.Kind == budget.Person:
		key = "refused.person"
	}
	out := w.T(key, i18n.Args{"limit": Called(lang, r.Kind, r.Period, r.Own, name), "left": Left(lang, &r.State), "asked": Amount(lang, r.Unit, r.Asked)})
	if !r.Resets.IsZero() {
		out += " " + w.T("says.anew", i18n.Args{"day": w.Date(r.Resets)})
	}
	switch {
	case r.Own:
		return out + " " + w.T("refused.mend-own", nil)
	case r.Ask != "":
		return out + " " + w.T("refused.ask", i18n.Args{"ask": r.Ask})
	}
	return out + " " + w.T("refused.ask-setters", nil)
}

// Warns says that a limit is nearly reached, or reached, without a figure: "Je limiet per maand is bijna bereikt."
func Warns(lang instrument.Lang, st *budget.State, name string) string {
	w := locale().Printer(lang)
	return w.T("says.shared", i18n.Args{"limit": w.Opening(Called(lang, st.Kind, st.Period, st.Own, name)), "state": Level(lang, st.Level)})
}

// Percent returns how much of a limit is used, as a person may see it: of one that others share only 0, 80 or 100.
func Percent(st *budget.State) int {
	switch {
	case st.Kind != budget.Person:
		return int(st.Level)
	case st.Used >= st.Most:
		return 100
	}
	return int(float64(st.Used) / float64(st.Most) * 100)
}

// Message carries a text of this package to where a message is asked for.
func Message(text string) problem.Message { return say("plain", i18n.Args{"text": text}) }
