package folder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/peopletest"
	"tekentafel/internal/people/store"
)

// world is a folder with a source, and the feature with workers that run its jobs.
type world struct {
	t      *testing.T
	d      *db.DB
	root   string
	people *peopletest.World
	source string
	mu     sync.Mutex
	later  time.Duration // by how much the clocks of the nodes are ahead
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return clock.System()().Add(w.later)
}

func (w *world) passes(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.later += d
}

func eachWorld(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{t: t, d: d, root: t.TempDir()}
		w.people = peopletest.New(t, d, peopletest.Options{Logged: w.now})
		w.source = w.known()
		if err := os.MkdirAll(filepath.Join(w.root, "ours", "loon"), 0o700); err != nil {
			t.Fatal(err)
		}
		test(t, w)
	})
}

func silent() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func hr() access.Actor {
	return access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: "hr", Owner: "hr", Roles: []access.Role{access.HR}}
}

// known adds a source with a folder whose columns are known.
func (w *world) known() string {
	w.t.Helper()
	ctx := w.t.Context()
	v, err := w.people.AddSource(ctx, hr(), people.SourceInput{Name: "Loonpakket", Complete: true, Folder: "loon"})
	if err != nil {
		w.t.Fatal(err)
	}
	path := filepath.Join(w.t.TempDir(), "x.csv")
	w.writes(path, list(0, 3))
	id, err := w.people.Receive(ctx, hr(), people.Arrival{Source: v.ID, FileName: "x.csv", Path: path})
	if err != nil {
		w.t.Fatal(err)
	}
	got, err := w.people.Import(ctx, hr(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	reading, err := people.ReadingOf(&got)
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := mapping.Parse(reading.Mapping)
	if err == nil {
		err = w.people.Map(ctx, hr(), id, m, got.Version)
	}
	if err == nil {
		w.people.Settle()
		if got, err = w.people.Import(ctx, hr(), id); err == nil {
			err = w.people.Refuse(ctx, hr(), id, got.Version)
		}
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return v.ID
}

// list is a file of the people whose numbers lie from first up to but not including last.
func list(first, last int) string {
	var b strings.Builder
	b.WriteString("Personeelsnummer;Voornaam;Familienaam;E-mail;Dienst;Functie;VTE\n")
	for i := first; i < last; i++ {
		fmt.Fprintf(&b, "P%04d;An%d;Peeters%02d;an%d@stad.example;Groen;Arbeider;1\n", i, i, i, i)
	}
	return b.String()
}

func (w *world) writes(path, content string) {
	w.t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// puts writes a file in the folder of the source.
func (w *world) puts(name, content string) {
	w.t.Helper()
	w.writes(filepath.Join(w.root, "ours", "loon", name), content)
}

// node is a watcher of a node of its own.
func (w *world) node(receiver Receiver) *Watcher {
	orgs := func(context.Context) ([]Organisation, error) {
		return []Organisation{{dbtest.Ours, "ours", "nl"}, {dbtest.Theirs, "theirs", "fr"}}, nil
	}
	return New(Parts{Root: w.root, DB: w.d, People: receiver, Organisations: orgs, Now: w.now, Log: silent(), Dir: w.t.TempDir(), MaxUpload: 1 << 20, Abandoned: 10 * time.Minute})
}

func (w *world) looks(v *Watcher, times int) {
	w.t.Helper()
	for range times {
		if err := v.Look(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
	w.people.Settle()
}

// files lists what lies below a folder of the source, without the claims' own folders, with the moment cut from the names.
func (w *world) files(dir string) []string {
	w.t.Helper()
	var list []string
	err := filepath.WalkDir(filepath.Join(w.root, "ours", "loon", dir), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			name := e.Name()
			if dir != "" && len(name) > 16 {
				name = name[16:]
			}
			list = append(list, name)
		}
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// states lists the states of the imports that came from the folder, the newest first.
func (w *world) states() string {
	w.t.Helper()
	all, err := w.people.Imports(w.t.Context(), hr(), store.ImportQuery{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for i := range all {
		if all[i].Account == "" {
			out = append(out, string(all[i].State))
		}
	}
	return strings.Join(out, " ")
}

func (w *world) wants(what string, got, want []string) {
	w.t.Helper()
	if !slices.Equal(got, want) {
		w.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestAFileThatStandsStillComesInByItself(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.node(w.people)
		w.puts("export.csv", list(0, 60))
		w.puts("half.csv.part", list(0, 10))
		w.puts(".hidden.csv", list(0, 10))
		w.puts("~$export.xlsx", "x")
		w.looks(v, 1)
		if got := w.states(); got != "" {
			t.Fatalf("a file was taken that may still be written: %s", got)
		}
		w.puts("export.csv", list(0, 61)) // it was
		w.looks(v, 1)
		if got := w.states(); got != "" {
			t.Fatalf("a file was taken while it was written: %s", got)
		}
		w.looks(v, 1)
		if got := w.states(); got != "applied" || v.Counts() != (Counts{Seen: 1, Taken: 1}) {
			t.Fatalf("%s, %+v", got, v.Counts())
		}
		w.wants("done", w.files("done"), []string{"export.csv", "export.csv.txt"})
		w.wants("busy", w.files(".busy"), nil)
		note := w.note("done")
		if !strings.Contains(note, "is ontvangen") || !strings.Contains(note, "Loonpakket") || !strings.Contains(note, "/staff/imports/") {
			t.Errorf("the note says %q", note)
		}
		w.looks(v, 3)
		if got := w.states(); got != "applied" {
			t.Errorf("looking again brings more: %s", got)
		}

		// A loss waits for a person, and so do columns that are new.
		w.puts("export.csv", list(0, 20))
		w.looks(v, 2)
		w.puts("more.csv", strings.ReplaceAll(strings.ReplaceAll(list(0, 61), ";VTE\n", ";VTE;Hobby\n"), ";1\n", ";1;zang\n"))
		w.looks(v, 2)
		if got := w.states(); got != "previewed previewed applied" {
			t.Errorf("%s", got)
		}
	})
}

// note is the text beside the only file of a folder.
func (w *world) note(dir string) string {
	w.t.Helper()
	found, err := filepath.Glob(filepath.Join(w.root, "ours", "loon", dir, "*.txt"))
	if err != nil || len(found) != 1 {
		w.t.Fatalf("%v, %v", found, err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

func TestAFileThatCannotBeTakenSaysWhyBesideIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for name, content := range map[string]string{"leeg.csv": "", "foto.csv": "%PDF-1.7 x", "groot.csv": strings.Repeat("x", 1<<20+1)} {
			w.puts(name, content)
			w.looks(w.node(w.people), 1) // another node has not seen it before
			v := w.node(w.people)
			w.looks(v, 2)
			w.wants(name, w.files("refused"), []string{name, name + ".txt"})
			if note := w.note("refused"); !strings.Contains(note, "Waarom: ") || !strings.Contains(note, name) || v.Counts() != (Counts{Seen: 1, Refused: 1}) {
				t.Errorf("%s: %q, %+v", name, note, v.Counts())
			}
			if err := os.RemoveAll(filepath.Join(w.root, "ours", "loon", "refused")); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.states(); got != "" {
			t.Errorf("imports: %s", got)
		}
	})
}

func TestTwoNodesTakeEachFileOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		one, two := w.node(w.people), w.node(w.people)
		var want []string
		for i := range 12 {
			name := fmt.Sprintf("export%02d.csv", i)
			w.puts(name, list(0, 30+i))
			want = append(want, name, name+".txt")
		}
		w.looks(one, 1)
		w.looks(two, 1)
		var nodes sync.WaitGroup
		for _, v := range []*Watcher{one, two} {
			nodes.Go(func() {
				for range 3 {
					if err := v.Look(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		nodes.Wait()
		w.people.Settle()
		w.wants("done", w.files("done"), want)
		w.wants("left", w.files(".busy"), nil)
		if got := len(strings.Fields(w.states())); got != 12 || one.Counts().Taken+two.Counts().Taken != 12 {
			t.Errorf("%d imports; the nodes took %+v and %+v", got, one.Counts(), two.Counts())
		}
	})
}

// dying brings a file in, or not, and then its node is gone.
type dying struct {
	*people.Service
	before bool
}

var errDead = errors.New("the node died")

func (d dying) Receive(ctx context.Context, actor access.Actor, in people.Arrival) (string, error) {
	if d.before {
		panic(errDead)
	}
	if _, err := d.Service.Receive(ctx, actor, in); err != nil {
		return "", err
	}
	panic(errDead)
}

func TestAFileOfANodeThatDiedIsTakenLaterAndOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, before := range []bool{true, false} {
			name := fmt.Sprintf("export-%v.csv", before)
			w.puts(name, list(0, 40))
			w.dies(w.node(dying{w.people.Service, before}))
			w.wants("busy", w.files(".busy"), []string{name})
			earlier := len(strings.Fields(w.states()))

			v := w.node(w.people)
			w.looks(v, 3)
			if got := len(strings.Fields(w.states())); got != earlier || v.Counts().Taken != 0 {
				t.Fatalf("before %v: taken from a node that may live: %d imports", before, got)
			}
			w.passes(11 * time.Minute)
			w.looks(v, 1)
			want := earlier // it had come in before its node died
			if before {
				want++
			}
			if got := len(strings.Fields(w.states())); got != want || v.Counts().Taken != 1 {
				t.Errorf("before %v: %d imports, want %d; %+v", before, got, want, v.Counts())
			}
			w.wants("busy", w.files(".busy"), nil)
			w.wants("waiting", w.files("done"), map[bool][]string{true: {"export-true.csv", "export-true.csv.txt"},
				false: {"export-false.csv", "export-false.csv.txt", "export-true.csv", "export-true.csv.txt"}}[before])
		}
		// A node that died between its two steps of claiming leaves a folder without a file.
		empty := filepath.Join(w.root, "ours", "loon", ".busy", "0123456789abcdefghjkmnpqrs.3")
		if err := os.Mkdir(empty, 0o700); err != nil {
			t.Fatal(err)
		}
		w.passes(time.Hour)
		w.looks(w.node(w.people), 1)
		if left, err := os.ReadDir(filepath.Dir(empty)); err != nil || len(left) != 0 {
			t.Errorf("%v, %v", left, err)
		}
	})
}

// dies lets a node look until it dies.
func (w *world) dies(v *Watcher) {
	w.t.Helper()
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, errDead) {
			w.t.Fatalf("it did not die: %v", err)
		}
	}()
	w.looks(v, 2)
}

func TestWhatWaitsIsCounted(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.node(w.people)
		wants := func(what string, counts Counts, files, imports int) {
			t.Helper()
			n, oldest, err := v.Waiting(t.Context())
			if err != nil || n != files || (oldest >= time.Hour) != (files > 0) {
				t.Errorf("%s: %d files, of %s, %v", what, n, oldest, err)
			}
			m, longest, err := v.WaitingForPeople(t.Context())
			if err != nil || m != imports || (longest >= time.Hour) != (imports > 0) {
				t.Errorf("%s: %d imports, of %s, %v", what, m, longest, err)
			}
			if got := v.Counts(); got != counts {
				t.Errorf("%s: %+v, want %+v", what, got, counts)
			}
		}
		wants("nothing", Counts{}, 0, 0)
		w.puts("export.csv", list(0, 40))
		w.puts("wrong.csv", "%PDF-1.7 x")
		w.puts("later.csv.part", list(0, 40))
		w.passes(2 * time.Hour)
		w.looks(v, 1)
		wants("seen", Counts{Seen: 2}, 2, 0)
		w.looks(v, 2)
		wants("taken", Counts{Seen: 2, Taken: 1, Refused: 1}, 0, 0)
		w.puts("half.csv", list(0, 20)) // more goes than by itself
		w.looks(v, 2)
		w.passes(2 * time.Hour)
		wants("a loss waits for a person", Counts{Seen: 3, Taken: 2, Refused: 1}, 0, 1)
		v.Root = filepath.Join(w.root, "none")
		if _, _, err := v.Waiting(t.Context()); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("without the root: %v", err)
		}
	})
}

func TestAStoreThatIsDownLeavesTheFileForLater(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.puts("export.csv", list(0, 40))
		down := w.node(failing{})
		if err := errors.Join(down.Look(t.Context()), down.Look(t.Context())); err == nil {
			t.Fatal("nothing was said")
		}
		w.wants("the folder", w.files(""), []string{"export.csv"})
		w.looks(w.node(w.people), 2)
		if got := w.states(); got != "applied" {
			t.Errorf("%s", got)
		}
	})
}

type failing struct{}

func (failing) Receive(context.Context, access.Actor, people.Arrival) (string, error) {
	return "", errors.New("the disk is full")
}

func TestNothingOutsideTheFolderIsTakenOrTouched(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		outside := t.TempDir()
		secret := filepath.Join(outside, "secret.csv")
		w.writes(secret, list(0, 40))
		for link, to := range map[string]string{
			"ours/loon/link.csv": secret,                                     // a file elsewhere
			"theirs":             outside,                                    // the folder of an organisation
			"ours/other":         outside,                                    // the folder of a source
			"ours/loon/done":     outside,                                    // where files are moved to
			"ours/loon/again":    filepath.Join(w.root, "ours"),              // a circle
			"ours/loon/in.csv":   filepath.Join(w.root, "ours", "loon", "x"), // a file within
		} {
			if err := os.Symlink(to, filepath.Join(w.root, filepath.FromSlash(link))); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.people.AddSource(t.Context(), hr(), people.SourceInput{Name: "Anders", Folder: "other"}); err != nil {
			t.Fatal(err)
		}
		w.puts("x", list(0, 40))
		v := w.node(w.people)
		for range 3 {
			_ = v.Look(t.Context()) // it says that done is no folder
		}
		if left, err := os.ReadDir(outside); err != nil || len(left) != 1 {
			t.Errorf("outside there is %v, %v", left, err)
		}
		if err := os.Remove(filepath.Join(w.root, "ours", "loon", "done")); err != nil {
			t.Fatal(err)
		}
		w.passes(time.Hour)
		w.looks(w.node(w.people), 3)
		w.wants("done", w.files("done"), []string{"x", "x.txt"})
		if got := len(strings.Fields(w.states())); got != 1 {
			t.Errorf("%d imports: %s", got, w.states())
		}
		if _, err := os.Lstat(filepath.Join(w.root, "ours", "loon", "link.csv")); err != nil {
			t.Errorf("the link is gone: %v", err)
		}
	})
}

func TestAFolderThatIsNotThereIsNoFault(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if err := os.RemoveAll(filepath.Join(w.root, "ours")); err != nil {
			t.Fatal(err)
		}
		w.looks(w.node(w.people), 2)
		v := w.node(w.people)
		v.Root = filepath.Join(w.root, "none")
		if err := v.Look(t.Context()); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("without the root: %v", err)
		}
	})
}

func TestWatchingEndsWithItsContext(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.node(w.people)
		v.Every = time.Millisecond
		w.puts("export.csv", list(0, 40))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); v.Run(ctx) }()
		for range 5000 {
			if v.Counts().Taken == 1 {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
		stop()
		<-ended
		if v.Counts().Taken != 1 {
			t.Error("nothing came in")
		}
	})
}

func TestNamesOfFilesThatAreBeingWritten(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"export.csv": false, "Export 2026.XLSX": false, "part.csv": false, "done.txt": false,
		".export.csv": true, "~$export.xlsx": true, "export.csv~": true, "export.csv.PART": true, "a.filepart": true, "a.tmp": true, "a.crdownload": true, "#a#": true, ".a.swp": true,
	} {
		if got := unfinished(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestTheWordsOfTheFolderAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}
