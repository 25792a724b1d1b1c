package people

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: what personnel data says of the person whose account it is, also in versions that can still be put
// back, who looked at it, and what the account did here.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	r := s.DB.Of(t)
	me, err := s.mine(ctx, r, account)
	if err != nil {
		return nil, err
	}
	var out []held.Section
	if me != nil {
		file, err := s.heldFile(ctx, r, me)
		if err != nil {
			return nil, err
		}
		reads, err := s.heldReads(ctx, r, me.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, file, reads)
	}
	done, err := store.DoneBy(ctx, r, account)
	if err != nil || len(done) == 0 {
		return out, err
	}
	work := held.Section{Name: "personnel-work", Title: say("held.work", nil)}
	for _, table := range slices.Sorted(maps.Keys(done)) {
		work.Rows = append(work.Rows, held.Row{Source: table + "/" + account, Label: say("held.done."+strings.TrimPrefix(table, "people_"), nil), Value: itoa(done[table])})
	}
	return append(out, work), nil
}

// mine is who an account is in the organisation, also out of service; nil for nobody, or when that is not certain: nobody is shown
// what may be of another.
func (s *Service) mine(ctx context.Context, r db.Reader, account string) (*org.Person, error) {
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, err
	}
	mail, number, err := s.Accounts.Of(ctx, r, account)
	if err != nil {
		return nil, err
	}
	found, err := store.ByNumber(ctx, r, head.Current, contact.Number(number))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		if found, err = store.ByMail(ctx, r, head.Current, mail); err != nil {
			return nil, err
		}
	}
	if len(found) != 1 {
		return nil, nil //nolint:nilnil // nobody, and that is no error
	}
	return &found[0], nil
}

// heldFile is what stands of a person now, and what stood before.
func (s *Service) heldFile(ctx context.Context, r db.Reader, me *org.Person) (held.Section, error) {
	section := held.Section{Name: "personnel", Title: say("held.file", nil)}
	head, err := store.Head(ctx, r)
	if err != nil {
		return section, err
	}
	source := "people_staff/" + me.ID
	add := func(source, key, value string, when time.Time) {
		if value != "" {
			section.Rows = append(section.Rows, held.Row{Source: source, Label: say("held."+key, nil), Value: value, When: when})
		}
	}
	for _, f := range factsOf(me) {
		add(source, f[0], f[1], time.Time{})
	}
	if me.Hidden != "" {
		section.Rows = append(section.Rows, held.Row{Source: source, Label: say("held.hidden", nil), Words: say("held.hidden-text", nil)})
	}
	if me.Out {
		section.Rows = append(section.Rows, held.Row{Source: source, Label: say("held.service", nil), Words: say("held.out", nil)})
	}
	if me.Manager != "" {
		names, err := store.Some[org.Person](ctx, r, head.Current, []string{me.Manager})
		if err != nil {
			return section, err
		}
		for i := range names {
			add(source, "manager", names[i].Name(), time.Time{})
		}
	}
	versions, err := store.History[org.Person](ctx, r, me.ID)
	if err != nil {
		return section, err
	}
	for _, v := range versions {
		if v.Until == nil {
			continue
		}
		var said []string
		for _, f := range factsOf(&v.Row) {
			said = append(said, f[1])
		}
		add(source, "before", strings.Join(said, " · "), v.Until.At)
	}
	if err := s.heldPosts(ctx, r, head.Current, me.ID, add); err != nil {
		return section, err
	}
	led, err := store.UnitsLedBy(ctx, r, head.Current, me.ID)
	if err != nil {
		return section, err
	}
	for i := range led {
		add("people_units/"+led[i].ID, "leads", led[i].Name, time.Time{})
	}
	keys, err := store.PersonKeys(ctx, r, []string{me.ID})
	if err != nil {
		return section, err
	}
	for _, key := range keys {
		decided, err := store.DecisionsOn(ctx, r, store.Duplicate, key)
		if err != nil {
			return section, err
		}
		for i := range decided {
			add("people_decisions/"+decided[i].ID, "decided."+string(decided[i].Verdict), decided[i].A+" · "+decided[i].B, decided[i].At)
		}
	}
	return section, nil
}

