package identity

import (
	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

// hiddenNext carries where to go afterwards through a form.
func hiddenNext(next string) []ui.NameValue {
	if next == "" {
		return nil
	}
	return []ui.NameValue{{Name: "next", Value: next}}
}

func allLangs() []string {
	var out []string
	for _, l := range instrument.Languages() {
		out = append(out, string(l))
	}
	return out
}

// langOptions lists languages by their own names.
func langOptions(langs []instrument.Lang) []ui.Option {
	var out []ui.Option
	for _, l := range langs {
		out = append(out, ui.Option{Value: string(l), Label: ui.LanguageName(l)})
	}
	return out
}

// languagesChoice asks in which languages an organisation works.
func languagesChoice(w words, name string, chosen []string) ui.Choice {
	return ui.Choice{
		Field: ui.Field{Name: name, Label: w.say("organisation.languages")}, Options: langOptions(instrument.Languages()), Chosen: chosen, Inline: true,
	}
}

// firstLanguage asks in which language pages show to whoever did not choose.
func firstLanguage(w words, name string, chosen instrument.Lang) ui.Choice {
	return ui.Choice{
		Field: ui.Field{Name: name, Label: w.say("organisation.first-language")}, Options: langOptions(instrument.Languages()), Chosen: []string{string(chosen)},
	}
}

// roleOptions lists the roles that can be given.
func roleOptions(w words) []ui.Option {
	var out []ui.Option
	for _, r := range access.Roles() {
		if r != access.Employee {
			out = append(out, ui.Option{Value: string(r), Label: w.say("role." + string(r)), Hint: w.say("role." + string(r) + "-hint")})
		}
	}
	return out
}

// roleWords writes roles as a list of words.
func roleWords(w words, roles []access.Role) string {
	if len(roles) == 0 {
		return w.say("role.employee")
	}
	var out []string
	for _, r := range roles {
		out = append(out, w.say("role."+string(r)))
	}
	return w.And(out)
}

func roleNames(roles []access.Role) []string {
	var out []string
	for _, r := range roles {
		out = append(out, string(r))
	}
	return out
}

// facts are what is known of an account.
func (v personView) facts() []ui.Fact {
	edit, roles := []ui.Action(nil), []ui.Action(nil)
	if v.may {
		edit = []ui.Action{{Label: ui.WordEdit.In(v.Lang), Href: "/people/" + v.account.ID + "/edit"}}
		roles = []ui.Action{{Label: ui.WordEdit.In(v.Lang), Href: "/people/" + v.account.ID + "/roles"}}
	}
	facts := []ui.Fact{
		{Term: v.say("label.name"), Text: v.account.Name, Actions: edit},
		{Term: v.say("label.mail"), Text: orDash(v.account.Mail), Actions: edit},
		{Term: v.say("label.number"), Text: orDash(v.account.StaffNumber), Actions: edit},
		{Term: v.say("people.language"), Text: ui.LanguageName(v.account.Language), Actions: edit},
		{Term: v.say("people.roles"), Text: roleWords(v.words, v.account.AllRoles()), Actions: roles},
	}
	if len(v.account.DirectoryRoles) > 0 {
		facts = append(facts, ui.Fact{Term: v.say("people.roles-by-directory"), Text: roleWords(v.words, v.account.DirectoryRoles)})
	}
	return append(facts, ui.Fact{Term: v.say("people.state"), Content: stateTag(v.words, v.account.State)}, ui.Fact{Term: v.say("person.made"), Text: v.made})
}

// ways says how somebody can sign in.
func (v personView) ways() string {
	var ways []string
	for _, way := range []struct {
		has bool
		key string
	}{
		{v.creds.Password && v.creds.SecondFactor, "person.way-password-factor"}, {v.creds.Password && !v.creds.SecondFactor, "person.way-password"},
		{v.creds.PIN, "person.way-pin"}, {v.creds.Passkeys > 0, "person.way-passkey"}, {v.creds.Provider, "person.way-provider"},
	} {
		if way.has {
			ways = append(ways, v.say(way.key))
		}
	}
	if len(ways) == 0 {
		return v.say("person.way-none")
	}
	return v.with("person.ways", "ways", v.And(ways))
}

func (v personView) inviteLabel() string {
	if v.mails {
		return v.say("person.invite-mail")
	}
	return v.say("person.invite-link")
}
