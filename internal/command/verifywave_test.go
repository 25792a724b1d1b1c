package command

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tekentafel/internal/survey/ballot"
)

// smallWave is a wave of one key in which three of twelve people answered.
type smallWave struct {
	list    []byte
	ballots []ballot.Ballot
	spare   ballot.Ballot // issued, and not handed in
	public  *ballot.PublicKey
}

var oneWave = sync.OnceValues(func() (smallWave, error) {
	var w smallWave
	key, err := ballot.NewKey()
	if err != nil {
		return w, err
	}
	w.public = key.Public()
	for range 4 {
		r, err := ballot.Blind(w.public, rand.Reader)
		if err != nil {
			return w, err
		}
		signature, err := key.Sign(r.Blinded())
		if err != nil {
			return w, err
		}
		b, err := r.Finish(signature)
		if err != nil {
			return w, err
		}
		w.ballots = append(w.ballots, b)
	}
	w.spare, w.ballots = w.ballots[3], w.ballots[:3]
	slices.SortFunc(w.ballots, func(a, b ballot.Ballot) int {
		x, y := a.Key(), b.Key()
		return bytes.Compare(x[:], y[:])
	})
	h := ballot.Header{Organisation: "Stad Voorbeeld", Code: "K7M2P9QX", Title: "GenAI-monitor", Mode: "anonymous", Opened: "2026-11-02", Closed: "2026-11-20",
		Instrument: strings.Repeat("0", 64), GroupSize: 10, People: 12, Issued: 4, Answers: 3,
		Keys: []ballot.ListKey{{Public: w.public.Bytes(), People: 12, Issued: 4}}}
	var out bytes.Buffer
	err = ballot.WriteList(&out, h, func(put func(string, ballot.Ballot) error) error {
		for _, b := range w.ballots {
			if err := put("", b); err != nil {
				return err
			}
		}
		return nil
	})
	w.list = out.Bytes()
	return w, err
})

// closedWave returns the wave and the path of a file that change made of its list.
func closedWave(t *testing.T, change func([]byte) []byte) (smallWave, string) {
	t.Helper()
	w, err := oneWave()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(path, change(bytes.Clone(w.list)), 0o600); err != nil {
		t.Fatal(err)
	}
	return w, path
}

func unchanged(list []byte) []byte { return list }

