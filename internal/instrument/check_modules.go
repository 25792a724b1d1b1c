package instrument

import (
	"fmt"

	"tekentafel/internal/yamlfile"
)

// modules checks the parts that a wave may leave out.
func (c *checker) modules() {
	known := &names{}
	for i := range c.in.Items {
		known.add(c.in.Items[i].ID)
	}
	taken, owner := map[string]bool{}, map[string]string{}
	for i := range c.in.Modules {
		m := &c.in.Modules[i]
		path := fmt.Sprintf("modules[%d]", i)
		if c.id(path+".id", m.ID, "the module") && taken[m.ID] {
			c.At(path+".id", "two modules have the id "+yamlfile.Quote(m.ID), "give one of them another id")
		}
		taken[m.ID] = true
		c.text(path+".label", m.Label, required)
		c.text(path+".description", m.Description, optional)
		if len(m.Items) == 0 {
			c.At(path+".items", "the module has no items", "list the ids of the items that it holds, or remove it")
		}
		for j, id := range m.Items {
			inner := fmt.Sprintf("%s.items[%d]", path, j)
			if !c.reference(inner, id, "item", known) {
				continue
			}
			if other, twice := owner[id]; twice {
				c.At(inner, "the item "+yamlfile.Quote(id)+" stands in the module "+yamlfile.Quote(other)+" already", "keep it in one module")
				continue
			}
			owner[id] = m.ID
		}
		if m.Extra && m.Required {
			c.At(path+".extra", "the module is both extra and required", "keep one of the two: an extra part is asked only where somebody chose it")
		}
	}
	c.alone()
}

// alone checks that figures do not rest on an extra module and on something else together: without the module the figure
// would silently become another one.
func (c *checker) alone() {
	extra := map[string]string{} // module by variable
	for i := range c.in.Modules {
		for _, id := range c.in.Modules[i].Items {
			it := c.in.Item(id)
			if !c.in.Modules[i].Extra || it == nil {
				continue
			}
			extra[id] = c.in.Modules[i].ID
			for j := range it.Rows {
				extra[it.Rows[j].ID] = c.in.Modules[i].ID
			}
		}
	}
	for i := range c.in.Constructs {
		for j, id := range c.in.Constructs[i].Items {
			if extra[id] != extra[c.in.Constructs[i].Items[0]] {
				c.At(fmt.Sprintf("constructs[%d].items[%d]", i, j), "the construct rests on an extra module and on something else",
					"take its items from one extra module, or from none")
				break
			}
		}
	}
}

// Module returns the module that holds the item with the ID, or nil.
func (in *Instrument) Module(item string) *Module {
	for i := range in.Modules {
		for _, id := range in.Modules[i].Items {
			if id == item {
				return &in.Modules[i]
			}
		}
	}
	return nil
}
