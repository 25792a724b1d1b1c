package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/installation"
)

const slowAnswer = 50 * time.Millisecond

// database opens the store and looks at its version and how fast it answers.
func database(ctx context.Context, v *visit) []Finding {
	p := v.checked.Place
	if !p.PostgreSQL {
		if _, err := os.Stat(sqliteFile(p)); errors.Is(err, os.ErrNotExist) {
			return bad(Warning, "the first start makes it; if there was one, restore a backup", "there is no database at %s", sqliteFile(p))
		}
	}
	d, err := db.Open(ctx, p.Database.Reveal())
	if err != nil && strings.Contains(err.Error(), "malformed") {
		return bad(Failure, "stop the program, keep the file, and restore the last backup into a new one", "the database file is damaged: %v", err)
	}
	if err != nil {
		return bad(Failure, "check the address, that the server runs and that this machine and user may use it", "%v", err)
	}
	v.db = d
	query := `SELECT sqlite_version()`
	if d.Engine == db.PostgreSQL {
		query = `SELECT current_setting('server_version')`
	}
	before := v.Now()
	var version string
	if err := d.System().Row(ctx, query, nil, &version); err != nil {
		return bad(Failure, "look at the log of the database", "the database does not answer: %v", err)
	}
	took := v.Now().Sub(before)
	have, want, err := d.Versions(ctx)
	if err != nil {
		return bad(Failure, "look whether the user of the database may make tables", "the version of the tables cannot be read: %v", err)
	}
	found := fmt.Sprintf("%s %s, tables at version %d, answers in %d µs", d.Engine, version, have, took.Microseconds())
	switch {
	case have > want:
		return bad(Failure, "start the newer program, or restore a backup made by this one", "%s; this program knows %d", found, want)
	case have < want:
		return bad(Warning, "make a backup; the next start brings them to this version", "%s; this program has %d", found, want)
	case took > slowAnswer:
		return bad(Warning, "look at the load of the database and the network to it", "%s, which is slow", found)
	}
	return ok("%s", found)
}

// integrity looks whether the database is sound.
func integrity(ctx context.Context, v *visit) []Finding {
	if v.db == nil {
		return nil
	}
	if v.db.Engine == db.PostgreSQL {
		return postgres(ctx, v.db.System())
	}
	var answers []string
	err := v.db.System().Rows(ctx, `PRAGMA quick_check(5)`, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		answers = append(answers, s)
		return err
	})
	said := strings.Join(answers, "; ")
	if err != nil || said != "ok" {
		return bad(Failure, "stop the program, keep the file, and restore the last backup into a new one", "the database file is damaged: %s %v", said, err)
	}
	var mode string
	if err := v.db.System().Row(ctx, `PRAGMA journal_mode`, nil, &mode); err != nil || mode != "wal" {
		return bad(Warning, "keep the file on a local disk: a network disk does not take the write-ahead log", "the database keeps no write-ahead log (%s %v)", mode, err)
	}
	return ok("the database file is sound, with a write-ahead log")
}

func postgres(ctx context.Context, s *db.System) []Finding {
	var encoding string
	var standby bool
	var broken int64
	err := s.Row(ctx, `SELECT current_setting('server_encoding'), pg_is_in_recovery(), (SELECT count(*) FROM pg_index WHERE NOT indisvalid)`, nil, &encoding, &standby, &broken)
	switch {
	case err != nil:
		return bad(Failure, "look at the log of PostgreSQL", "the state of the database cannot be read: %v", err)
	case encoding != "UTF8":
		return bad(Failure, "make the database anew with ENCODING 'UTF8', and restore a backup into it", "the database keeps text as %s", encoding)
	case standby:
		return bad(Failure, "name the primary server in the address", "this is a standby, which takes no changes")
	case broken > 0:
		return bad(Warning, "REINDEX DATABASE", "%d indexes are not valid", broken)
	}
	return ok("primary server, UTF8, all indexes valid")
}

// fingerprint looks whether the key and the rows belong together.
func fingerprint(ctx context.Context, v *visit) []Finding {
	if v.db == nil {
		return nil
	}
	box, err := v.checked.OpenKey()
	if err != nil {
		return nil // said by the check of the key
	}
	have, err := installation.Get(ctx, v.db.System(), installation.KeyFingerprint)
	if err != nil {
		return bad(Warning, "start the program once, which makes its tables", "the database does not tell its key: %v", err)
	}
	switch have {
	case "":
		return ok("the database holds nothing sealed yet")
	case box.Fingerprint():
		return ok("the key belongs to the database")
	}
	return bad(Failure, "give the key with that fingerprint, in key-file or TEKENTAFEL_KEY", "the rows were sealed with the key %s, and this one is %s", have, box.Fingerprint())
}

const backupEvery = 48 * time.Hour

// lastBackup looks how old the last backup is.
func lastBackup(ctx context.Context, v *visit) []Finding {
	if v.db == nil {
		return nil
	}
	const mend = "run tekentafel backup each night, and keep the file on another machine (docs/operation.md)"
	at, err := installation.BackedUp(ctx, v.db.System())
	switch age := v.Now().Sub(at); {
	case err != nil:
		return bad(Warning, mend, "the time of the last backup cannot be read: %v", err)
	case at.IsZero():
		return bad(Warning, mend, "no backup was ever made with tekentafel backup")
	case age > backupEvery:
		return bad(Warning, mend, "the last backup is %d hours old", int(age.Hours()))
	}
	return ok("the last backup was made at %s", at.Format(time.RFC3339))
}
