package instrument

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tekentafel/internal/yamlfile"
)

// kinds lists the kinds of items.
func kinds() []Kind {
	return []Kind{Single, Multiple, Scale, Matrix, Number, OpenText, Info, Category}
}

// hasOptions reports whether items of the kind carry options.
func (k Kind) hasOptions() bool { return k == Single || k == Multiple || k == Scale || k == Matrix }

// isOrdered reports whether the options of the kind are points of a scale.
func (k Kind) isOrdered() bool { return k == Scale || k == Matrix }

func topics() []string {
	return words([]Topic{TopicUse, TopicSystems, TopicTasks, TopicNonUse, TopicAdvantages, TopicDrawbacks, TopicSkills,
		TopicDrivers, TopicSupport, TopicRules, TopicShadow, TopicBackground, TopicTest, TopicOther})
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

// topic checks a topic and fills in the default.
func (c *checker) topic(path string, t *Topic) {
	if *t == "" && !c.Has(path) {
		*t = TopicOther
		return
	}
	c.oneOf(path, string(*t), "topic", topics())
}

func (c *checker) context(path string, x Context) {
	if c.Has(path) {
		c.oneOf(path, string(x), "context", []string{string(Work), string(Leisure)})
	}
}

func (c *checker) items() {
	variables := 0
	for i := range c.in.Items {
		it := &c.in.Items[i]
		path := fmt.Sprintf("items[%d]", i)
		c.name(path+".id", it.ID, "item")
		c.oneOf(path+".kind", string(it.Kind), "kind", words(kinds()))
		c.topic(path+".topic", &it.Topic)
		c.context(path+".context", it.Context)
		c.text(path+".label", it.Label, optional)
		c.text(path+".question", it.Question, required)
		c.text(path+".help", it.Help, optional)
		c.fits(path, it)
		c.rows(path, it)
		c.number(path, it)
		c.itemOptions(path, it)
		variables += max(1, len(it.Rows))
		if it.Kind == Multiple {
			variables += len(it.Options) - 1
		}
	}
	if variables > MaxVariables {
		c.At("items", fmt.Sprintf("the instrument has %d variables (items, rows and options of multiple choices)", variables),
			fmt.Sprintf("keep at most %d", MaxVariables))
	}
}

// fits reports the keys of an item that have no meaning for its kind.
func (c *checker) fits(path string, it *Item) {
	if !slices.Contains(kinds(), it.Kind) {
		return // said already
	}
	for _, r := range []struct {
		key     string
		allowed bool
		mend    string
	}{
		{"options", it.Kind.hasOptions(), "remove the options, or choose kind single, multiple, scale or matrix"},
		{"options_from", it.Kind.hasOptions(), "remove it, or choose kind single, multiple, scale or matrix"},
		{"rows", it.Kind == Matrix, "remove the rows, or choose kind matrix"},
		{"min", it.Kind == Number, "remove it, or choose kind number"},
		{"max", it.Kind == Number, "remove it, or choose kind number"},
		{"unit", it.Kind == Number, "remove it, or choose kind number"},
		{"column", it.Kind != Matrix && it.Kind != Info, "a matrix has its columns with the rows, a page of information has none"},
		{"required", it.Kind != Info, "remove it: nothing is answered here"},
		{"sensitive", it.Kind != Info, "remove it: nothing is answered here"},
		{"group", it.Kind == Single || it.Kind == Scale || it.Kind == Category,
			"only a single choice, a scale or a category can split the report into groups (make bands of a number)"},
	} {
		if c.Has(path+"."+r.key) && !r.allowed {
			c.At(path+"."+r.key, fmt.Sprintf("%s has no place in an item of kind %s", r.key, it.Kind), r.mend)
		}
	}
	if it.Group && it.Sensitive {
		c.At(path+".group", "a sensitive item cannot split the report into groups", "remove group or sensitive")
	}
	c.plain(path+".column", it.Column)
}

func (c *checker) rows(path string, it *Item) {
	if it.Kind == Matrix && len(it.Rows) == 0 {
		c.At(path+".rows", "a matrix needs rows", "add rows: with an id and a text each, or choose kind scale")
	}
	for i := range it.Rows {
		row := &it.Rows[i]
		inner := fmt.Sprintf("%s.rows[%d]", path, i)
		c.name(inner+".id", row.ID, "row")
		c.text(inner+".text", row.Text, required)
		c.text(inner+".label", row.Label, optional)
		c.plain(inner+".column", row.Column)
	}
}

func (c *checker) number(path string, it *Item) {
	c.text(path+".unit", it.Unit, optional)
	if it.Min != nil && it.Max != nil && *it.Min >= *it.Max {
		c.At(path+".min", fmt.Sprintf("min %v is not below max %v", *it.Min, *it.Max), "make min the smaller of the two")
	}
}

// scales checks the shared lists of options, gives each item the list that it names, and says whether it is sensible
// to check further.
func (c *checker) scales() bool {
	known := &names{}
	used := map[string]bool{}
	for name, options := range c.in.Scales {
		path := "scales." + name
		if c.id(path, name, "the scale") {
			known.add(name)
		}
		c.optionList(path, options)
	}
	choices := 0
	for i := range c.in.Items {
		it := &c.in.Items[i]
		path := fmt.Sprintf("items[%d]", i)
		if c.Has(path + ".options_from") {
			if c.Has(path + ".options") {
				c.At(path+".options_from", "the item has both options and options_from", "keep one of the two")
			} else if c.reference(path+".options_from", it.OptionsFrom, "scale", known) {
				it.Options = c.in.Scales[it.OptionsFrom]
			}
			used[it.OptionsFrom] = true
		} else {
			c.optionList(path+".options", it.Options)
		}
		choices += len(it.Options)
	}
	for name := range c.in.Scales {
		if !used[name] {
			c.At("scales."+name, "no item uses the scale "+yamlfile.Quote(name), "name it with options_from, or remove it")
		}
	}
	if choices > maxChoices {
		c.At("items", fmt.Sprintf("the items have %d options together", choices), fmt.Sprintf("keep at most %d", maxChoices))
		return false
	}
	return true
}

// optionList checks what holds for options whatever the item.
func (c *checker) optionList(path string, options []Option) {
	if len(options) > MaxOptions {
		c.At(path, fmt.Sprintf("%d options are too many", len(options)),
			fmt.Sprintf("keep at most %d, or use kind category: its options are found in the data", MaxOptions))
		return
	}
	ids := map[string]int{}
	spelt := map[string]int{}
	labels := map[string]int{}
	for i := range options {
		o := &options[i]
		inner := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case o.ID == "":
			c.At(inner+".id", "the option has no id", "add id: with a short name of letters, digits, - and _")
		case len(o.ID) > maxID || !optionGrammar.MatchString(o.ID):
			c.At(inner+".id", "the id "+yamlfile.Quote(o.ID)+" is not allowed", "use only a-z, A-Z, 0-9, - and _")
		}
		if first, twice := ids[o.ID]; twice && o.ID != "" {
			c.At(inner+".id", "two options have the id "+yamlfile.Quote(o.ID), fmt.Sprintf("give one of options %d and %d another id", first+1, i+1))
		} else {
			ids[o.ID] = i
		}
		c.text(inner+".label", o.Label, required)
		for _, l := range c.in.Languages {
			key := string(l) + ":" + strings.ToLower(strings.TrimSpace(o.Label[l]))
			if first, twice := labels[key]; twice && o.Label[l] != "" {
				c.At(inner+".label", fmt.Sprintf("options %d and %d have the same label in %q", first+1, i+1, string(l)), "make them differ, so that people can tell them apart")
			} else {
				labels[key] = i
			}
		}
		if c.Has(inner + ".missing") {
			c.oneOf(inner+".missing", string(o.Missing), "kind of missing answer", words([]Missing{MissingDontKnow, MissingNotApplicable}))
		}
		if o.Missing != NotMissing && o.Value != nil {
			c.At(inner+".value", "an answer outside the scale has no value", "remove value, or remove missing")
		}
		c.plain(inner+".column", o.Column)
		for j, s := range o.Values {
			spelling := fmt.Sprintf("%s.values[%d]", inner, j)
			c.plain(spelling, s)
			if first, twice := spelt[s]; twice && first != i {
				c.At(spelling, fmt.Sprintf("options %d and %d share the spelling %s", first+1, i+1, yamlfile.Quote(s)), "keep it with one of them")
			}
			spelt[s] = i
		}
	}
	for i := range options {
		for j, s := range options[i].Values {
			if other, is := ids[s]; is && other != i {
				c.At(fmt.Sprintf("%s[%d].values[%d]", path, i, j),
					fmt.Sprintf("the spelling %s is the id of option %d", yamlfile.Quote(s), other+1), "remove it, or rename that option")
			}
		}
	}
}

