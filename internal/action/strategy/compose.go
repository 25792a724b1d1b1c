package strategy

import (
	"context"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/paper"
	"tekentafel/internal/docx"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// composer lays the document out in one language.
type composer struct {
	words
	s       *Service
	texts   map[string]Text
	placed  *Placed        // nil: nothing was placed
	newer   *action.Report // nil: none
	hidden  bool           // the smallest group was raised since: no figures
	k       int
	actions []action.Action
	effects map[string]action.Effect
	owners  map[string]string // names of accounts
	today   action.Day
}

// compose gathers what the document says in a language to an actor who may read it.
func (s *Service) compose(ctx context.Context, actor access.Actor, lang instrument.Lang) (*composer, error) {
	if err := allow(actor, reads); err != nil {
		return nil, err
	}
	r := s.DB.Of(actor.Tenant)
	c := &composer{words: s.in(lang), s: s, owners: map[string]string{}, today: action.DayOf(s.Now().In(s.Zone))}
	var err error
	if c.texts, err = s.standing(ctx, r, lang); err != nil {
		return nil, err
	}
	if c.placed, err = s.placed(ctx, actor.Tenant); err != nil {
		return nil, err
	}
	if c.k, err = s.Organisations.GroupSize(ctx, actor.Tenant); err != nil {
		return nil, err
	}
	if c.placed != nil {
		c.hidden = c.k > c.placed.K
		if c.newer, err = s.newer(ctx, actor, c.placed); err != nil {
			return nil, err
		}
	}
	if c.actions, err = s.Actions.List(ctx, whole(actor), action.Query{}); err != nil {
		return nil, err
	}
	if c.effects, err = s.Actions.Effects(ctx, actor); problem.Is(err, problem.Forbidden) {
		c.effects, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range c.actions {
		a := c.actions[i].Owner.Account
		if _, known := c.owners[a]; known {
			continue
		}
		if c.owners[a], err = s.nameOf(ctx, r, a); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// newer returns the newest report that the actor may read and that is newer than what was placed, nil when there is none.
func (s *Service) newer(ctx context.Context, actor access.Actor, p *Placed) (*action.Report, error) {
	list, err := s.choices(ctx, actor)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID != p.Report && list[i].Made.After(p.Made) {
			return &list[i], nil
		}
	}
	return nil, nil
}

// fill writes the figure that a text calls by a name.
func (c *composer) fill(name string) (string, bool) {
	f := c.placed.figure(name)
	if f == nil || c.hidden {
		return "", false
	}
	return c.action.Figure(f), true
}

// document is the whole.
func (c *composer) document(organisation string, made time.Time) *paper.Document {
	title := c.s.Skeleton.Title.In(c.lang)
	d := &paper.Document{Lang: c.lang, Title: title, Subject: c.say("document.subject"), Organisation: organisation, Made: made, Page: c.say("document.page"), Of: c.say("document.of")}
	d.Blocks = append(d.Blocks, docx.Title{Text: title, Subtitle: c.s.Skeleton.Subtitle.In(c.lang)}, small(c.with("document.stand", "day", c.day(made))))
	if c.placed != nil && c.placed.Synthetic {
		d.Blocks = append(d.Blocks, mark(c.say("document.synthetic")))
	}
	d.Blocks = append(d.Blocks, docx.Contents{Title: c.say("document.contents")})
	for i := range c.s.Skeleton.Chapters {
		ch := &c.s.Skeleton.Chapters[i]
		d.Blocks = append(d.Blocks, docx.Heading{Level: 1, Text: ch.Title.In(c.lang)})
		d.Blocks = append(d.Blocks, c.own(ch)...)
		d.Blocks = append(d.Blocks, c.parts(ch)...)
	}
	return d
}

// own is the text of a chapter, with its figures.
func (c *composer) own(ch *Chapter) []docx.Block {
	t := c.texts[ch.ID]
	out := paper.Write(t.Text, c.fill)
	if t.Untouched() {
		out = append([]docx.Block{mark(c.say("document.draft"))}, out...)
	}
	return out
}

// parts are what stands below the text of a chapter.
func (c *composer) parts(ch *Chapter) []docx.Block {
	var out []docx.Block
	said := ""
	for _, p := range ch.Parts {
		// Why there are no figures is said once in a chapter.
		if why := c.without(p); why != "" {
			if why != said {
				out = append(out, mark(why))
			}
			said = why
			continue
		}
		out = append(out, c.part(p)...)
	}
	return out
}

// without says why a part has no figures; "" when it has them or needs none.
func (c *composer) without(p Part) string {
	switch {
	case !p.Figured():
		return ""
	case c.placed == nil:
		return c.say("document.no-figures")
	case c.hidden:
		return c.say("document.raised")
	}
	return ""
}

func (c *composer) part(p Part) []docx.Block {
	switch p {
	case PartLaw:
		return c.lawPart()
	case PartResponse:
		return c.response()
	case PartUse, PartNonUse, PartSupport, PartRules:
		return c.subject(string(p))
	case PartSkills:
		return append(c.subject(string(p)), c.skills()...)
	case PartChanges:
		return c.changes()
	case PartGroups:
		return c.groups()
	case PartHelps:
		return c.helps()
	case PartGoals:
		return c.goals()
	case PartMeasures:
		return c.measures()
	case PartEffects:
		return c.moved()
	case PartReviews:
		return c.reviews()
	case PartCaveats:
		return c.caveats()
	}
	return nil
}

func say1(text string) docx.Block   { return docx.Paragraph{Text: docx.Plain(text)} }
func small(text string) docx.Block  { return docx.Paragraph{Text: docx.Plain(text), Small: true} }
func mark(text string) docx.Block   { return docx.Paragraph{Text: docx.Plain(text), Mark: true} }
func below(title string) docx.Block { return docx.Heading{Level: 2, Text: title} }

func row(texts ...string) []docx.Text {
	out := make([]docx.Text, len(texts))
	for i, t := range texts {
		out[i] = docx.Plain(t)
	}
	return out
}

func (c *composer) lawPart() []docx.Block {
	since, checked := c.s.Law.Days()
	return []docx.Block{docx.Quote{Text: docx.Plain(c.s.Law.Asks.In(c.lang))},
		small(c.with("document.law", "reference", c.s.Law.Reference.In(c.lang), "since", c.Date(since), "checked", c.Date(checked)))}
}

func (c *composer) response() []docx.Block {
	out := []docx.Block{say1(c.placed.Told[c.lang].Lead)}
	if c.newer != nil {
		out = append([]docx.Block{mark(c.with("document.newer", "title", c.newer.Title))}, out...)
	}
	return append(out, small(c.with("document.source", "title", c.placed.Title, "day", c.day(c.placed.At))))
}

// mostSaid bounds the paragraphs that the document takes over on one subject; the report has the rest.
const mostSaid = 3

// subject is what the report says of a subject, with its first table.
func (c *composer) subject(id string) []docx.Block {
	x, ok := c.placed.of(c.lang, id)
	if !ok {
		return []docx.Block{say1(c.say("document.not-asked"))}
	}
	out := []docx.Block{below(x.Headline)}
	for _, t := range x.Text[:min(mostSaid, len(x.Text))] {
		out = append(out, say1(t))
	}
	if len(x.Tables) > 0 {
		out = append(out, tableOf(&x.Tables[0]))
	}
	return out
}

func tableOf(t *Table) docx.Block {
	out := docx.Table{Caption: t.Title}
	for i, h := range t.Head {
		out.Columns = append(out.Columns, docx.Column{Label: h, Numeric: i > 0})
	}
	for _, r := range t.Rows {
		out.Rows = append(out.Rows, row(r...))
	}
	return out
}

func (c *composer) changes() []docx.Block {
	if _, ok := c.placed.of(c.lang, string(PartChanges)); !ok {
		return []docx.Block{small(c.say("document.first"))}
	}
	return c.subject(string(PartChanges))
}

func (c *composer) caveats() []docx.Block {
	list := docx.List{}
	for _, t := range c.placed.Told[c.lang].Caveats {
		list.Items = append(list.Items, docx.Plain(t))
	}
	if len(list.Items) == 0 {
		return []docx.Block{say1(c.say("document.caveats-none")), say1(c.with("document.k", "k", c.Int(max(c.k, c.placed.K))))}
	}
	list.Items = append(list.Items, docx.Plain(c.with("document.k", "k", c.Int(max(c.k, c.placed.K)))))
	return []docx.Block{list}
}

// mostHelps bounds the reasons to which suggestions are given.
const mostHelps = 5

// help is a suggestion, with what it becomes outdoors or in shifts.
func (c *composer) help(h Help) string {
	if h.Field == "" || h.Field == h.Office {
		return h.Office
	}
	return c.with("document.help", "office", h.Office, "field", h.Field)
}

func (c *composer) helps() []docx.Block {
	if c.s.Helps == nil || len(c.placed.Reasons) == 0 {
		return nil
	}
	known := c.s.Helps.Reasons(c.lang)
	var out []docx.Block
	n := 0
	for _, id := range c.placed.Reasons {
		i := slices.IndexFunc(known, func(r Reason) bool { return r.ID == id })
		if i < 0 || n == mostHelps {
			continue
		}
		n++
		list := docx.List{}
		for _, h := range known[i].Helps {
			list.Items = append(list.Items, docx.Plain(c.help(h)))
		}
		out = append(out, docx.Heading{Level: 3, Text: known[i].Name}, list)
	}
	if n == 0 {
		return nil
	}
	return append([]docx.Block{below(c.say("document.helps"))}, out...)
}
