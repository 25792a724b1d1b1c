package answering

import (
	"math"
	"strconv"

	"tekentafel/internal/instrument"
)

// planned is an item as the script must know it.
type planned struct {
	ID        string           `json:"id"`
	Kind      instrument.Kind  `json:"kind"`
	Group     int              `json:"group"` // items of one group may stand on one wide screen
	Seconds   int              `json:"seconds"`
	Required  bool             `json:"required,omitempty"`
	When      tree             `json:"when,omitempty"`
	Rows      []string         `json:"rows,omitempty"`
	Options   []string         `json:"options,omitempty"`
	Missing   []string         `json:"missing,omitempty"` // options that count as unanswered
	Exclusive []string         `json:"exclusive,omitempty"`
	Min       *float64         `json:"min,omitempty"`
	Max       *float64         `json:"max,omitempty"`
	it        *instrument.Item // for the page
	at        int              // its place in the instrument
	refers    map[string]bool  // what its condition names
}

// plan returns the items that are asked, in their order, with times to answer in a language.
func (s *Survey) plan(lang instrument.Lang) ([]planned, error) {
	var out []planned
	alone := make([]bool, len(s.Instrument.Items))
	for _, at := range s.asks {
		it := &s.Instrument.Items[at]
		p := planned{ID: it.ID, Kind: it.Kind, Required: it.Required, Min: it.Min, Max: it.Max, it: it, at: at, refers: map[string]bool{}}
		alone[at] = true
		p.Seconds = int(math.Round(60 * s.routing.RouteMinutes(lang, alone)))
		alone[at] = false
		var err error
		if p.When, err = conditionTree(s.Instrument, it.Visible); err != nil {
			return nil, err
		}
		note(p.When, p.refers)
		for i := range it.Rows {
			p.Rows = append(p.Rows, it.Rows[i].ID)
		}
		for i := range it.Options {
			o := &it.Options[i]
			p.Options = append(p.Options, o.ID)
			if o.Missing != instrument.NotMissing {
				p.Missing = append(p.Missing, o.ID)
			}
			if it.Kind == instrument.Multiple && (o.Exclusive || o.Missing != instrument.NotMissing) {
				p.Exclusive = append(p.Exclusive, o.ID)
			}
		}
		out = append(out, p)
	}
	group(out)
	return out, nil
}

// note gathers the ids that a tree names.
func note(t tree, ids map[string]bool) {
	if len(t) < 2 {
		return
	}
	switch t[0] {
	case "and", "or", "not":
		for _, part := range t[1:] {
			if sub, isTree := part.(tree); isTree {
				note(sub, ids)
			}
		}
	default:
		if id, isText := t[1].(string); isText {
			ids[id] = true
		}
	}
}

// What fits on one wide screen.
const (
	mostInGroup  = 4
	mostLines    = 16 // options and lines of a group
	radiosAtMost = 12 // options; more become a list to search
)

// group puts short questions on one subject together. No question of a group depends on another of it, so that nothing
// appears or goes while one answers.
func group(items []planned) {
	n, inGroup, lines := -1, 0, 0
	var first *planned
	names := map[string]bool{}
	for i := range items {
		p := &items[i]
		size := p.lines()
		joins := first != nil && size > 0 && first.lines() > 0 && inGroup < mostInGroup && lines+size <= mostLines && first.it.Topic == p.it.Topic
		for id := range p.refers {
			joins = joins && !names[id]
		}
		if !joins {
			n, inGroup, lines, first = n+1, 0, 0, p
			clear(names)
		}
		p.Group, inGroup, lines = n, inGroup+1, lines+size
		names[p.ID] = true
	}
}

// lines is how much room a short question takes; 0 for one that stands alone.
func (p *planned) lines() int {
	switch p.Kind {
	case instrument.Single, instrument.Scale, instrument.Category:
		if len(p.Options) > radiosAtMost {
			return 3
		}
		if len(p.Options) <= 7 {
			return len(p.Options) + 1
		}
	case instrument.Number:
		return 3
	case instrument.Multiple, instrument.Matrix, instrument.OpenText, instrument.Info:
	}
	return 0
}

// minutes writes how long answering takes, honestly: from the quickest to the longest way, in whole minutes.
func (s *Survey) minutes(w words) string {
	d := s.duration(w.Lang)
	from, to := max(1, int(math.Round(d.Shortest))), max(1, int(math.Ceil(d.Longest)))
	if from >= to {
		return w.with("entry.minutes-one", "to", strconv.Itoa(to))
	}
	return w.with("entry.minutes", "from", strconv.Itoa(from), "to", strconv.Itoa(to))
}

// duration walks the ways through the questionnaire once in each language.
func (s *Survey) duration(lang instrument.Lang) instrument.Duration {
	s.pages.mu.Lock()
	defer s.pages.mu.Unlock()
	d, known := s.pages.takes[lang]
	if !known {
		if s.pages.takes == nil {
			s.pages.takes = map[instrument.Lang]instrument.Duration{}
		}
		d = s.routing.Minutes(lang)
		s.pages.takes[lang] = d
	}
	return d
}
