package closing

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"tekentafel/internal/asked"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/files"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

// linkOf is the link that the page of somebody makes.
func linkOf(who string) record.Link { return sha256.Sum256([]byte(who)) }

// runningLinked opens a wave of 40 people in which answers can be linked, after another one.
func (w *world) runningLinked(mode wave.Mode, previous string) wave.Wave {
	w.T.Helper()
	ctx := w.T.Context()
	v := w.Draft(mode, 40)
	terms := wavetest.Terms(mode)
	terms.Linked, terms.Previous = true, previous
	if err := w.Change(ctx, wavetest.HR(), v.ID, v.Version, terms); err != nil {
		w.T.Fatal(err)
	}
	if _, err := w.Launch(ctx, wavetest.HR(), v.ID, w.Get(v.ID).Version, asked.Request{}); err != nil {
		w.T.Fatal(err)
	}
	if err := w.OpenNow(ctx, wavetest.HR(), v.ID); err != nil {
		w.T.Fatal(err)
	}
	return w.Get(v.ID)
}

// answeredLinked lets 30 people answer, of whom the first ones link their answers: who has an odd number uses it often, and their
// number stands in their remark.
func (w *world) answeredLinked(v *wave.Wave, linked int, name func(i int) string) {
	w.T.Helper()
	for i := range 30 {
		g := given{"department": []string{"finance", "green"}[i%2], "uses": []string{"never", "often"}[i%2]}
		if i < linked {
			link := linkOf(name(i))
			g[record.LinkID] = hex.EncodeToString(link[:])
		}
		w.hand(v, person(v, i), g)
	}
}

func name(i int) string { return fmt.Sprint("person ", i) }

// lastRead loads the answers that were handed over last, with the bytes that are stored of them.
func (w *world) lastRead() (*instrument.Answers, []byte) {
	w.T.Helper()
	all := w.reports.all()
	h := all[len(all)-1]
	var stored bytes.Buffer
	if err := files.Copy(w.T.Context(), w.DB.Of(dbtest.Ours), h.Snapshot, &stored); err != nil {
		w.T.Fatal(err)
	}
	return w.read(&h), stored.Bytes()
}

func TestWhoLinksIsFoundInBothWavesAndNowhereElse(t *testing.T) {
	t.Parallel()
	for _, mode := range wave.Modes() {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				var uses [2]map[instrument.Link]string
				previous := ""
				for at := range uses {
					v := w.runningLinked(mode, previous)
					w.answeredLinked(&v, 12, name)
					w.closed(&v)
					a, stored := w.lastRead()
					uses[at] = map[instrument.Link]string{}
					for row, answer := range column(t, a, "uses") {
						if l := a.Links[row]; l != (instrument.Link{}) {
							uses[at][l] = answer
						}
					}
					for i := range 12 {
						if link := linkOf(name(i)); bytes.Contains(stored, link[:8]) || bytes.Contains(stored, []byte(hex.EncodeToString(link[:8]))) {
							t.Error("a link is stored as it came in")
						}
					}
					if a.Extra[record.LinkID] != nil || len(w.reports.all()[at].Also) != 0 && mode == wave.OpenLink {
						t.Error("a link is a group")
					}
					previous = v.ID
				}
				often := 0
				for l, answer := range uses[1] {
					if uses[0][l] != answer {
						t.Errorf("somebody who answered %q answered %q before", answer, uses[0][l])
					}
					if answer == "often" {
						often++
					}
				}
				if len(uses[1]) != 12 || often != 6 {
					t.Errorf("%d linked, %d of them often", len(uses[1]), often)
				}
			})
		})
	}
}

func TestAnotherStudyHasOtherPseudonyms(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		seen := map[instrument.Link]bool{}
		for range 2 {
			v := w.runningLinked(wave.Anonymous, "")
			w.answeredLinked(&v, 12, name)
			w.closed(&v)
			a, _ := w.lastRead()
			for _, l := range a.Links {
				if l != (instrument.Link{}) && seen[l] {
					t.Fatal("one pseudonym in two studies")
				}
				seen[l] = true
			}
		}
	})
}

func TestFewLinksAndSharedCodesAreNotKept(t *testing.T) {
	t.Parallel()
	one := func(int) string { return "a code that all share" }
	shared := func(i int) string { return name(i / 2 * 2) } // two people a code
	mixed := func(i int) string {
		if i < 4 {
			return "shared"
		}
		return name(i)
	}
	for title, test := range map[string]struct {
		linked int
		name   func(int) string
		want   int
	}{
		"fewer than k":            {4, name, 0},
		"k":                       {5, name, 5},
		"all share one":           {12, one, 0},
		"pairs":                   {12, shared, 0},
		"enough beside a shared":  {9, mixed, 5},
		"too few beside a shared": {8, mixed, 0},
		"nobody":                  {0, name, 0},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				v := w.runningLinked(wave.Anonymous, "")
				w.answeredLinked(&v, test.linked, test.name)
				w.closed(&v)
				a, _ := w.lastRead()
				n := 0
				for _, l := range a.Links {
					if l != (instrument.Link{}) {
						n++
					}
				}
				if n != test.want || test.want == 0 && a.Links != nil {
					t.Errorf("%d kept, want %d; %d places", n, test.want, len(a.Links))
				}
			})
		})
	}
}
