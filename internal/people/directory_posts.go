package people

import (
	"cmp"
	"context"
	"strings"

	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/people/store"
)

// posts says what becomes of the posts of a person: only the main one, and of the others those that end with the person being out.
func (c *directed) posts(ctx context.Context, was, next *org.Person, p *scim.Person) error {
	var posts []org.Post
	if was != nil {
		var err error
		if posts, err = store.PostsOf(ctx, c.Reader, c.at, was.ID); err != nil {
			return err
		}
	}
	back := was != nil && was.Out && !next.Out
	main := &org.Post{ID: id.New(c.s.Now()), Person: next.ID, FTE: -1, Main: true}
	for i := range posts {
		post := &posts[i]
		before := *post
		history, err := store.History[org.Post](ctx, c.Reader, post.ID)
		if err != nil {
			return err
		}
		if back && post.To == was.To && theirs(history, func(x *org.Post) string { return x.To.String() }) {
			post.To = 0
		}
		if i == 0 { // the main one
			main = post
			if err := c.place(ctx, post, history, p); err != nil {
				return err
			}
		}
		if *post != before {
			c.rows.Posts = append(c.rows.Posts, *post)
		}
	}
	if len(posts) > 0 || next.Out {
		return nil
	}
	if err := c.place(ctx, main, nil, p); err != nil {
		return err
	}
	if main.Unit != "" || main.Function != "" {
		c.rows.Posts = append(c.rows.Posts, *main)
	}
	return nil
}

// place puts a post in the unit and the function that a directory says, as far as they are for it to say.
func (c *directed) place(ctx context.Context, post *org.Post, history []store.Version[org.Post], p *scim.Person) error {
	if !post.On(c.day) {
		return nil
	}
	department, division, title := text(p.Department), text(p.Division), text(p.Title)
	if department == "" {
		department, division = division, ""
	}
	if department != "" && theirs(history, func(x *org.Post) string { return x.Unit }) {
		stays, err := called(ctx, c.Reader, post.Unit, func(u *org.Unit) bool { return isUnit(u, department) })
		if err != nil {
			return err
		}
		if !stays {
			if post.Unit, err = c.unit(ctx, department, division, post.Unit); err != nil {
				return err
			}
		}
	}
	if title != "" && theirs(history, func(x *org.Post) string { return x.Function }) {
		var err error
		if post.Function, err = c.function(ctx, title, post.Function); err != nil {
			return err
		}
	}
	return nil
}

// text brings a name of a directory in the form and length that names have here.
func text(s string) string {
	s = contact.Line(s)
	if runes := []rune(s); len(runes) > mostText {
		s = contact.Line(string(runes[:mostText]))
	}
	return s
}

// called tells whether a row is called so, or was: who renames a unit here does not empty it.
func called[T store.Row](ctx context.Context, r db.Reader, rowID string, is func(*T) bool) (bool, error) {
	if rowID == "" {
		return false, nil
	}
	history, err := store.History[T](ctx, r, rowID)
	if err != nil || len(history) == 0 || history[0].Until != nil {
		return false, err
	}
	for i := range history {
		if is(&history[i].Row) {
			return true, nil
		}
	}
	return false, nil
}

func isUnit(u *org.Unit, name string) bool {
	return u.Code != "" && strings.EqualFold(u.Code, name) || unitKey(u.Name) == unitKey(name)
}

func unitKey(name string) string { return draft.UnitKey([]string{name}) }

// unit returns the unit with a code or name, the one in a division where several have the name. One that nobody knows is made: in the
// division where that is known, else below the top. Where it is not certain which unit is meant, it is the one that was.
func (c *directed) unit(ctx context.Context, name, division, was string) (string, error) {
	if err := c.readUnits(ctx); err != nil {
		return "", err
	}
	within, err := c.within(ctx, division)
	if err != nil {
		return "", err
	}
	var found, inside []string
	for i := range c.units {
		u := &c.units[i]
		if !u.On(c.day) || !isUnit(u, name) {
			continue
		}
		if strings.EqualFold(u.Code, name) {
			return u.ID, nil
		}
		found = append(found, u.ID)
		if within[u.ID] {
			inside = append(inside, u.ID)
		}
	}
	if len(inside) > 0 {
		found = inside
	}
	switch len(found) {
	case 0:
	case 1:
		return found[0], nil
	default:
		return was, nil
	}
	parent, err := c.top(ctx)
	if err != nil {
		return "", err
	}
	if at := c.named(name); at != "" { // the top that was just made
		return at, nil
	}
	if d := c.named(division); d != "" {
		parent = d
	}
	return c.makeUnit(name, parent), nil
}

