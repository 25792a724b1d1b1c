package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/app"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/installation"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/store"
	"tekentafel/internal/seal"
	"tekentafel/internal/testkit/pgtest"
)

const staffHead = "Personeelsnummer;Voornaam;Familienaam;E-mail;Dienst;Functie;VTE"

// staffFile writes a file of the people whose numbers lie from first up to but not including last.
func staffFile(t *testing.T, head string, first, last int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(head + "\n")
	for i := first; i < last; i++ {
		fmt.Fprintf(&b, "%04d;Geheim%d;Naam%d;p%d@stad.example;%s;Arbeider;1%s\n", i, i, i, i, []string{"Groen", "Financiën"}[i%2], strings.Repeat(";x", strings.Count(head, ";")-6))
	}
	path := filepath.Join(t.TempDir(), "export.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// installed is an installation with one organisation, with a source.
type installed struct {
	t     *testing.T
	where []string // flags that name it
	key   string
	at    string // address of the database
}

func eachInstalled(t *testing.T, test func(t *testing.T, in installed)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			in := installed{t: t, key: seal.NewKey()}
			file, data := filepath.Join(t.TempDir(), "key"), t.TempDir()
			if err := os.WriteFile(file, []byte(in.key+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			in.where, in.at = []string{"--key-file", file, "--data", data}, filepath.Join(data, "tekentafel.db")
			if engine == "postgres" {
				in.at = pgtest.New(t)
				in.where = append(in.where, "--database", in.at)
			}
			in.with(func(ctx context.Context, d *db.DB, staff *people.Service, hr access.Actor) error {
				err := d.System().Write(ctx, func(s *db.System) error {
					_, err := s.Exec(ctx, `INSERT INTO organisations (tenant_id, slug, name, languages, group_size, created_at) VALUES ('ours', 'proef', 'Stad Proef', 'nl', 10, 1)`)
					return err
				})
				if err != nil {
					return err
				}
				_, err = staff.AddSource(ctx, hr, people.SourceInput{Name: "Loonpakket", Complete: true})
				return err
			})
			test(t, in)
		})
	}
}

// with does something with the store, as HR.
func (in installed) with(do func(context.Context, *db.DB, *people.Service, access.Actor) error) {
	in.t.Helper()
	ctx := in.t.Context()
	d, err := db.Open(ctx, in.at)
	if err != nil {
		in.t.Fatal(err)
	}
	box, boxErr := seal.Parse(in.key)
	if err := errors.Join(boxErr, d.Migrate(ctx)); err != nil {
		in.t.Fatal(err)
	}
	now, log := clock.System(), slog.New(slog.NewTextHandler(io.Discard, nil))
	kept := audit.New(d, now)
	staff := app.NewStaff(app.StaffParts{DB: d, Audit: kept, Queue: jobs.NewQueue(d, kept, now, log, jobs.Options{}), Box: box, Now: now, Log: log, Dir: in.t.TempDir()})
	hr := access.Actor{Kind: access.Person, Tenant: "ours", ID: "hr", Owner: "hr", Roles: []access.Role{access.HR}}
	if err := errors.Join(installation.HoldKey(ctx, d, box), do(ctx, d, staff, hr), d.Close()); err != nil {
		in.t.Fatal(err)
	}
}

// people runs a command line and returns what it wrote.
func (in installed) people(want int, args ...string) (out, said string) {
	in.t.Helper()
	var o, e bytes.Buffer
	code := Run(in.t.Context(), append(append([]string{"people"}, args...), in.where...), Streams{In: strings.NewReader("y\n"), Out: &o, Err: &e})
	if code != want {
		in.t.Fatalf("people %v: exit code %d, want %d\n%s%s", args, code, want, o.String(), e.String())
	}
	return o.String(), e.String()
}

// states lists the states of the imports, the newest first.
func (in installed) states() string {
	in.t.Helper()
	var list []string
	in.with(func(ctx context.Context, _ *db.DB, staff *people.Service, hr access.Actor) error {
		all, err := staff.Imports(ctx, hr, store.ImportQuery{Limit: 100})
		for i := range all {
			list = append(list, string(all[i].State))
		}
		return err
	})
	return strings.Join(list, " ")
}

// mapsFirst says what the columns of the only import are, as HR does in the pages, and puts it aside.
func (in installed) mapsFirst() {
	in.t.Helper()
	in.with(func(ctx context.Context, _ *db.DB, staff *people.Service, hr access.Actor) error {
		all, err := staff.Imports(ctx, hr, store.ImportQuery{Limit: 1})
		if err != nil {
			return err
		}
		v, err := staff.Import(ctx, hr, all[0].ID)
		if err != nil {
			return err
		}
		reading, err := people.ReadingOf(&v)
		if err != nil {
			return err
		}
		m, err := mapping.Parse(reading.Mapping)
		if err != nil {
			return err
		}
		if err := staff.Map(ctx, hr, v.ID, m, v.Version); err != nil {
			return err
		}
		return staff.Refuse(ctx, hr, v.ID, v.Version+1)
	})
}

func tells(t *testing.T, what, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%s does not say %q:\n%s", what, want, text)
		}
	}
}

