package services

import (
	"bytes"
	"sync"
	"time"

	content "tekentafel/content/shadow"
	"tekentafel/internal/instrument"
	"tekentafel/internal/yamlfile"
)

// MaxBytes is the size of the largest list that is read.
const MaxBytes = 4 << 20

// List is what is known of AI services on a day.
type List struct {
	Version  string    `yaml:"version"`
	Compiled string    `yaml:"compiled"` // the day on which it was last compiled: 2026-11-29
	Sources  []Source  `yaml:"sources"`
	Kinds    []Kind    `yaml:"kinds"`
	Services []Service `yaml:"services"`
}

// Source says where facts of the list come from.
type Source struct {
	ID      string `yaml:"id"`
	What    string `yaml:"what"`
	Address string `yaml:"address"` // may be empty
}

// Kind is what a service is for, and what the organisation can offer in its place.
type Kind struct {
	ID      string          `yaml:"id"`
	Label   instrument.Text `yaml:"label"`
	Instead instrument.Text `yaml:"instead"`
}

// Service is one AI service.
type Service struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"name"`
	Maker   string   `yaml:"maker"`
	Country string   `yaml:"country"` // of the maker's seat, ISO 3166-1 alpha-2; "" when it is not known for sure
	Kind    string   `yaml:"kind"`
	Mixed   bool     `yaml:"mixed"`   // its hosts serve more than AI, or are contacted by themselves
	Domains []string `yaml:"domains"` // patterns
	Except  []string `yaml:"except"`  // patterns below a domain that are not the service
	Apps    []string `yaml:"apps"`    // names that firewalls and proxies give it
	Source  string   `yaml:"source"`
}

// Standing says where a service stands in the rules of an organisation.
type Standing string

// Unknown is how every service begins; Allowed and Refused are for the organisation to say.
const (
	Unknown Standing = "unknown"
	Allowed Standing = "allowed"
	Refused Standing = "refused"
)

// Standings lists the standings in the order in which they are offered.
func Standings() []Standing { return []Standing{Unknown, Allowed, Refused} }

// Rules says where services stand in an organisation, by their id. What is not in it is Unknown.
type Rules map[string]Standing

// Of returns where a service stands. A standing that is none of the three counts as Unknown.
func (r Rules) Of(id string) Standing {
	switch s := r[id]; s {
	case Allowed, Refused:
		return s
	default:
		return Unknown
	}
}

// BuiltIn returns the list that comes with the product. Callers share it and leave it as it is.
var BuiltIn = sync.OnceValues(func() (*List, error) { return Parse("services.yaml", content.Services()) })

// Day returns the day on which the list was compiled, at midnight UTC.
func (l *List) Day() time.Time {
	day, _ := time.Parse(time.DateOnly, l.Compiled) // checked when it was read
	return day
}

// Kind returns a kind by its id, and whether there is one.
func (l *List) Kind(id string) (Kind, bool) {
	for _, k := range l.Kinds {
		if k.ID == id {
			return k, true
		}
	}
	return Kind{}, false
}

// Parse reads a list from YAML and checks all of it. The name of the file stands in the messages only. The error is a *yamlfile.Problems that lists
// everything wrong with its place and mend.
func Parse(file string, src []byte) (*List, error) {
	problems, l := &yamlfile.Problems{}, &List{}
	form := yamlfile.Form{MaxBytes: MaxBytes, MaxList: 5000,
		Large: "this is a text file of some tens of kB: check that it is the right one",
		Empty: "start from the file that comes with the product"}
	for _, lang := range instrument.Languages() {
		form.Words = append(form.Words, string(lang))
	}
	read := yamlfile.Read(file, bytes.TrimSpace(src), l, form, problems)
	if read == nil {
		return nil, problems.Err()
	}
	l.check(read.At)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return l, nil
}