// itemOptions checks the options of an item against its kind, and numbers the points of a scale.
func (c *checker) itemOptions(path string, it *Item) {
	if !it.Kind.hasOptions() || len(it.Options) > MaxOptions {
		return
	}
	list := path + ".options"
	if it.OptionsFrom != "" {
		list = path + ".options_from"
	}
	place := func(i int, key string) string {
		if it.OptionsFrom != "" {
			return list
		}
		return fmt.Sprintf("%s[%d].%s", list, i, key)
	}
	substantive, valued := 0, 0
	for i := range it.Options {
		o := &it.Options[i]
		if o.Exclusive && it.Kind != Multiple {
			c.At(place(i, "exclusive"), "exclusive has no place in an item of kind "+string(it.Kind), "remove it: people choose one option here anyway")
		}
		if o.Column != "" && it.Kind != Multiple {
			c.At(place(i, "column"), "an option of an item of kind "+string(it.Kind)+" has no column of its own", "give the item a column, or use values for how the option is spelt in data files")
		}
		if o.Missing == NotMissing {
			substantive++
			if o.Value != nil {
				valued++
			}
		}
	}
	if substantive < 2 && (it.OptionsFrom == "" || c.Has("scales."+it.OptionsFrom)) {
		c.At(list, fmt.Sprintf("the item has %d options that say something", substantive), "give at least 2 beside \"don't know\" and \"not applicable\"")
		return
	}
	if valued > 0 && it.Kind == Multiple {
		c.At(list, "the options of a multiple choice have no value", "remove value")
		return
	}
	if valued > 0 && valued < substantive {
		c.At(list, fmt.Sprintf("%d of %d options have a value", valued, substantive), "give each option a value, or none")
		return
	}
	if it.Kind.isOrdered() {
		c.ordered(list, it, valued > 0)
	}
}

// ordered numbers the points of a scale 1..k where they have no value, and checks that values rise.
func (c *checker) ordered(path string, it *Item, valued bool) {
	if !valued {
		options := make([]Option, len(it.Options))
		copy(options, it.Options)
		position := 0.0
		for i := range options {
			if options[i].Missing == NotMissing {
				position++
				value := position
				options[i].Value = &value
			}
		}
		it.Options = options
		return
	}
	last := math.Inf(-1)
	for i := range it.Options {
		o := &it.Options[i]
		if o.Missing != NotMissing {
			continue
		}
		if *o.Value <= last {
			c.At(path, fmt.Sprintf("the value %v of option %s does not exceed that of the option before it", *o.Value, yamlfile.Quote(o.ID)),
				"put the options of a scale in order of rising value")
			return
		}
		last = *o.Value
	}
}
