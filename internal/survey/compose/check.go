package compose

import (
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// check refuses a recipe from outside that holds what the pages never write: ids and texts that make no instrument.
func (r *Recipe) check() error {
	sound := true
	for _, list := range [][]Own{r.Own, r.Removed} {
		for i := range list {
			sound = sound && list[i].sound()
		}
	}
	for _, t := range r.Texts {
		sound = sound && plain(t)
	}
	for _, levels := range r.Levels {
		for _, l := range levels.Typed {
			sound = sound && isID(l.ID) && plain(l.Label)
		}
	}
	for _, t := range r.Base.Topics {
		sound = sound && slices.Contains(Topics(), t)
	}
	if !sound {
		return refuse(problem.Invalid, "error.recipe", nil)
	}
	return nil
}

func (o *Own) sound() bool {
	ok := isID(o.ID) && slices.Contains(Kinds(), o.Kind) && plain(o.Question) && plain(o.Help) && plain(o.Unit) &&
		len(o.Options) <= maxOptions+1 && len(o.Rows) <= maxRows && (o.Scale == "" || scaleOf(o.Scale) != nil) &&
		o.Topic == ownTopic(string(o.Topic)) && (o.Min == nil || o.Max == nil || *o.Min < *o.Max)
	for _, option := range o.Options {
		ok = ok && isID(option.ID) && plain(option.Label)
	}
	for _, row := range o.Rows {
		ok = ok && isID(row.ID) && plain(row.Text)
	}
	return ok
}

func plain(t instrument.Text) bool {
	for _, s := range t {
		if !instrument.Plain(s) {
			return false
		}
	}
	return true
}

// isID tells whether an id is one that the pages could have given.
func isID(s string) bool {
	return s != "" && len(s) <= 64 && !slices.ContainsFunc([]rune(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
	})
}
