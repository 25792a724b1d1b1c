package instrument

import (
	"fmt"
	"math"
	"net/url"

	"tekentafel/internal/yamlfile"
)

// columns checks that no two variables, nor an ignored column, claim the same heading.
func (c *checker) columns() {
	claimed := map[string]string{}
	claim := func(path, heading, of string) {
		if other, twice := claimed[heading]; twice {
			if other == of {
				return // the same id twice: said already
			}
			c.At(path, "the column "+yamlfile.Quote(heading)+" belongs to "+other+" too", "give each its own column")
			return
		}
		claimed[heading] = of
	}
	for i := range c.in.Items {
		it := &c.in.Items[i]
		path := fmt.Sprintf("items[%d]", i)
		switch it.Kind {
		case Info:
		case Matrix:
			for r := range it.Rows {
				v := Variable{Item: it, Row: &it.Rows[r]}
				claim(fmt.Sprintf("%s.rows[%d].column", path, r), v.Heading(), "row "+yamlfile.Quote(it.Rows[r].ID))
			}
		default:
			claim(path+".column", it.Heading(), "item "+yamlfile.Quote(it.ID))
			for o := range it.Options {
				if it.Kind == Multiple && it.Options[o].Missing == NotMissing {
					v := Variable{Item: it, Option: &it.Options[o]}
					claim(fmt.Sprintf("%s.options[%d].column", path, o), v.Heading(), "option "+yamlfile.Quote(it.ID+"."+it.Options[o].ID))
				}
			}
		}
	}
	for i, heading := range c.in.IgnoreColumns {
		path := fmt.Sprintf("ignore_columns[%d]", i)
		c.plain(path, heading)
		if heading == "" {
			c.At(path, "an ignored column has no heading", "write the heading as it stands in the data file")
			continue
		}
		claim(path, heading, "ignore_columns")
	}
}

// scored returns the variables that have scores: scale items and matrix rows.
func (c *checker) scored() (map[string]*Item, *names) {
	items, known := map[string]*Item{}, &names{}
	for i := range c.in.Items {
		it := &c.in.Items[i]
		if it.Kind == Scale {
			items[it.ID] = it
			known.add(it.ID)
		}
		if it.Kind == Matrix {
			for r := range it.Rows {
				items[it.Rows[r].ID] = it
				known.add(it.Rows[r].ID)
			}
		}
	}
	return items, known
}

func (c *checker) constructs() {
	scored, known := c.scored()
	for i := range c.in.Constructs {
		k := &c.in.Constructs[i]
		path := fmt.Sprintf("constructs[%d]", i)
		c.name(path+".id", k.ID, "construct")
		c.topic(path+".topic", &k.Topic)
		c.text(path+".label", k.Label, required)
		c.text(path+".description", k.Description, optional)
		c.constructItems(path, k, scored, known)
		inside := &names{}
		for _, id := range k.Items {
			inside.add(id)
		}
		seen := map[string]bool{}
		for j, id := range k.Reverse {
			inner := fmt.Sprintf("%s.reverse[%d]", path, j)
			if c.reference(inner, id, "item in this construct called", inside) && seen[id] {
				c.At(inner, "the item "+yamlfile.Quote(id)+" stands here twice", "keep it once")
			}
			seen[id] = true
		}
		if !c.Has(path+".min_answered") && len(k.Items) > 0 {
			k.MinAnswered = (len(k.Items) + 1) / 2
		} else if k.MinAnswered < 1 || k.MinAnswered > len(k.Items) {
			c.At(path+".min_answered", fmt.Sprintf("min_answered is %d for %d items", k.MinAnswered, len(k.Items)),
				fmt.Sprintf("write a whole number from 1 to %d", max(1, len(k.Items))))
		}
	}
}

// maxConstructItems bounds the items of a construct.
const maxConstructItems = 100

func (c *checker) constructItems(path string, k *Construct, scored map[string]*Item, known *names) {
	if len(k.Items) == 0 || len(k.Items) > maxConstructItems {
		c.At(path+".items", fmt.Sprintf("the construct has %d items", len(k.Items)), fmt.Sprintf("name 1 to %d scale items or matrix rows", maxConstructItems))
		return
	}
	seen := map[string]bool{}
	var first *Item
	sound := true
	for j, id := range k.Items {
		inner := fmt.Sprintf("%s.items[%d]", path, j)
		if !c.reference(inner, id, "scale item or matrix row", known) {
			sound = false
			continue
		}
		if seen[id] {
			c.At(inner, "the item "+yamlfile.Quote(id)+" stands here twice", "keep it once")
			sound = false
		}
		seen[id] = true
		if first == nil {
			first = scored[id]
		} else if !sameScale(first, scored[id]) {
			c.At(inner, fmt.Sprintf("the item %s has another scale than %s", yamlfile.Quote(id), yamlfile.Quote(k.Items[0])), "use items with the same values, or split the construct")
			sound = false
		}
	}
	if sound && first != nil {
		if _, err := newSteps(first.points(), len(k.Items)); err != nil {
			c.At(path+".items", err.Error(), "use simple values such as 1, 2, 3, 4, 5")
		}
	}
}

// points returns the values of the points of a scale, rising.
func (it *Item) points() []float64 {
	var out []float64
	for i := range it.Options {
		if o := &it.Options[i]; o.Missing == NotMissing && o.Value != nil {
			out = append(out, *o.Value)
		}
	}
	return out
}

