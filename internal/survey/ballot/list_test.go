package ballot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAnHonestListHolds(t *testing.T) {
	t.Parallel()
	h, entries := example(t)
	src := list(t, h, entries)
	own := entries[4].ballot
	v := check(t, src, Expect{Own: &own, Fingerprints: []string{strings.ToUpper(strings.ReplaceAll(newTestKey(t).Public().Fingerprint(), " ", ":"))}})
	if !v.Holds() {
		t.Fatalf("problems: %+v", v.Problems)
	}
	if v.Lines != 19 || !slices.Equal(v.Signed, []int64{12, 7}) || v.Compared != 1 || v.Own != 2+4 {
		t.Errorf("%d lines, signed %v, compared %d, own at line %d", v.Lines, v.Signed, v.Compared, v.Own)
	}
	for i := range h.Keys {
		public, _ := ParsePublicKey(h.Keys[i].Public)
		h.Keys[i].Fingerprint = public.Fingerprint()
	}
	h.Format = "tekentafel-wave/1"
	if diff := cmp.Diff(h, v.Header); diff != "" {
		t.Errorf("the header is another: %s", diff)
	}
}

func TestAListOfNoAnswersHolds(t *testing.T) {
	t.Parallel()
	h, _ := example(t)
	h.Answers = 0
	if v := check(t, list(t, h, nil), Expect{}); !v.Holds() {
		t.Errorf("problems: %+v", v.Problems)
	}
}

func TestTheListTellsNothingButBallotsInTheOrderOfTheirHash(t *testing.T) {
	t.Parallel()
	h, entries := example(t)
	lines := strings.Split(strings.TrimSuffix(string(list(t, h, entries)), "\n"), "\n")
	numbers := map[string]string{"binnendienst": " 1", "buitendienst": " 2"}
	for i, e := range entries {
		if want := e.ballot.String() + numbers[e.stratum]; lines[i+1] != want {
			t.Errorf("line %d is %q", i+2, lines[i+1])
		}
	}
	if len(lines) != len(entries)+1 || !json.Valid([]byte(lines[0])) {
		t.Errorf("%d lines, the first %q", len(lines), lines[0])
	}
}

func TestEachLieIsFound(t *testing.T) {
	t.Parallel()
	h, entries := example(t)
	ballots, err := someBallots()
	if err != nil {
		t.Fatal(err)
	}
	stranger := ballots[0][20]
	for _, c := range []struct {
		name   string
		header func(*Header)
		change func([]string) []string // the lines of ballots
		expect Expect
		want   []Kind
	}{
		{name: "more ballots than people", header: func(h *Header) { h.People, h.Keys[0].People = 30, 10 }, want: []Kind{TooManyIssued}},
		{name: "more ballots than people in all", header: func(h *Header) { h.People = 23 }, want: []Kind{TooManyIssued, WrongPeople}},
		{name: "more answers than ballots of a stratum", header: func(h *Header) { h.Keys[1].Issued, h.Keys[0].Issued = 6, 18 }, want: []Kind{TooManyAnswers}},
		{name: "more answers than ballots", header: func(h *Header) { h.Issued = 18 }, want: []Kind{TooManyAnswers, WrongIssued}},
		{name: "people who are in no stratum", header: func(h *Header) { h.People = 61 }, want: []Kind{WrongPeople}},
		{name: "ballots of no stratum", header: func(h *Header) { h.Issued = 25 }, want: []Kind{WrongIssued}},
		{name: "answers that are not there", header: func(h *Header) { h.Answers = 20 }, want: []Kind{WrongAnswers}},
		{name: "a stratum too small to hide in", header: func(h *Header) { h.GroupSize = 21 }, want: []Kind{SmallStratum}},
		{name: "a false fingerprint", header: func(h *Header) { h.Keys[0].Fingerprint = h.Keys[1].Fingerprint }, want: []Kind{WrongFingerprint}},
		{name: "a key that nobody saw", expect: Expect{Fingerprints: []string{strings.Repeat("0123 ", 16)}}, want: []Kind{UnknownFingerprint}},
		{name: "a ballot left out", change: func(l []string) []string { return l[1:] }, want: []Kind{WrongAnswers}},
		{name: "a ballot twice", change: func(l []string) []string { return append(l[:3:3], l[2:18]...) }, want: []Kind{Twice}},
		{name: "ballots in another order", change: func(l []string) []string { l[3], l[4] = l[4], l[3]; return l }, want: []Kind{Unsorted}},
		{name: "a ballot of another key", change: func(l []string) []string { l[6] = l[6][:len(l[6])-1] + other(l[6]); return l }, want: []Kind{Unsigned}},
		{name: "a line that is none", change: func(l []string) []string { l[6] = "hello"; return l }, want: []Kind{Unreadable}},
		{name: "an empty line", change: func(l []string) []string { l[6] = ""; return l }, want: []Kind{Unreadable}},
		{name: "a key that is not there", change: func(l []string) []string { l[6] = l[6][:len(l[6])-1] + "3"; return l }, want: []Kind{Unreadable}},
		{name: "a number written otherwise", change: func(l []string) []string { l[6] = l[6][:len(l[6])-1] + "+1"; return l }, want: []Kind{Unreadable}},
		{name: "a ballot that is not counted", expect: Expect{Own: &stranger}, want: []Kind{NotCounted}},
		{name: "a ballot of another wave", expect: Expect{Own: &Ballot{}}, want: []Kind{NotOfThisWave}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lines := strings.Split(string(list(t, h, entries)), "\n")
			if c.header != nil {
				var changed Header
				if err := json.Unmarshal([]byte(lines[0]), &changed); err != nil {
					t.Fatal(err)
				}
				c.header(&changed)
				line, err := json.Marshal(changed)
				if err != nil {
					t.Fatal(err)
				}
				lines[0] = string(line)
			}
			body := lines[1 : len(lines)-1]
			if c.change != nil {
				body = c.change(slices.Clone(body))
			}
			v := check(t, []byte(lines[0]+"\n"+strings.Join(body, "\n")+"\n"), c.expect)
			if diff := cmp.Diff(c.want, kinds(v)); diff != "" {
				t.Errorf("%s\n%+v", diff, v.Problems)
			}
		})
	}
}

