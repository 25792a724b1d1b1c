package scim

import (
	"strings"

	"tekentafel/internal/contact"
	"tekentafel/internal/instrument"
)

// name returns what somebody is called.
func (r Resource) name() string {
	for _, s := range []string{r.text("displayName"), r.below("name", "formatted"), contact.Line(r.below("name", "givenName") + " " + r.below("name", "familyName"))} {
		if s != "" {
			return s
		}
	}
	return r.text("userName")
}

// mail returns the address that is used: the primary one, else the first of work, else the first.
func (r Resource) mail() string {
	best, rank := "", 0
	for _, e := range present(r["emails"]) {
		m, _ := e.(map[string]any)
		value, _ := m["value"].(string)
		address, ok := contact.Mail(value)
		here := 1
		switch {
		case !ok:
			here = 0
		case isTrue(m["primary"]):
			here = 3
		case equalText(m["type"], "work"):
			here = 2
		}
		if here > rank {
			best, rank = address, here
		}
	}
	return best
}

func (r Resource) number() string {
	n := contact.Number(r.below(EnterpriseSchema, "employeeNumber"))
	if len([]rune(n)) > contact.LongestNumber {
		return ""
	}
	return n
}

func (r Resource) manager() string {
	ext, _ := r[EnterpriseSchema].(map[string]any)
	return Resource(ext).below("manager", "value")
}

// language returns the language that is used of "nl-BE", "" when the product does not speak it.
func (r Resource) language() string {
	base, _, _ := strings.Cut(strings.ReplaceAll(r.text("preferredLanguage"), "_", "-"), "-")
	for _, l := range instrument.Languages() {
		if strings.EqualFold(base, string(l)) {
			return string(l)
		}
	}
	return ""
}

// account returns what is said of the account. A user name that is a mail address counts as one where nothing else tells people apart.
func (r Resource) account() Account {
	a := Account{UserName: r.text("userName"), Name: r.name(), Mail: r.mail(), Number: r.number(), Language: r.language()}
	if a.Mail == "" && a.Number == "" {
		a.Mail, _ = contact.Mail(a.UserName)
	}
	return a
}

func (r Resource) person() Person {
	p := Person{
		Number: r.number(), Given: r.below("name", "givenName"), Family: r.below("name", "familyName"), Mail: r.mail(), Language: r.language(), Title: r.text("title"),
		Department: r.below(EnterpriseSchema, "department"), Division: r.below(EnterpriseSchema, "division"),
		Organisation: r.below(EnterpriseSchema, "organization"), CostCentre: r.below(EnterpriseSchema, "costCenter"),
	}
	if p.Given == "" || p.Family == "" {
		p.Given, p.Family = "", r.name()
	}
	return p
}
