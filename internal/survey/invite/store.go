package invite

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"tekentafel/internal/db"
)

// onePerson returns the person whom an indexed condition on $3 finds.
func onePerson(ctx context.Context, r db.Reader, condition, waveID, value string) (Person, error) {
	var p Person
	var groups string
	var invitation Invitation
	err := r.Row(ctx, `SELECT id, language, groups, stratum, taken, invitation FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND `+condition,
		[]any{waveID, value}, &p.ID, &p.Language, &groups, &p.Stratum, &p.Taken, &invitation)
	if err != nil {
		return Person{}, err
	}
	p.Refused = invitation == refused
	return p, json.Unmarshal([]byte(groups), &p.Groups)
}

// row is a person as stored.
type row struct {
	Member
	account, stratum string
}

// rowsPerInsert is where adding people is fastest: the driver of SQLite looks every parameter up among all of a statement.
const rowsPerInsert = 40

// insertPeople adds people, many at a time.
func insertPeople(ctx context.Context, s *db.Scope, waveID string, people []row, progress func(done int)) error {
	const width = 9
	for done := 0; done < len(people); {
		part := people[done:min(done+rowsPerInsert, len(people))]
		var b strings.Builder
		b.WriteString(`INSERT INTO wave_people (tenant_id, wave_id, id, name, mail, reference, account_id, language, groups, stratum, pin_hash) VALUES `)
		args := make([]any, 1, 1+width*len(part))
		args[0] = waveID
		for i := range part {
			p := &part[i]
			groups, err := json.Marshal(p.Groups)
			if err != nil {
				return err
			}
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString("($1,$2")
			for j := range width {
				fmt.Fprintf(&b, ",$%d", 3+width*i+j)
			}
			b.WriteByte(')')
			args = append(args, p.ID, p.Name, p.Mail, p.Number, p.account, string(p.Language), string(groups), p.stratum, p.pinHash)
		}
		if _, err := s.Exec(ctx, b.String(), args...); err != nil {
			return err
		}
		done += len(part)
		progress(done)
	}
	return nil
}

func deletePeople(ctx context.Context, s *db.Scope, waveID string) error {
	_, err := s.Exec(ctx, `DELETE FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, waveID)
	return err
}

const memberColumns = `id, name, mail, reference, language, groups, invitation, pin_hash, mail_id`

func scanMember(scan func(...any) error, more ...any) (Member, error) {
	var m Member
	var groups string
	if err := scan(append([]any{&m.ID, &m.Name, &m.Mail, &m.Number, &m.Language, &groups, &m.Invitation, &m.pinHash, &m.mailID}, more...)...); err != nil {
		return Member{}, err
	}
	return m, json.Unmarshal([]byte(groups), &m.Groups)
}

func members(ctx context.Context, r db.Reader, query string, args ...any) ([]Member, error) {
	var list []Member
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		m, err := scanMember(scan)
		list = append(list, m)
		return err
	}, args...)
	return list, err
}

// pageOf returns people in the order of names, from after a place in it on, whose name, address or number holds a text.
func pageOf(ctx context.Context, r db.Reader, waveID, search, afterName, afterID string, limit int) ([]Member, error) {
	return members(ctx, r, `SELECT `+memberColumns+` FROM wave_people WHERE tenant_id = $1 AND wave_id = $2
AND ($3 = '' OR LOWER(name) LIKE $3 ESCAPE '!' OR mail LIKE $3 ESCAPE '!' OR LOWER(reference) LIKE $3 ESCAPE '!')
AND (name, id) > ($4, $5) ORDER BY name, id LIMIT $6`, waveID, pattern(search), afterName, afterID, limit)
}

// pattern is a text anywhere, for LIKE.
func pattern(search string) string {
	if search == "" {
		return ""
	}
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(search)) + "%"
}

func oneMember(ctx context.Context, r db.Reader, waveID, personID string) (Member, error) {
	list, err := members(ctx, r, `SELECT `+memberColumns+` FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, waveID, personID)
	if err == nil && len(list) == 0 {
		err = db.ErrNoRow
	}
	if err != nil {
		return Member{}, err
	}
	return list[0], nil
}

// combination is how many people have the same background.
type combination struct {
	groups  map[string]string
	stratum string
	n       int
}

func combinations(ctx context.Context, r db.Reader, waveID string) ([]combination, error) {
	var list []combination
	err := r.Rows(ctx, `SELECT groups, stratum, COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 GROUP BY groups, stratum`,
		func(scan func(...any) error) error {
			var c combination
			var groups string
			if err := scan(&groups, &c.stratum, &c.n); err != nil {
				return err
			}
			err := json.Unmarshal([]byte(groups), &c.groups)
			list = append(list, c)
			return err
		}, waveID)
	return list, err
}

// tally counts a frame; none of it depends on who took part, but refused, which is shown from k on.
type tally struct{ people, withMail, notYet, toMail, mailed, printed, refused int }

func count(ctx context.Context, r db.Reader, waveID string) (t tally, err error) {
	err = r.Row(ctx, `SELECT COUNT(*), COUNT(*) FILTER (WHERE mail <> ''),
COUNT(*) FILTER (WHERE invitation = 'none' OR invitation = 'refused' AND mail_id = $3),
COUNT(*) FILTER (WHERE mail <> '' AND (invitation = 'none' OR invitation = 'refused' AND mail_id = $3)),
COUNT(*) FILTER (WHERE invitation IN ('mailed', 'bounced') OR invitation = 'refused' AND mail_id NOT IN ($3, $4)),
COUNT(*) FILTER (WHERE invitation = 'printed' OR invitation = 'refused' AND mail_id = $4), COUNT(*) FILTER (WHERE invitation = 'refused')
FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, []any{waveID, wasNotYet, wasPrinted}, &t.people, &t.withMail, &t.notYet, &t.toMail, &t.mailed, &t.printed, &t.refused)
	return t, err
}

// clash tells whether another person of the wave has a mail ("mail") or staff number ("reference").
func clash(ctx context.Context, r db.Reader, waveID, personID, column, value string) (bool, error) {
	if value == "" {
		return false, nil
	}
	var n int
	err := r.Row(ctx, `SELECT COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND id <> $3 AND LOWER(`+column+`) = LOWER($4)`, []any{waveID, personID, value}, &n)
	return n > 0, err
}

func updateMember(ctx context.Context, s *db.Scope, waveID string, r *row) error {
	groups, err := json.Marshal(r.Groups)
	if err != nil {
		return err
	}
	n, err := s.Exec(ctx, `UPDATE wave_people SET name = $4, mail = $5, reference = $6, account_id = $7, language = $8, groups = $9, stratum = $10
WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, waveID, r.ID, r.Name, r.Mail, r.Number, r.account, string(r.Language), string(groups), r.stratum)
	if err == nil && n == 0 {
		err = db.ErrNoRow
	}
	return err
}

// filesOf lists the files of a media type, the oldest first.
func filesOf(ctx context.Context, r db.Reader, mediaType string) ([]stored, error) {
	var list []stored
	err := r.Rows(ctx, `SELECT id, name, created_at FROM files WHERE tenant_id = $1 AND media_type = $2 ORDER BY id`, func(scan func(...any) error) error {
		var f stored
		err := scan(&f.ID, &f.Name, &f.created)
		list = append(list, f)
		return err
	}, mediaType)
	return list, err
}

// stored is a file of a wave.
type stored struct {
	ID, Name string
	created  int64
}