func TestPersonnelDataComesInByACommandAndGoesBack(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(t *testing.T, in installed) {
		first := staffFile(t, staffHead, 0, 60)
		out, said := in.people(ExitWaits, "import", first, "--source", "loonpakket", "--yes")
		tells(t, "a file of a new source", out+said, "Personeelsnummer", "/staff/imports/", "say at")
		if got := in.states(); got != "received" {
			t.Fatalf("imports: %s", got)
		}
		in.mapsFirst()

		out, said = in.people(ExitWaits, "import", first, "--source", "Loonpakket")
		tells(t, "an import that nobody is asked about", out+said, "0 before, 60 after", "--yes")
		if got := in.states(); got != "previewed refused" {
			t.Fatalf("imports: %s", got)
		}
		out, _ = in.people(ExitOK, "import", first, "--source", "Loonpakket", "--dry-run")
		tells(t, "a trial", out, "60 in the file, 60 taken")
		if got := in.states(); got != "refused previewed refused" {
			t.Fatalf("after a trial the imports are: %s", got)
		}
		out, _ = in.people(ExitOK, "import", first, "--source", "Loonpakket", "--yes", "--organisation", "proef")
		tells(t, "an import", out, "Applied as change 1: 60 people new", "tekentafel people undo 1")
		if strings.Contains(out, "Geheim") {
			t.Errorf("names were shown that nobody asked for:\n%s", out)
		}
		out, _ = in.people(ExitOK, "import", first, "--source", "Loonpakket", "--yes")
		tells(t, "the same again", out, "Nothing changes.", "Nothing changed.")

		half := staffFile(t, staffHead, 0, 31)
		out, said = in.people(ExitWaits, "import", half, "--source", "Loonpakket", "--yes")
		tells(t, "a loss", out+said, "29 of 60 people in service go", "--accept-loss")
		out, _ = in.people(ExitOK, "import", half, "--source", "Loonpakket", "--yes", "--accept-loss", "--names")
		tells(t, "a loss that is right", out, "29 gone", "- Geheim", "... and 9 more")
		_, said = in.people(ExitWaits, "import", staffFile(t, staffHead+";Hobby", 0, 31), "--source", "Loonpakket", "--yes", "--accept-loss")
		tells(t, "a new column", said, "columns that are new")

		_, said = in.people(ExitWaits, "undo", "2")
		tells(t, "an undo that nobody is asked about", said, "--yes")
		out, _ = in.people(ExitOK, "undo", "2", "--yes")
		tells(t, "an undo", out, "Put back as change 3", "0 left as they are")
		in.people(ExitFailed, "undo", "2", "--yes")
		in.people(ExitUsage, "undo", "99", "--yes")

		out, _ = in.people(ExitOK, "check")
		tells(t, "the check", out, "60 people in service", "gap by function", "usable")
		out, _ = in.people(ExitOK, "check", "--json")
		var result struct{ Staff struct{ People int } }
		if err := json.Unmarshal([]byte(out), &result); err != nil || result.Staff.People != 60 || strings.Contains(out, "Geheim") {
			t.Errorf("%v: %s", err, out)
		}
	})
}

func TestAPersonnelCommandThatIsWrongSaysHow(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(t *testing.T, in installed) {
		file := staffFile(t, staffHead, 0, 3)
		for _, c := range []struct {
			want int
			says string
			args []string
		}{
			{ExitUsage, `there is no source "Elders"; there is: Loonpakket`, []string{"import", file, "--source", "Elders"}},
			{ExitUsage, "cannot be read", []string{"import", file + "x", "--source", "Loonpakket"}},
			{ExitUsage, "is no file", []string{"import", filepath.Dir(file), "--source", "Loonpakket"}},
			{ExitUsage, `no organisation "elders"; there is: proef`, []string{"check", "--organisation", "elders"}},
			{ExitUsage, "missing flags", []string{"import", file}},
			{ExitFailed, "neither text nor a workbook", []string{"import", executable(t), "--source", "Loonpakket"}},
		} {
			if _, said := in.people(c.want, c.args...); !strings.Contains(strings.ToLower(said), strings.ToLower(c.says)) {
				t.Errorf("%v: %s", c.args, said)
			}
		}
		in.with(func(ctx context.Context, d *db.DB, _ *people.Service, _ access.Actor) error {
			return d.System().Write(ctx, func(s *db.System) error {
				_, err := s.Exec(ctx, `INSERT INTO organisations (tenant_id, slug, name, languages, group_size, created_at) VALUES ('theirs', 'ander', 'Ander', 'nl', 10, 1)`)
				return err
			})
		})
		if _, said := in.people(ExitUsage, "check"); !strings.Contains(said, "--organisation: ander, proef") {
			t.Error(said)
		}
		if got := in.states(); got != "" {
			t.Errorf("something was kept: %s", got)
		}
	})
}

// executable is a file that is neither text nor a workbook.
func executable(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, []byte("%PDF-1.7\n\x00\x01"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnotherKeyDoesNotTouchPersonnelData(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(t *testing.T, in installed) {
		other := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(other, []byte(seal.NewKey()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		in.where[1] = other
		if _, said := in.people(ExitFailed, "check"); !strings.Contains(said, "does not belong to this database") {
			t.Error(said)
		}
	})
}

// TestPersonnelDataComesInBesideARunningServer lets server and command share the jobs.
func TestPersonnelDataComesInBesideARunningServer(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(t *testing.T, in installed) {
		file := staffFile(t, staffHead, 0, 200)
		in.people(ExitWaits, "import", file, "--source", "Loonpakket", "--yes")
		in.mapsFirst()
		server := serve(t, in.where)
		server.out.wait(t, `Tekentafel serves (http://\S+)`)
		out, _ := in.people(ExitOK, "import", file, "--source", "Loonpakket", "--yes")
		tells(t, "an import beside a server", out, "Applied as change 1: 200 people new")
		out, _ = in.people(ExitOK, "check")
		tells(t, "a check beside a server", out, "200 people in service")
		out, _ = in.people(ExitOK, "undo", "1", "--yes")
		tells(t, "an undo beside a server", out, "Put back as change 2")
		if code := server.stop(); code != ExitOK {
			t.Errorf("the server ends with %d\n%s", code, server.err)
		}
	})
}