func (c *directed) readUnits(ctx context.Context) (err error) {
	if c.units == nil {
		c.units, err = store.AllOf[org.Unit](ctx, c.Reader, c.at)
	}
	return err
}

// named returns the only unit with a name or code; "" when there is none or more than one.
func (c *directed) named(name string) string {
	found := ""
	for i := range c.units {
		if u := &c.units[i]; name != "" && u.On(c.day) && isUnit(u, name) {
			if found != "" {
				return ""
			}
			found = u.ID
		}
	}
	return found
}

// within returns the units in a division.
func (c *directed) within(ctx context.Context, division string) (map[string]bool, error) {
	d := c.named(division)
	if d == "" {
		return map[string]bool{}, nil
	}
	ids, err := store.Within(ctx, c.Reader, c.at, d)
	out := make(map[string]bool, len(ids))
	for _, u := range ids {
		out[u] = true
	}
	return out, err
}

// top returns the unit below which unknown ones are made. An organisation without units gets one with its name; one with several tops
// has none.
func (c *directed) top(ctx context.Context) (string, error) {
	var tops []string
	for i := range c.units {
		if u := &c.units[i]; u.Parent == "" && u.On(c.day) {
			tops = append(tops, u.ID)
		}
	}
	switch len(tops) {
	case 0:
		name, _, _, err := c.s.Organisations.About(ctx, c.Tenant())
		if err != nil {
			return "", err
		}
		return c.makeUnit(text(name), ""), nil
	case 1:
		return tops[0], nil
	default:
		return "", nil
	}
}

func (c *directed) makeUnit(name, parent string) string {
	u := org.Unit{ID: id.New(c.s.Now()), Name: name, Parent: parent}
	c.units, c.rows.Units = append(c.units, u), append(c.rows.Units, u)
	return u.ID
}

// function returns the function that a title stands for, by what was decided on titles; one that nobody knows is made.
func (c *directed) function(ctx context.Context, title, was string) (string, error) {
	decided, err := decisionsOf(ctx, c.Reader)
	if err != nil {
		return "", err
	}
	key := followed(decided.Functions, draft.FunctionKey(title))
	stays, err := called(ctx, c.Reader, was, func(f *org.Function) bool { return draft.FunctionKey(f.Name) == key })
	if err != nil {
		return "", err
	}
	if stays {
		return was, nil
	}
	all, err := store.AllOf[org.Function](ctx, c.Reader, c.at)
	if err != nil {
		return "", err
	}
	found := ""
	for i := range all {
		f := &all[i]
		if !f.On(c.day) || draft.FunctionKey(f.Name) != key {
			continue
		}
		if found == "" || f.Code == "" || f.ID < found { // one without a code is what the name alone means
			found = f.ID
		}
		if f.Code == "" {
			break
		}
	}
	if found != "" {
		return found, nil
	}
	f := org.Function{ID: id.New(c.s.Now()), Name: title}
	c.rows.Functions = append(c.rows.Functions, f)
	return f.ID, nil
}

// heed lets an import leave to the directory what is its own: the mail address and the language. Who is named by a complete source leaves with
// it, whatever the directory says.
func heed(ctx context.Context, r db.Reader, next *org.Organisation) error {
	for i := range next.People {
		if p := &next.People[i]; strings.Contains(p.Sources, ",") {
			p.LeftBy(directorySource)
		}
	}
	at := map[string]int{} // of a person, read when the first is asked for
	return scim.Said(ctx, r, func(person, mail, language string) {
		if len(at) == 0 {
			for i := range next.People {
				at[next.People[i].ID] = i
			}
		}
		if i, ok := at[person]; ok {
			p := &next.People[i]
			p.Mail, p.Language = cmp.Or(mail, p.Mail), cmp.Or(language, p.Language)
		}
	})
}
