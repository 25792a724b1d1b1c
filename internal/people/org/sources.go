package org

import (
	"slices"
	"strings"
)

// NamedBy adds a source to those that name the person.
func (p *Person) NamedBy(source string) {
	list := p.sources()
	if at, there := slices.BinarySearch(list, source); !there && source != "" {
		p.Sources = strings.Join(slices.Insert(list, at, source), ",")
	}
}

// LeftBy takes a source away from those that name the person, and tells whether nobody names them any more. Who was named by others
// alone is not left, and who was named by none is.
func (p *Person) LeftBy(source string) bool {
	list := p.sources()
	if at, there := slices.BinarySearch(list, source); there {
		p.Sources = strings.Join(slices.Delete(list, at, at+1), ",")
	}
	return p.Sources == ""
}

func (p *Person) sources() []string {
	if p.Sources == "" {
		return nil
	}
	return strings.Split(p.Sources, ",")
}
