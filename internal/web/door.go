package web

import (
	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
)

// Door leads to what a feature has to show, under one of the five words of the navigation. It shows to whoever may open it.
type Door struct {
	Key    string // measure, learn, try, agree, plan
	Href   string
	Label  problem.Message
	Action access.Action
	// Always shows the door to everyone: what lies behind it decides itself.
	Always bool
}

// MenuItem is a line in the menu of the person, for what is not behind a door.
type MenuItem struct {
	Href   string
	Label  problem.Message
	Action access.Action // "" for everyone
}

// AddDoors makes doors known, in the order of the navigation. Of several with one key a person sees the first that opens: two
// features may stand behind one door, and lead who may do more to the one that begins earlier.
func (s *Server) AddDoors(doors ...Door) { s.doors = append(s.doors, doors...) }

// AddMenu makes lines of the menu known.
func (s *Server) AddMenu(items ...MenuItem) { s.menu = append(s.menu, items...) }

// AddFooter makes links at the foot of every page known.
func (s *Server) AddFooter(items ...MenuItem) { s.footer = append(s.footer, items...) }

func (s *Server) doorsFor(r *Request, current string) []ui.Door {
	var out []ui.Door
	shown := map[string]bool{}
	for _, d := range s.doors {
		if (d.Always || r.Can(d.Action)) && !shown[d.Key] {
			shown[d.Key] = true
			out = append(out, ui.Door{Key: d.Key, Href: d.Href, Label: d.Label.In(r.Lang), Current: d.Key == current})
		}
	}
	return out
}

func linksFor(r *Request, items []MenuItem) []ui.Link {
	var out []ui.Link
	for _, m := range items {
		if m.Action == "" || r.Can(m.Action) {
			out = append(out, ui.Link{Label: m.Label.In(r.Lang), Href: m.Href, Current: r.URL.Path == m.Href})
		}
	}
	return out
}

// languagesFor lists the languages of the organisation, or all.
func languagesFor(r *Request) []ui.Language {
	offered := r.Org.Languages
	if len(offered) == 0 {
		offered = instrument.Languages()
	}
	var out []ui.Language
	for _, l := range offered {
		out = append(out, ui.Language{Lang: l, Current: l == r.Lang})
	}
	return out
}

// Task is something that waits for the person who looks at the home page.
type Task struct {
	Title string // what to do, as a sentence
	Text  string // why, or what it brings
	Href  string
	Label string // on the button when it is the first: "Publiceer het rapport"
	Tag   string // where it belongs
	Rank  int    // lower comes first: 10 is wrong and must be mended, 20 others wait for it, 30 next step, 50 worth a look
	Tone  ui.Tone
	About string // the address of what it is about, where two features may see the same; of those only the first is shown
}