func TestVerifyWaveSaysWhatHoldsInPlainWords(t *testing.T) {
	t.Parallel()
	w, path := closedWave(t, unchanged)
	receipt := filepath.Join(t.TempDir(), "receipt.txt")
	if err := os.WriteFile(receipt, []byte(w.ballots[1].String()+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, own := range []string{w.ballots[1].String(), receipt} {
		out := mustRun(t, "verify-wave", path, "--fingerprint", w.public.Fingerprint(), "--ballot", own)
		for _, want := range []string{
			`Wave "GenAI-monitor" of Stad Voorbeeld, code K7M2P9QX, open from 2026-11-02 to 2026-11-20.`,
			"holds  No more ballots were issued than there are people: 4 ballots, 12 people.",
			"holds  No more answers were counted than ballots issued: 3 answers, 4 ballots.",
			"holds  The fingerprints that you gave",
			"holds  Your ballot is counted: line 3 of the list.",
			"Everything that was checked holds.",
			w.public.Fingerprint(),
		} {
			if !strings.Contains(out, want) {
				t.Errorf("%q is missing in\n%s", want, out)
			}
		}
		if strings.Contains(out, "FAILS") || strings.Contains(out, "Not checked") {
			t.Error(out)
		}
	}
	if out := mustRun(t, "verify-wave", path); !strings.Contains(out, "Not checked: whether the keys") || strings.Contains(out, "Your ballot") {
		t.Errorf("without what somebody knows:\n%s", out)
	}
	var out bytes.Buffer
	if code := Run(t.Context(), []string{"verify-wave", "-"}, Streams{In: bytes.NewReader(w.list), Out: &out, Err: &out}); code != ExitOK {
		t.Errorf("from standard input: %d\n%s", code, out.String())
	}
}

func TestABallotIsTakenAsItIsCopiedWhateverItBeginsWith(t *testing.T) {
	t.Parallel()
	w, path := closedWave(t, unchanged)
	b := w.ballots[1]
	b.Message[0] = 0xf8 // "-" in base64url
	if !strings.HasPrefix(b.String(), "-") {
		t.Fatal(b.String())
	}
	code, out, said := run(t, "verify-wave", path, "--ballot", b.String(), "--fingerprint", w.public.Fingerprint())
	if code == ExitUsage || !strings.Contains(out, "FAILS") || !strings.Contains(out, "allot") {
		t.Errorf("exit code %d\n%s\n%s", code, out, said)
	}
}

func TestVerifyWaveSaysWhatFails(t *testing.T) {
	t.Parallel()
	w, _ := closedWave(t, unchanged)
	header := func(change func(*ballot.Header)) func([]byte) []byte {
		return func(list []byte) []byte {
			first, rest, _ := bytes.Cut(list, []byte("\n"))
			var h ballot.Header
			if err := json.Unmarshal(first, &h); err != nil {
				t.Fatal(err)
			}
			change(&h)
			first, err := json.Marshal(h)
			if err != nil {
				t.Fatal(err)
			}
			return slices.Concat(first, []byte("\n"), rest)
		}
	}
	lines := func(change func([][]byte) [][]byte) func([]byte) []byte {
		return func(list []byte) []byte {
			return bytes.Join(change(bytes.SplitAfter(list, []byte("\n"))), nil)
		}
	}
	for _, c := range []struct {
		name   string
		change func([]byte) []byte
		args   []string
		want   []string
	}{
		{"ballots for people who are not there", header(func(h *ballot.Header) { h.Issued, h.Keys[0].Issued = 13, 13 }), nil,
			[]string{"FAILS  No more ballots were issued", "in all 13 ballots were issued to 12 people", "under key 1 13 ballots"}},
		{"answers without a ballot", header(func(h *ballot.Header) { h.Issued, h.Keys[0].Issued = 2, 2 }), nil,
			[]string{"FAILS  No more answers", "in all 3 ballots were handed in and 2 issued"}},
		{"sums that are not", header(func(h *ballot.Header) { h.People, h.Issued, h.Answers = 13, 5, 4 }), nil,
			[]string{"of 12 people together, and the frame has 13", "4 ballots were issued together, and the list says 5", "3 lines of ballots and says that there are 4"}},
		{"too few people", header(func(h *ballot.Header) { h.GroupSize = 13 }), nil, []string{"FAILS  Each key is of at least 13 people", "there are 12 people"}},
		{"a false fingerprint", header(func(h *ballot.Header) { h.Keys[0].Fingerprint = "0000" }), nil, []string{"FAILS  The keys have the fingerprints", "under key 1 stands another"}},
		{"a line of nonsense", lines(func(l [][]byte) [][]byte { l[2] = []byte("nonsense\n"); return l }), nil, []string{"FAILS  Each ballot is signed", "line 3 is no ballot"}},
		{"a forged ballot", lines(func(l [][]byte) [][]byte {
			b := w.ballots[1]
			b.Signature[9] ^= 1
			l[2] = []byte(b.String() + " 1\n")
			return l
		}), nil, []string{"FAILS  Each ballot is signed", "line 3 is not signed under its key"}},
		{"a ballot twice", lines(func(l [][]byte) [][]byte { l[3] = l[2]; return l }), nil, []string{"FAILS  No ballot is there twice", "line 4 is the ballot of the line before"}},
		{"an order of somebody", lines(func(l [][]byte) [][]byte { l[1], l[2] = l[2], l[1]; return l }), nil, []string{"line 3 belongs before"}},
		{"a key that others did not see", unchanged, []string{"--fingerprint", strings.Repeat("ab:", 31) + "ab"}, []string{"FAILS  The fingerprints", "another key than the others"}},
		{"a ballot that is left out", unchanged, []string{"--ballot", w.spare.String()}, []string{"FAILS  Your ballot", "it is signed under key 1, and it is not in the list"}},
		{"a ballot of another wave", unchanged, []string{"--ballot", ballot.Ballot{}.String()}, []string{"FAILS  Your ballot", "not signed under any key"}},
	} {
		_, path := closedWave(t, c.change)
		code, out, said := run(t, append([]string{"verify-wave", path}, c.args...)...)
		if code != ExitFailed {
			t.Errorf("%s: exit code %d\n%s", c.name, code, said)
		}
		for _, want := range append(c.want, "This list is not right.") {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is missing in\n%s", c.name, want, out)
			}
		}
	}
}

func TestVerifyWaveSaysWhatCannotBeUsed(t *testing.T) {
	t.Parallel()
	w, path := closedWave(t, unchanged)
	_, letter := closedWave(t, func([]byte) []byte { return []byte("Dear all,\n") })
	for name, args := range map[string][]string{
		"no list":             {},
		"no file":             {path + ".gone"},
		"a folder":            {filepath.Dir(path)},
		"a letter":            {letter},
		"half a fingerprint":  {path, "--fingerprint", w.public.Fingerprint()[:30]},
		"a letter as ballot":  {path, "--ballot", letter},
		"no ballot and file":  {path, "--ballot", w.spare.String()[1:]},
		"an unknown argument": {path, "--sign"},
	} {
		code, out, said := run(t, append([]string{"verify-wave"}, args...)...)
		if code != ExitUsage || out != "" || said == "" {
			t.Errorf("%s: exit code %d, printed %q and %q", name, code, out, said)
		}
	}
}
