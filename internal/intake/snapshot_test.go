package intake

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
)

func TestSnapshotComesBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.snapshot")
	in := mixed()
	rapid.Check(t, func(rt *rapid.T) {
		g := mixedGrid(rt)
		g.headings = append(g.headings, SyntheticColumn)
		for i := range g.rows {
			g.rows[i] = append(g.rows[i], "1")
		}
		opt := Options{Weight: "w", Extra: []string{"other"}}
		want, err := readText(t, g.csv(t, ','), in, opt)
		if err != nil {
			return
		}
		if rapid.Bool().Draw(rt, "linked") {
			want.Answers.Links = make([]instrument.Link, want.Answers.N)
			for i := range want.Answers.Links {
				copy(want.Answers.Links[i][:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(rt, "link"))
			}
		}
		if err := want.WriteSnapshot(path, "w"); err != nil {
			rt.Fatal(err)
		}
		got, err := Read(t.Context(), path, in, opt)
		if err != nil {
			rt.Fatal(err)
		}
		if !got.Answers.Synthetic || got.Answers.Instrument != in || len(got.Answers.Variables) != len(want.Answers.Variables) {
			rt.Fatal("the answers lost something")
		}
		wanted := comparable(want).([]any)
		had := comparable(got).([]any)
		qw, qg := wanted[1].(Quality), had[1].(Quality)
		qw.Encoding, qg.Encoding = "", ""
		if diff := cmp.Diff(qw, qg); diff != "" {
			rt.Fatal(diff)
		}
		wanted[1], had[1] = nil, nil
		if diff := cmp.Diff(wanted, had); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestSnapshotsThatAreRefused(t *testing.T) {
	t.Parallel()
	in := mixed()
	res, err := readText(t, "use,skill,age,department,w,s\ndaily,1,40,A,1,x\nnever,2,,B,2,y\n", in, Options{Weight: "w", Strata: "s"})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.snapshot")
	if err := WriteSnapshot(path, res.Answers); err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readText(t, string(src), in, Options{Weight: "w", Strata: "s"}); err != nil {
		t.Fatal(err)
	}
	for i := range src[:len(src)-1] {
		if _, err := readText(t, string(src[:i]), in, Options{}); err == nil && i < len(src)-snapshotAlign {
			t.Fatalf("a snapshot cut off at %d of %d was read", i, len(src))
		}
	}
	// A flipped bit is noticed, unless it falls in the space between columns.
	for i := range src {
		broken := append([]byte(nil), src...)
		broken[i] ^= 1
		got, err := readText(t, string(broken), in, Options{Weight: "w"})
		if err != nil {
			continue
		}
		if diff := cmp.Diff(comparable(res).([]any)[0], comparable(got).([]any)[0]); diff != "" {
			t.Fatal(i, diff)
		}
	}
	_, err = readText(t, string(src), in, Options{Cluster: "c"})
	wantKind(t, err, KindColumns, `the snapshot has no column "c" for the clusters`)
	other := mixed()
	other.Items[0].Options = other.Items[0].Options[1:]
	_, err = readText(t, string(src), other, Options{})
	wantKind(t, err, KindInstrument, "the snapshot was made with the questionnaire")
	relabelled := mixed()
	relabelled.Version, relabelled.Items[0].Label = "2", text("Een ander opschrift")
	if _, err = readText(t, string(src), relabelled, Options{}); err != nil {
		t.Error("another label is no other question:", err)
	}
	if _, _, err := Propose(t.Context(), path, in, Options{}); err == nil {
		t.Error("a mapping was proposed for a snapshot")
	}
	if err := WriteSnapshot(filepath.Join(dir, "no", "folder"), res.Answers); err == nil {
		t.Error("a snapshot was written in a folder that is not there")
	}
	res.Answers.Links = make([]instrument.Link, 1)
	if err := WriteSnapshot(path, res.Answers); err == nil {
		t.Error("links of some rows were written")
	}
	res.Answers.Links = nil
	res.Answers.N = 3
	if err := WriteSnapshot(path, res.Answers); err == nil {
		t.Error("columns of another length were written")
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.part")); err != nil || len(left) > 0 {
		t.Error("left behind:", left, err)
	}
	if again, err := os.ReadFile(path); err != nil || string(again) != string(src) {
		t.Error("the snapshot was touched by a write that failed")
	}
}

func TestBelow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		codes := rapid.SliceOfN(rapid.Uint8(), 0, 40).Draw(rt, "codes")
		k := rapid.IntRange(1, 256).Draw(rt, "k")
		if rapid.Bool().Draw(rt, "all below") {
			for i := range codes {
				codes[i] = uint8(int(codes[i]) % k)
			}
		}
		want := true
		for _, c := range codes {
			want = want && int(c) < k
		}
		if below(codes, k) != want {
			rt.Fatal(codes, k)
		}
	})
}
