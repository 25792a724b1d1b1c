package story

// Bounds of the fact sheet.
const (
	maxHeard = 5
	maxAsked = 6
	maxDoing = 4
)

// sheet writes the fact sheet for staff from what the chapters found and the actions they call for.
func (t *teller) sheet(told []chapter, deeds []deed) Sheet {
	s := Sheet{Title: t.say("sheet.title", nil), Contact: t.contact, Privacy: t.say("sheet.privacy-plain", nil)}
	if k := t.f.Disclosure.K; k > 0 {
		s.Privacy = t.say("sheet.privacy", args{"k": t.p.Int(k)})
	}
	if s.Contact == "" {
		s.Contact = t.say("sheet.contact", nil)
	}
	for _, c := range foremost(told, maxAsked, func(c chapter) bool { return c.asked != "" && c.ID != "groups" && c.ID != "shadow" }) {
		s.Asked = append(s.Asked, c.asked)
	}
	for _, c := range foremost(told, maxHeard, func(c chapter) bool { return len(c.heard) > 0 }) {
		s.Heard = append(s.Heard, c.heard[0])
	}
	for _, d := range deeds {
		if d != deedAsk && len(s.Doing) < maxDoing {
			s.Doing = append(s.Doing, t.say("action."+string(d)+".staff", nil))
		}
	}
	if len(s.Doing) > 0 {
		s.Doing = append(s.Doing, t.say("sheet.decide", nil))
	} else {
		s.Doing = []string{t.say("sheet.nothing-yet", nil)}
	}
	return s
}
