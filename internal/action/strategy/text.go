package strategy

import (
	"context"
	"regexp"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/action/paper"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// TextKind is how a text came to stand.
type TextKind string

// The kinds of texts.
const (
	Written  TextKind = "written"
	Restored TextKind = "restored" // an earlier version was put back
	ByDraft  TextKind = "draft"    // the words of the product were put back
)

// Text is a version of the text of a chapter in a language.
type Text struct {
	Chapter  string
	Lang     instrument.Lang
	Version  int64 // from 1; 0 for the draft, which nobody kept yet
	Kind     TextKind
	Restored int64 // of Restored: the version that was put back
	Text     string
	By       string // account; "" when erased
	At       time.Time
}

// Untouched tells whether the text is the draft that comes with the product.
func (t *Text) Untouched() bool { return t.Version == 0 || t.Kind == ByDraft }

// MostText bounds a text, in characters.
const MostText = 12_000

// draft is the text of a chapter that comes with the product.
func (c *Chapter) draft(lang instrument.Lang) Text {
	return Text{Chapter: c.ID, Lang: lang, Text: paper.Tidy(c.Draft.In(lang))}
}

// standing returns the text of each chapter in a language, by id.
func (s *Service) standing(ctx context.Context, r db.Reader, lang instrument.Lang) (map[string]Text, error) {
	out := map[string]Text{}
	for i := range s.Skeleton.Chapters {
		out[s.Skeleton.Chapters[i].ID] = s.Skeleton.Chapters[i].draft(lang)
	}
	list, err := newest(ctx, r, lang)
	for i := range list {
		if _, known := out[list[i].Chapter]; known {
			out[list[i].Chapter] = list[i]
		}
	}
	return out, err
}

// chapter returns a chapter with its text; db.ErrNoRow when there is none.
func (s *Service) chapter(ctx context.Context, r db.Reader, id string, lang instrument.Lang) (*Chapter, Text, error) {
	c := s.Skeleton.Chapter(id)
	if c == nil {
		return nil, Text{}, db.ErrNoRow
	}
	list, err := versionsOf(ctx, r, id, lang, 1)
	if err != nil || len(list) == 0 {
		return c, c.draft(lang), err
	}
	return c, list[0], nil
}

// Version returns a version of the text of a chapter; 0 is the draft that comes with the product.
func (s *Service) Version(ctx context.Context, actor access.Actor, chapter string, lang instrument.Lang, version int64) (Text, error) {
	if err := allow(actor, reads); err != nil {
		return Text{}, err
	}
	c := s.Skeleton.Chapter(chapter)
	if c == nil {
		return Text{}, db.ErrNoRow
	}
	if version == 0 {
		return c.draft(lang), nil
	}
	return versionOf(ctx, s.DB.Of(actor.Tenant), chapter, lang, version)
}

// Keep keeps a text of a chapter, written after that version; it returns the version that stands. A problem of kind Conflict when
// somebody kept another meanwhile. A text that is there already makes no version.
func (s *Service) Keep(ctx context.Context, actor access.Actor, chapter string, lang instrument.Lang, text string, after int64, ask asked.Request) (int64, error) {
	text = paper.Tidy(text)
	form := problem.Form{Bundle: locale()}
	if n := utf8.RuneCountInString(text); n > MostText {
		form.Wrong("text", "field.long", i18n.Args{"most": in(instrument.NL).Int(MostText)})
	}
	if err := form.Err(); err != nil {
		return 0, err
	}
	return s.put(ctx, actor, &Text{Chapter: chapter, Lang: lang, Kind: Written, Text: text}, after, ask)
}

// Restore puts an earlier version back, or with version 0 the draft that comes with the product, as a version of its own.
func (s *Service) Restore(ctx context.Context, actor access.Actor, chapter string, lang instrument.Lang, version, after int64) (int64, error) {
	old, err := s.Version(ctx, actor, chapter, lang, version)
	if err != nil {
		return 0, err
	}
	x := &Text{Chapter: chapter, Lang: lang, Kind: Restored, Restored: version, Text: old.Text}
	if version == 0 || old.Kind == ByDraft {
		x.Kind, x.Restored = ByDraft, 0
	}
	return s.put(ctx, actor, x, after, asked.Request{})
}

func (s *Service) put(ctx context.Context, actor access.Actor, x *Text, after int64, ask asked.Request) (int64, error) {
	if err := allow(actor, writes); err != nil {
		return 0, err
	}
	stands := int64(0)
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		var err error
		stands, err = asked.Once(ctx, tx, s.Now, ask, func() (int64, error) { return s.putIn(ctx, tx, actor, x, after) })
		return err
	})
	return stands, err
}

func (s *Service) putIn(ctx context.Context, tx *db.Scope, actor access.Actor, x *Text, after int64) (int64, error) {
	_, now, err := s.chapter(ctx, tx.Reader, x.Chapter, x.Lang)
	if err != nil {
		return 0, err
	}
	if now.Version != after {
		return 0, s.clash(ctx, tx.Reader, &now)
	}
	if now.Text == x.Text && (x.Kind == Written || now.Untouched() == (x.Kind == ByDraft)) {
		return now.Version, nil
	}
	x.Version, x.By, x.At = after+1, actor.Owner, s.Now()
	ok, err := insertText(ctx, tx, x)
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, s.clash(ctx, tx.Reader, &now)
	}
	return x.Version, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "strategy.text-" + string(x.Kind), Subject: x.Chapter, Detail: map[string]string{"language": string(x.Lang)}})
}

// clash says who kept another text meanwhile.
func (s *Service) clash(ctx context.Context, r db.Reader, now *Text) error {
	name, err := s.nameOf(ctx, r, now.By)
	if err != nil {
		return err
	}
	if name == "" {
		return refuse(problem.Conflict, "error.changed-nobody", nil)
	}
	return refuse(problem.Conflict, "error.changed", i18n.Args{"who": name})
}

// percents are figures that somebody typed: they do not follow the report.
var percents = regexp.MustCompile(`[0-9]+([.,][0-9]+)?[ \x{a0}\x{202f}]?%`)

// typed lists the percentages that stand in a text in figures, each once.
func typed(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, m := range percents.FindAllString(text, -1) {
		if !seen[m] {
			seen[m] = true
			out = append(out, m)
		}
	}
	return out
}
