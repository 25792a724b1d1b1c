package compose

import (
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// notFound says that a recipe has no such part.
func notFound() error { return refuse(problem.NotFound, "error.no-question", nil) }

// setParts keeps the modules, the extra ones and the questions about background that are asked, and leaves out the others.
func (set *Set) setParts(modules, extra, background []string) {
	set.Recipe.Off, set.Recipe.On, set.Recipe.Skip = nil, nil, nil
	for _, m := range set.Base.Modules {
		switch {
		case m.Extra && slices.Contains(extra, m.ID):
			set.Recipe.On = append(set.Recipe.On, m.ID)
		case !m.Extra && !m.Required && !slices.Contains(modules, m.ID):
			set.Recipe.Off = append(set.Recipe.Off, m.ID)
		}
	}
	for i := range set.Base.Items {
		if it := &set.Base.Items[i]; Skippable(it) && !slices.Contains(background, it.ID) {
			set.Recipe.Skip = append(set.Recipe.Skip, it.ID)
		}
	}
}

// add adds an own question and gives it its ids.
func (set *Set) add(o Own) error {
	if len(set.Recipe.Own) >= maxOwn {
		return refuse(problem.Conflict, "error.too-many", nil)
	}
	o.ID = set.Recipe.newID(set.Base)
	o.number()
	set.Recipe.Own = append(set.Recipe.Own, o)
	set.arrange(set.order())
	return nil
}

// replace puts a changed own question in the place of what it was. Its condition stays. Where it moves, it comes after what
// stands there already.
func (set *Set) replace(id string, o Own) error {
	at := set.Recipe.own(id)
	if at < 0 {
		return notFound()
	}
	old := set.Recipe.Own[at]
	o.ID, o.Condition = id, old.Condition
	o.keep(&old, set.Given.Languages)
	o.number()
	if o.After == old.After {
		set.Recipe.Own[at] = o
		return nil
	}
	set.Recipe.Own = append(slices.Delete(set.Recipe.Own, at, at+1), o)
	set.arrange(set.order())
	return nil
}

// keep takes over the words of old in languages other than those in which o was written, so that they are there again when the
// wave is held in them again.
func (o *Own) keep(old *Own, languages []instrument.Lang) {
	o.Question, o.Help, o.Unit = merged(old.Question, o.Question, languages), merged(old.Help, o.Help, languages), merged(old.Unit, o.Unit, languages)
	for i := range o.Options {
		for _, was := range old.Options {
			if o.Options[i].ID != "" && was.ID == o.Options[i].ID {
				o.Options[i].Label = merged(was.Label, o.Options[i].Label, languages)
			}
		}
	}
	for i := range o.Rows {
		for _, was := range old.Rows {
			if o.Rows[i].ID != "" && was.ID == o.Rows[i].ID {
				o.Rows[i].Text = merged(was.Text, o.Rows[i].Text, languages)
			}
		}
	}
}

// number gives options and rows without an id one that no other has.
func (o *Own) number() {
	taken := map[string]bool{dontKnowID: true}
	for _, option := range o.Options {
		taken[option.ID] = true
	}
	for i := range o.Options {
		if o.Options[i].ID == "" {
			o.Options[i].ID = unused(slug(o.Options[i].Label.In(instrument.NL)), taken)
			taken[o.Options[i].ID] = true
		}
	}
	rows := map[string]bool{}
	for _, row := range o.Rows {
		rows[row.ID] = true
	}
	for i := range o.Rows {
		if o.Rows[i].ID == "" {
			o.Rows[i].ID = unused(o.ID+"_1", rows)
			for n := 2; rows[o.Rows[i].ID]; n++ {
				o.Rows[i].ID = unused(o.ID+"_"+itoa(n), rows)
			}
			rows[o.Rows[i].ID] = true
		}
	}
}

// move moves an own question one place up or down among all that is asked.
func (set *Set) move(id string, up bool) error {
	at := set.Recipe.own(id)
	if at < 0 {
		return notFound()
	}
	order := set.order()
	from := slices.Index(order, id)
	to := from + 1
	if up {
		to = from - 1
	}
	if to < 0 || to >= len(order) {
		return nil
	}
	order[from], order[to] = order[to], order[from]
	set.arrange(order)
	return nil
}

// chosen is the base with the extra modules that are chosen, and no others.
func (set *Set) chosen() *instrument.Instrument { return set.Base.Asking(set.Recipe.On...) }

// order lists all items of the base, asked or not, but for extra modules that are not chosen, and the own questions between them.
func (set *Set) order() []string {
	var out []string
	base := set.chosen()
	own := func(after func(string) bool) {
		for i := range set.Recipe.Own {
			if after(set.Recipe.Own[i].After) {
				out = append(out, set.Recipe.Own[i].ID)
			}
		}
	}
	own(func(after string) bool { return after == Start })
	for i := range base.Items {
		id := base.Items[i].ID
		out = append(out, id)
		own(func(after string) bool { return after == id })
	}
	own(func(after string) bool { return after != Start && base.Item(after) == nil })
	return out
}

// arrange puts the own questions where an order has them.
func (set *Set) arrange(order []string) {
	var own []Own
	items := set.chosen().Items
	after, end := Start, false
	for _, id := range order {
		if at := set.Recipe.own(id); at >= 0 {
			o := set.Recipe.Own[at]
			if last := after == items[len(items)-1].ID; last && (o.After == "" || end) { // at the end is at the end, and so is what follows it
				o.After, end = "", true
			} else {
				o.After = after
			}
			own = append(own, o)
		} else {
			after = id
		}
	}
	set.Recipe.Own = own
}

// remove takes an own question out, and keeps it so that it can be put back.
func (set *Set) remove(id string) error {
	at := set.Recipe.own(id)
	if at < 0 {
		return notFound()
	}
	set.Recipe.Removed = slices.Insert(set.Recipe.Removed, 0, set.Recipe.Own[at])
	if len(set.Recipe.Removed) > maxRemoved {
		set.Recipe.Removed = set.Recipe.Removed[:maxRemoved]
	}
	set.Recipe.Own = slices.Delete(set.Recipe.Own, at, at+1)
	return nil
}

// restore puts an own question back that was taken out.
func (set *Set) restore(id string) error {
	at := slices.IndexFunc(set.Recipe.Removed, func(o Own) bool { return o.ID == id })
	if at < 0 {
		return notFound()
	}
	if len(set.Recipe.Own) >= maxOwn {
		return refuse(problem.Conflict, "error.too-many", nil)
	}
	set.Recipe.Own = append(set.Recipe.Own, set.Recipe.Removed[at])
	set.Recipe.Removed = slices.Delete(set.Recipe.Removed, at, at+1)
	set.arrange(set.order())
	return nil
}

// setCondition says who is asked an own question; nil for everyone.
func (set *Set) setCondition(id string, c *Condition) error {
	at := set.Recipe.own(id)
	if at < 0 {
		return notFound()
	}
	set.Recipe.Own[at].Condition = c
	return nil
}

// Before lists what a condition of an own question can name.
func (set *Set) Before(id string) []instrument.Variable {
	items := set.Instrument.Items
	at := slices.IndexFunc(items, func(it instrument.Item) bool { return it.ID == id })
	if at < 0 {
		return nil
	}
	return Conditional(items[:at])
}

// setLevels says what one can choose from in a category.
func (set *Set) setLevels(item string, l Levels) error {
	it := set.Base.Item(item)
	if it == nil || it.Kind != instrument.Category {
		return notFound()
	}
	if set.Recipe.Levels == nil {
		set.Recipe.Levels = map[string]Levels{}
	}
	if set.Recipe.Levels[item] = l; l.Variable == "" && len(l.Typed) == 0 {
		delete(set.Recipe.Levels, item)
	}
	return nil
}

// setText keeps other words for a text of the base; none takes those of the base back.
func (set *Set) setText(key string, t instrument.Text) {
	if set.Recipe.Texts == nil {
		set.Recipe.Texts = map[string]instrument.Text{}
	}
	if set.Recipe.Texts[key] = t; len(t) == 0 {
		delete(set.Recipe.Texts, key)
	}
}

// setBase starts from another questionnaire. Own questions stay, after everything; what was decided on parts of the other goes.
func (set *Set) setBase(b Base) {
	set.Recipe.Base = b
	set.Recipe.Off, set.Recipe.On, set.Recipe.Skip, set.Recipe.Texts, set.Recipe.Levels = nil, nil, nil, nil, nil
	for i := range set.Recipe.Own {
		set.Recipe.Own[i].After, set.Recipe.Own[i].Condition = "", nil
	}
}