// other is the number of the other key of the example.
func other(line string) string {
	if strings.HasSuffix(line, "1") {
		return "2"
	}
	return "1"
}

func TestAnyChangedCharacterOfTheBallotsIsFound(t *testing.T) {
	t.Parallel()
	h, entries := example(t)
	src := list(t, h, entries)
	start := bytes.IndexByte(src, '\n') + 1
	rapid.Check(t, func(t *rapid.T) {
		changed := bytes.Clone(src)
		at := rapid.IntRange(start, len(src)-2).Draw(t, "at")
		to := rapid.ByteRange(' ', '~').Draw(t, "to")
		if changed[at] == to {
			return
		}
		changed[at] = to
		v, err := CheckList(context.Background(), bytes.NewReader(changed), Expect{})
		if err != nil {
			t.Fatal(err)
		}
		if v.Holds() {
			t.Fatalf("byte %d is changed from %q to %q", at, src[at], to)
		}
	})
}

func TestAListCutOffDoesNotHold(t *testing.T) {
	t.Parallel()
	h, entries := example(t)
	src := list(t, h, entries)
	start := bytes.IndexByte(src, '\n') + 1
	for end := start; end < len(src)-1; end += 97 {
		if v := check(t, src[:end], Expect{}); v.Holds() {
			t.Errorf("the first %d of %d bytes hold", end, len(src))
		}
	}
}