func sameScale(a, b *Item) bool {
	if a == b {
		return true
	}
	p, q := a.points(), b.points()
	if len(p) != len(q) {
		return false
	}
	for i := range p {
		if p[i] != q[i] {
			return false
		}
	}
	return true
}

func (c *checker) indicators() {
	options, known := c.choosable()
	for i := range c.in.Indicators {
		ind := &c.in.Indicators[i]
		path := fmt.Sprintf("indicators[%d]", i)
		c.name(path+".id", ind.ID, "indicator")
		c.topic(path+".topic", &ind.Topic)
		c.context(path+".context", ind.Context)
		c.text(path+".label", ind.Label, required)
		c.text(path+".claim", ind.Claim, required)
		if !c.Has(path + ".item") {
			c.At(path+".item", "the indicator names no item", "add item: with the id of a single choice, scale or matrix row")
			continue
		}
		if !c.reference(path+".item", ind.Item, "single choice, scale or matrix row", known) {
			continue
		}
		offered := options[ind.Item]
		if len(ind.Options) == 0 {
			c.At(path+".options", "the indicator counts no option", "list the options that count as yes")
		}
		seen := map[string]bool{}
		for j, id := range ind.Options {
			inner := fmt.Sprintf("%s.options[%d]", path, j)
			if c.reference(inner, id, "option of "+yamlfile.Quote(ind.Item)+" called", offered) && seen[id] {
				c.At(inner, "the option "+yamlfile.Quote(id)+" stands here twice", "keep it once")
			}
			seen[id] = true
		}
		if len(seen) >= len(offered.list) && len(offered.list) > 0 {
			c.At(path+".options", "the indicator counts every option", "leave out those that count as no")
		}
	}
}

// choosable returns the substantive option IDs of each variable with one answer out of options.
func (c *checker) choosable() (map[string]*names, *names) {
	options, known := map[string]*names{}, &names{}
	for i := range c.in.Items {
		it := &c.in.Items[i]
		if it.Kind != Single && !it.Kind.isOrdered() {
			continue
		}
		list := &names{}
		for o := range it.Options {
			if it.Options[o].Missing == NotMissing {
				list.add(it.Options[o].ID)
			}
		}
		if it.Kind == Matrix {
			for r := range it.Rows {
				options[it.Rows[r].ID] = list
				known.add(it.Rows[r].ID)
			}
			continue
		}
		options[it.ID] = list
		known.add(it.ID)
	}
	return options, known
}

func (c *checker) benchmarks() {
	targets := &names{}
	for i := range c.in.Indicators {
		targets.add(c.in.Indicators[i].ID)
	}
	options, known := c.choosable()
	for _, id := range known.list {
		for _, o := range options[id].list {
			targets.add(id + "." + o)
		}
	}
	for _, v := range c.in.Variables() {
		if v.Option != nil {
			targets.add(v.ID)
		}
	}
	taken := map[string]bool{}
	for i := range c.in.Benchmarks {
		b := &c.in.Benchmarks[i]
		path := fmt.Sprintf("benchmarks[%d]", i)
		if c.id(path+".id", b.ID, "the benchmark") && taken[b.ID] {
			c.At(path+".id", "two benchmarks have the id "+yamlfile.Quote(b.ID), "give one of them another id")
		}
		taken[b.ID] = true
		c.reference(path+".target", b.Target, "indicator or ITEM.OPTION", targets)
		if !c.Has(path+".share") || b.Share < 0 || b.Share > 1 || math.IsNaN(b.Share) {
			c.At(path+".share", fmt.Sprintf("the share %v is not between 0 and 1", b.Share), "write a proportion: 53.1 % is 0.531")
		}
		if b.N < 1 {
			c.At(path+".n", fmt.Sprintf("the number of respondents n is %d", b.N), "write how many people the published study asked")
		}
		if b.Source == "" {
			c.At(path+".source", "the benchmark has no source", "add source: with author, year and title")
		}
		c.plain(path+".source", b.Source)
		if b.URL != "" {
			if u, err := url.Parse(b.URL); err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
				c.At(path+".url", "the address "+yamlfile.Quote(b.URL)+" is not a web address", "write it in full, starting with https://")
			}
		}
		if c.Has(path+".year") && (b.Year < 1900 || b.Year > 2200) {
			c.At(path+".year", fmt.Sprintf("the year %d is not credible", b.Year), "write four digits")
		}
		c.text(path+".name", b.Name, required)
		c.text(path+".caveat", b.Caveat, required)
	}
}

func (c *checker) models() {
	known := &names{}
	for i := range c.in.Constructs {
		known.add(c.in.Constructs[i].ID)
	}
	taken := map[string]bool{}
	for i := range c.in.Models {
		m := &c.in.Models[i]
		path := fmt.Sprintf("models[%d]", i)
		if c.id(path+".id", m.ID, "the model") && taken[m.ID] {
			c.At(path+".id", "two models have the id "+yamlfile.Quote(m.ID), "give one of them another id")
		}
		taken[m.ID] = true
		c.reference(path+".outcome", m.Outcome, "construct", known)
		if len(m.Predictors) == 0 {
			c.At(path+".predictors", "the model has no predictors", "list the constructs that may explain the outcome")
		}
		seen := map[string]bool{m.Outcome: true}
		for j, id := range m.Predictors {
			inner := fmt.Sprintf("%s.predictors[%d]", path, j)
			if c.reference(inner, id, "construct", known) && seen[id] {
				c.At(inner, "the construct "+yamlfile.Quote(id)+" stands in this model twice", "keep it once: as the outcome or as a predictor")
			}
			seen[id] = true
		}
	}
}
