package faulttest

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"tekentafel/internal/app"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/closing"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
)

// tally is what a wave must hold: for each key of answers the marks that may stand there. A mark of 0 is that nothing may.
type tally struct {
	may     map[[32]byte][]int
	ballots map[[32]byte]ballot.Ballot
	stratum map[[32]byte]string
}

// tally returns what was acknowledged.
func (c *crowd) tally() *tally {
	y := &tally{may: map[[32]byte][]int{}, ballots: map[[32]byte]ballot.Ballot{}, stratum: map[[32]byte]string{}}
	for _, r := range c.people {
		if r.drawn == nil {
			continue
		}
		key := r.ballot.Key()
		y.may[key], y.ballots[key], y.stratum[key] = append([]int{r.acked}, r.loose...), r.ballot, r.stratum
	}
	return y
}

// holds opens the urn at address, which no server uses, wants it to hold exactly what was acknowledged, and leaves of each key
// the mark that is there.
func (y *tally) holds(t *testing.T, k *asking, address string) {
	t.Helper()
	box, err := seal.Parse(k.in.key)
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // only read from
	u := urn.New(urn.Dependencies{DB: d, Box: box, Now: clock.System()})
	there := map[[32]byte]bool{}
	told := 0
	tell := func(format string, args ...any) {
		if told++; told < 6 {
			t.Errorf(format, args...)
		}
	}
	ballots := map[[32]byte]string{}
	err = d.Of(k.wave.Tenant).Rows(t.Context(), `SELECT key, ballot FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2`, func(scan func(...any) error) error {
		var key, ballot []byte
		if err := scan(&key, &ballot); err != nil {
			return err
		}
		ballots[[32]byte(key)] = string(ballot)
		return nil
	}, k.wave.ID)
	if err != nil {
		t.Fatal(err)
	}
	err = u.Each(t.Context(), &k.wave, func(e urn.Opened) error {
		if there[e.Key] {
			tell("key %x is there twice", e.Key[:4])
		}
		there[e.Key] = true
		may, known := y.may[e.Key]
		if !known {
			tell("answers are there that nobody handed in: key %x", e.Key[:4])
			return nil
		}
		if b, has := y.ballots[e.Key]; has && (ballots[e.Key] != string(b.Message[:])+string(b.Signature[:]) || e.Stratum != y.stratum[e.Key]) {
			tell("the answers of key %x have another ballot, or stratum %s", e.Key[:4], e.Stratum)
		}
		at := slices.IndexFunc(may, func(mark int) bool { return mark > 0 && k.packed(t, mark) == string(e.Record) })
		if at < 0 {
			tell("acknowledged was %d, perhaps came %v, and something else is there", may[0], may[1:])
			return nil
		}
		y.may[e.Key] = may[at : at+1]
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key, may := range y.may {
		if there[key] {
			continue
		}
		if may[0] > 0 {
			tell("answers that were acknowledged are gone: %d", may[0])
		}
		delete(y.may, key)
	}
	if told > 5 {
		t.Errorf("%d answers in all are not as they were acknowledged", told)
	}
}

// marks are the answers that are there, after holds.
func (y *tally) marks() []int {
	out := []int{}
	for _, may := range y.may {
		out = append(out, may[0])
	}
	slices.Sort(out)
	return out
}

// drawsHold wants the store at address to say of each person whether they drew a ballot, and which.
func (c *crowd) drawsHold(address string) {
	t := c.t
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // only read from
	want := map[string]string{}
	for _, r := range c.people {
		if r.drawn == nil {
			t.Errorf("person %d came and never got a ballot", r.number)
		}
		sum := sha256.Sum256(r.drawn)
		want[r.id] = hex.EncodeToString(sum[:])
	}
	have := texts(t, d.System(), `SELECT id, drawn FROM wave_people WHERE taken`)
	compare(t, "ballots that were drawn", want, have)
	if n := number(t, d, `SELECT COALESCE(SUM(taken), 0) FROM wave_days WHERE tenant_id = $1 AND wave_id = $2`, c.k.in, c.k.wave.ID); n != len(have) {
		t.Errorf("%d draws are counted by day, and %d people drew", n, len(have))
	}
}

// number reads one number.
func number(t *testing.T, d *db.DB, query string, in *install, args ...any) (n int) {
	t.Helper()
	if err := d.Of(in.tenant).Row(context.WithoutCancel(t.Context()), query, args, &n); err != nil {
		t.Fatal(query, err)
	}
	return n
}

// settled runs the server in this process until no job waits, closing waves first.
func settled(t *testing.T, address string, now clock.Clock, waves ...*asking) {
	t.Helper()
	in := *waves[0].in
	in.database = address
	a := in.inside(t, now, "http://127.0.0.1:1")
	for _, k := range waves {
		if err := a.Survey.Waves.CloseNow(t.Context(), k.hr, k.wave.ID); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { a.Run(ctx) })
	idle(t, a, &in)
	stop()
	work.Wait()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// idle waits until no job waits or runs.
func idle(t *testing.T, a *app.App, in *install) {
	t.Helper()
	eventually(t, patience, "all jobs have ended", func() bool {
		return number(t, a.DB, `SELECT COUNT(*) FROM jobs WHERE tenant_id = $1 AND state IN ('waiting', 'running')`, in) == 0
	})
}

// reported wants each wave in the store at address, which no server uses, to be one report of exactly the marks that are
// left of its tally, and all that opens answers or tells whose they are to be gone.
func reported(t *testing.T, address string, waves []*asking, tallies []*tally) {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // only read from
	in, lists := waves[0].in, 0
	for i, k := range waves {
		k.reported(t, d, tallies[i])
		if k.wave.Mode == wave.Anonymous {
			k.listed(t, d, tallies[i])
			lists++
		}
	}
	for what, want := range map[string]int{
		`report_sources WHERE tenant_id = $1`:                                        len(waves),
		`reports WHERE tenant_id = $1`:                                               len(waves),
		`reports WHERE tenant_id = $1 AND state = 'ready'`:                           len(waves),
		`files WHERE tenant_id = $1`:                                                 2*len(waves) + lists,
		`jobs WHERE tenant_id = $1`:                                                  3 * len(waves), // close, report, sweep
		`jobs WHERE tenant_id = $1 AND state = 'done'`:                               3 * len(waves),
		`wave_answers WHERE tenant_id = $1`:                                          0,
		`wave_drafts WHERE tenant_id = $1`:                                           0,
		`wave_keys WHERE tenant_id = $1 AND private IS NOT NULL`:                     0,
		`wave_launches WHERE tenant_id = $1 AND answers_key IS NOT NULL`:             0,
		`waves WHERE tenant_id = $1 AND LENGTH(secret) > 1`:                          0,
		`wave_people WHERE tenant_id = $1 AND (name <> '' OR drawn <> '')`:           0,
		`audit_log WHERE tenant_id = $1 AND action = 'wave.closed'`:                  len(waves),
		`audit_log WHERE tenant_id = $1 AND action = 'wave.handed-over'`:             len(waves),
		`audit_log WHERE tenant_id = $1 AND action = 'wave.swept'`:                   len(waves),
		`audit_log WHERE tenant_id = $1 AND action IN ('answers.added')`:             len(waves),
		`file_pieces WHERE tenant_id = $1 AND file_id NOT IN (SELECT id FROM files)`: 0,
	} {
		if n := number(t, d, `SELECT COUNT(*) FROM `+what, in); n != want {
			t.Errorf("%d rows, want %d: %s", n, want, what)
		}
	}
}

// reported compares the answers of the report, and the texts, with marks.
func (k *asking) reported(t *testing.T, d *db.DB, y *tally) {
	t.Helper()
	w, err := wave.One(t.Context(), d.Of(k.in.tenant), k.wave.ID)
	if err != nil {
		t.Fatal(err)
	}
	if w.State != wave.Closed || w.Source == "" || w.Report == "" {
		t.Errorf("the wave is %s with source %q and report %q", w.State, w.Source, w.Report)
		return
	}
	want := y.marks()
	if n := number(t, d, `SELECT COUNT(*) FROM reports WHERE tenant_id = $1 AND id = $2 AND source_id = $3 AND respondents = $4`, k.in, w.Report, w.Source, len(want)); n != 1 {
		t.Errorf("%d reports of this source have %d respondents", n, len(want))
	}
	var yaml, file string
	if err := d.Of(k.in.tenant).Row(t.Context(), `SELECT instrument, file_id FROM report_sources WHERE tenant_id = $1 AND id = $2`, []any{w.Source}, &yaml, &file); err != nil {
		t.Fatal(err)
	}
	questionnaire, err := instrument.Parse("wave.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	path, remove, err := files.Spool(t.Context(), d.Of(k.in.tenant), file, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	read, err := intake.Read(t.Context(), path, questionnaire, intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	have := rows(t, read.Answers)
	if !slices.Equal(want, have) {
		t.Errorf("the report has %d answers and %d were acknowledged; they differ", len(have), len(want))
	}
	k.marginal(t, read.Answers, want)

	remarks, told := map[string]int{}, map[string]int{}
	for _, mark := range want {
		remarks[content(mark)["remark"].(string)]++ //nolint:forcetypeassert // it is text
	}
	err = d.Of(k.in.tenant).Rows(t.Context(), `SELECT text FROM wave_texts WHERE tenant_id = $1 AND wave_id = $2 AND item = 'remark'`, func(scan func(...any) error) error {
		var text string
		err := scan(&text)
		told[text]++
		return err
	}, k.wave.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(remarks, told) {
		t.Errorf("%d remarks are there and %d were acknowledged; they differ", len(told), len(remarks))
	}
}

// rows returns the marks of answers, sorted, and wants all else that stands beside a mark to be of it.
func rows(t *testing.T, a *instrument.Answers) []int {
	t.Helper()
	columns := map[string]*instrument.Column{}
	for i, v := range a.Variables {
		columns[v.ID] = a.Columns[i]
	}
	out := []int{}
	for n := range a.N {
		mark := int(columns["mark"].Numbers[columns["mark"].At(n)-instrument.FirstOption])
		out = append(out, mark)
		want := map[string]int{"department": mark / versions % 3, "uses": mark % 3}
		for i, tool := range tools {
			want["tools."+tool] = instrument.NoAnswer - instrument.FirstOption
			if chosen := toolsOf(mark); len(chosen) > 0 {
				want["tools."+tool] = 0
				if slices.Contains(chosen, tools[i]) {
					want["tools."+tool] = 1
				}
			}
		}
		for variable, option := range want {
			if code := columns[variable].At(n) - instrument.FirstOption; code != option {
				t.Errorf("beside the mark %d stands %d for %s, want %d", mark, code, variable, option)
			}
		}
	}
	slices.Sort(out)
	return out
}

// marginal compares how often each answer to each closed question was given.
func (k *asking) marginal(t *testing.T, a *instrument.Answers, marks []int) {
	t.Helper()
	want, have := map[string]int{}, map[string]int{}
	for _, mark := range marks {
		want["department "+departments[mark/versions%3]]++
		want["uses "+uses[mark%3]]++
	}
	for i, v := range a.Variables {
		if v.ID != "department" && v.ID != "uses" {
			continue
		}
		for n := range a.N {
			have[v.ID+" "+v.Item.Options[a.Columns[i].At(n)-instrument.FirstOption].ID]++
		}
	}
	if !maps.Equal(want, have) {
		t.Errorf("answers by question: %v, want %v", have, want)
	}
}

// listed wants the list of ballots to hold, and to have exactly the ballots of the answers that are there.
func (k *asking) listed(t *testing.T, d *db.DB, y *tally) {
	t.Helper()
	file, err := closing.ListFile(t.Context(), d.Of(k.in.tenant), k.wave.ID)
	if err != nil {
		t.Fatal(err)
	}
	path, remove, err := files.Spool(t.Context(), d.Of(k.in.tenant), file.ID, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read from
	expect := ballot.Expect{}
	want := map[string]bool{}
	for key := range y.may {
		b := y.ballots[key]
		want[b.String()], expect.Own = true, &b
	}
	for _, public := range k.strata {
		expect.Fingerprints = append(expect.Fingerprints, public.Fingerprint())
	}
	verdict, err := ballot.CheckList(t.Context(), f, expect)
	if err != nil {
		t.Fatal(err)
	}
	if !verdict.Holds() || verdict.Lines != int64(len(want)) || verdict.Own == 0 {
		t.Errorf("the list of ballots: %+v", verdict)
	}
	if _, err := f.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if text, _, _ := strings.Cut(lines.Text(), " "); strings.HasPrefix(text, "{") {
			continue
		} else if !want[text] {
			t.Errorf("a ballot is in the list with which nothing is there")
		}
	}
}

// ended stops the program in order.
func ended(t *testing.T, programs ...*program) {
	t.Helper()
	for _, p := range programs {
		if code := p.stop(t); code != 0 {
			t.Errorf("exit code %d\n%s", code, p.said)
		}
	}
}