func TestManyFaultsAreCountedAndTheFirstNamed(t *testing.T) {
	t.Parallel()
	h, _ := example(t)
	var body strings.Builder
	ballots, err := someBallots()
	if err != nil {
		t.Fatal(err)
	}
	for range 998 {
		body.WriteString("nonsense\n")
	}
	last := ballots[0][0].String() + " 1\n" // what comes late is named where it is of another kind
	body.WriteString(last + last)
	src := list(t, Header{Code: h.Code, Mode: h.Mode, Opened: h.Opened, Closed: h.Closed, GroupSize: 10, People: 60, Issued: 24, Keys: h.Keys}, nil)
	v := check(t, append(src, body.String()...), Expect{})
	if v.Lines != 1000 || v.Left != 978 {
		t.Errorf("%d lines, %d problems left unnamed", v.Lines, v.Left)
	}
	for i, p := range v.Problems[:20] {
		if p.Kind != Unreadable || p.Line != int64(i+2) {
			t.Errorf("problem %d is %+v", i, p)
		}
	}
	if diff := cmp.Diff([]Kind{Twice, Unreadable, WrongAnswers}, kinds(v)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	t.Parallel()
	h, entries := example(t)
	good := string(list(t, h, entries))
	replaced := func(from, to string) string {
		if !strings.Contains(good, from) {
			t.Fatalf("%q is not in the list", from)
		}
		return strings.Replace(good, from, to, 1)
	}
	for name, src := range map[string]string{
		"nothing":                    "",
		"an empty line":              "\n",
		"a workbook":                 "PK\x03\x04\x14\x00\x06\x00",
		"another JSON":               "{}\n",
		"a later version":            replaced("tekentafel-wave/1", "tekentafel-wave/2"),
		"a confidential wave":        replaced(`"mode":"anonymous"`, `"mode":"confidential"`),
		"a field more":               replaced(`"mode":`, `"who":"me","mode":`),
		"a field twice":              replaced(`"people":60`, `"people":600,"people":60`),
		"a field in capitals":        replaced(`"people":60`, `"PEOPLE":60`),
		"spaces between":             replaced(`"people":60`, `"people": 60`),
		"something behind":           replaced("}]}\n", "}]}{}\n"),
		"a negative count":           replaced(`"people":60`, `"people":-60`),
		"a count beyond belief":      replaced(`"people":60`, `"people":9223372036854775807`),
		"no group size":              replaced(`"group_size":10`, `"group_size":0`),
		"a day that is none":         replaced("2026-11-20", "2026-11-31"),
		"characters for a terminal":  replaced("Stad Voorbeeld", `Stad\u001b[2JVoorbeeld`),
		"a title that runs backward": replaced("GenAI", `\u202eIAneG`),
		"no key":                     replaced(good[strings.Index(good, `"keys":[`):strings.IndexByte(good, '\n')], `"keys":[]}`),
		"a key that is none":         replaced(`"public":"MIIB`, `"public":"MIIC`),
		"a line without an end":      good + strings.Repeat("x", 1<<20+2),
	} {
		if v, err := CheckList(t.Context(), strings.NewReader(src), Expect{}); err == nil {
			t.Errorf("%s is read: %+v", name, v.Problems)
		}
	}
	if _, err := CheckList(t.Context(), strings.NewReader(good), Expect{Fingerprints: []string{"abcd"}}); err == nil {
		t.Error("half a fingerprint is taken")
	}
	failing := io.MultiReader(strings.NewReader(good[:len(good)/2]), iotest.ErrReader(errors.New("the disk is gone")))
	if _, err := CheckList(t.Context(), failing, Expect{}); err == nil || !strings.Contains(err.Error(), "the disk is gone") {
		t.Errorf("a disk that fails: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := CheckList(ctx, strings.NewReader(good), Expect{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a check that is stopped: %v", err)
	}
}

func TestAListThatCannotBeRightIsNotWritten(t *testing.T) {
	t.Parallel()
	h, entries := example(t)
	changed := func(change func(*Header)) Header {
		c := h
		c.Keys = slices.Clone(h.Keys)
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		header  Header
		entries []entry
	}{
		"fewer ballots than said":   {h, entries[1:]},
		"more ballots than said":    {changed(func(h *Header) { h.Answers = 18 }), entries},
		"ballots in another order":  {h, append(slices.Clone(entries[1:]), entries[0])},
		"a ballot twice":            {h, append(slices.Clone(entries[:1]), entries[:18]...)},
		"a stratum without a key":   {h, append(slices.Clone(entries[:18]), entry{"elsewhere", entries[18].ballot})},
		"two keys of one stratum":   {changed(func(h *Header) { h.Keys[1].Stratum = h.Keys[0].Stratum }), entries},
		"one key for two strata":    {changed(func(h *Header) { h.Keys[1].Public = h.Keys[0].Public }), entries},
		"a key that is none":        {changed(func(h *Header) { h.Keys[1].Public = []byte("key") }), entries},
		"a wave that is not secret": {changed(func(h *Header) { h.Mode = "open" }), entries},
		"no day of closing":         {changed(func(h *Header) { h.Closed = "" }), entries},
	} {
		if _, err := write(c.header, c.entries); err == nil {
			t.Errorf("%s: the list is written", name)
		}
	}
	err := WriteList(failingWriter{}, h, func(put func(string, Ballot) error) error {
		for _, e := range entries {
			if err := put(e.stratum, e.ballot); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("a full disk: %v", err)
	}
}

// failingWriter is a full disk.
type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestNamesThatCannotBePrintedAreCleanedWhenAListIsWritten(t *testing.T) {
	t.Parallel()
	h, entries := example(t)
	h.Title = "Meting\n2026\x1b[31m"
	h.Keys = slices.Clone(h.Keys)
	h.Keys[0].Stratum = "binnen\tdienst"
	for i := range entries {
		entries[i].stratum = strings.Replace(entries[i].stratum, "binnen", "binnen\t", 1)
	}
	v := check(t, list(t, h, entries), Expect{})
	if !v.Holds() || v.Header.Title != "Meting 2026 [31m" || v.Header.Keys[0].Stratum != "binnen dienst" {
		t.Errorf("%q, %q, %v", v.Header.Title, v.Header.Keys[0].Stratum, v.Problems)
	}
}