// factsOf lists what a person's row says, as the key of a label and a value.
func factsOf(p *org.Person) [][2]string {
	year := ""
	if p.BirthYear != 0 {
		year = strconv.Itoa(p.BirthYear)
	}
	return slices.DeleteFunc([][2]string{{"name", p.Name()}, {"number", p.Number}, {"mail", p.Mail}, {"birth", year}, {"language", p.Language}, {"site", p.Site},
		{"shift", p.Shift}, {"from", p.From.String()}, {"to", p.To.String()}}, func(f [2]string) bool { return f[1] == "" })
}

// heldPosts tells the posts that a person has and had.
func (s *Service) heldPosts(ctx context.Context, r db.Reader, at int64, me string, add func(source, key, value string, when time.Time)) error {
	ids, err := store.PostsEver(ctx, r, me)
	if err != nil {
		return err
	}
	for _, postID := range ids {
		versions, err := store.History[org.Post](ctx, r, postID)
		if err != nil {
			return err
		}
		for i := range versions {
			v := &versions[i]
			if v.Row.Person != me {
				continue
			}
			words, err := postWords(ctx, r, at, &v.Row)
			if err != nil {
				return err
			}
			if v.Until == nil {
				add("people_posts/"+postID, "post", words, time.Time{})
			} else {
				add("people_posts/"+postID, "post-before", words, v.Until.At)
			}
		}
	}
	return nil
}

// postWords says a post in values: unit, function, part of full time, statute and days.
func postWords(ctx context.Context, r db.Reader, at int64, p *org.Post) (string, error) {
	var said []string
	units, err := store.Some[org.Unit](ctx, r, at, []string{p.Unit})
	if err != nil {
		return "", err
	}
	for i := range units {
		said = append(said, units[i].Name)
	}
	functions, err := store.Some[org.Function](ctx, r, at, []string{p.Function})
	if err != nil {
		return "", err
	}
	for i := range functions {
		said = append(said, functions[i].Name)
	}
	if p.FTE >= 0 {
		said = append(said, strconv.FormatFloat(float64(p.FTE)/10, 'f', -1, 64)+" %")
	}
	for _, text := range []string{p.Statute, p.From.String(), p.To.String()} {
		if text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, " · "), nil
}

// heldReads is who looked at a person's data: all that is kept of it, the newest first.
func (s *Service) heldReads(ctx context.Context, r db.Reader, me string) (held.Section, error) {
	section := held.Section{Name: "personnel-reads", Title: say("held.reads", nil)}
	names := map[string]string{}
	var before time.Time
	const some = 1000
	for {
		reads, err := store.Reads(ctx, r, me, before, some)
		if err != nil {
			return section, err
		}
		for i := range reads {
			v := &reads[i]
			name, known := names[v.Account]
			if !known && v.Account != "" {
				if name, err = s.Accounts.Name(ctx, r, v.Account); err != nil {
					return section, err
				}
				names[v.Account] = name
			}
			section.Rows = append(section.Rows, held.Row{
				Source: "people_reads/" + strings.Join([]string{me, strconv.FormatInt(v.At.UnixMicro(), 10), v.Account, v.What}, "/"),
				Label:  readLabel(v.What), Value: v.Purpose, Words: readWords(v, name), When: v.At,
			})
		}
		if len(reads) < some {
			break
		}
		before = reads[len(reads)-1].At
	}
	if len(section.Rows) == 0 {
		section.Rows = append(section.Rows, held.Row{Label: say("held.read.none", nil), Words: say("held.read.none-text", nil)})
	}
	return section, nil
}

func readLabel(what string) problem.Message {
	switch what {
	case SawList, SawPerson, SawFile, SawExport:
		return say("held.read."+what, nil)
	}
	return say("held.read.else", nil)
}

// readWords says who looked, as what, and for what purpose.
func readWords(v *store.Read, name string) problem.Message {
	key := "held.by." + v.Role
	switch v.Role {
	case "hr", "manager":
	default:
		key = "held.by.else"
	}
	if name == "" {
		key += "-gone"
	}
	if v.Purpose != "" {
		key += "-purpose"
	}
	return say(key, i18n.Args{"name": name, "purpose": v.Purpose})
}

// Effects implements held.Eraser: an account goes, a personnel file does not.
func (s *Service) Effects() held.Effects {
	return held.Effects{
		Goes:  []problem.Message{say("held.goes", nil)},
		Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}, {What: say("held.stays-reads", nil), Why: say("held.stays-reads-why", nil)}},
	}
}

// Erase implements held.Eraser: what the account did stays, without who it was.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	return store.ForgetAccount(ctx, tx, account)
}
