package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"tekentafel/internal/survey/ballot"
)

// verifyWaveCommand checks the list of ballots of a closed wave. It needs no installation and no network.
type verifyWaveCommand struct {
	List        string   `arg:"" help:"List of a closed wave, as its page offers it; - reads standard input."`
	Fingerprint []string `sep:"none" placeholder:"HEX" help:"Fingerprint of a key as you saw it when you answered; repeat for more."`
	Ballot      string   `placeholder:"BALLOT|FILE" help:"Your own ballot, or a file that holds it: is it counted?"`
}

// Help says what the exit codes mean, which are those of programs that compare.
func (*verifyWaveCommand) Help() string {
	return "Exit codes: 0 everything that was checked holds; 1 something does not; 2 the list, a fingerprint or the ballot cannot be used."
}

// Run prints what was checked and what came out.
func (c *verifyWaveCommand) Run(ctx context.Context, s *Streams) error {
	expect := ballot.Expect{Fingerprints: c.Fingerprint}
	if c.Ballot != "" {
		own, err := readBallot(c.Ballot)
		if err != nil {
			return usage("%w", err)
		}
		expect.Own = &own
	}
	p := newProgress(s.Err)
	defer p.clear()
	expect.Progress = func(lines int64) { p.step(fmt.Sprintf("checked %d thousand ballots", lines/1000), 0, 0) }
	v, err := c.check(ctx, s, expect)
	p.clear()
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case err != nil:
		return usage("%s cannot be checked: %w", c.List, err)
	}
	text, failed := verdict(v, expect)
	if _, err := io.WriteString(s.Out, text); err != nil {
		return notWritten(err)
	}
	if failed > 0 {
		return &failure{code: ExitFailed, err: fmt.Errorf("%s: checks that fail: %d", c.List, failed)}
	}
	return nil
}

// check opens the list and checks it.
func (c *verifyWaveCommand) check(ctx context.Context, s *Streams, expect ballot.Expect) (*ballot.Verdict, error) {
	if c.List == "-" {
		return ballot.CheckList(ctx, s.In, expect)
	}
	f, err := os.Open(c.List)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	return ballot.CheckList(ctx, f, expect)
}

// readBallot reads a ballot that is given as text or as the name of a file.
func readBallot(s string) (ballot.Ballot, error) {
	own, err := ballot.ParseBallot(strings.TrimSpace(s))
	if err == nil {
		return own, nil
	}
	src, fileErr := readText(s)
	if fileErr != nil {
		return own, fmt.Errorf("--ballot is neither a ballot nor a file that can be read: %w", err)
	}
	if own, err = ballot.ParseBallot(strings.TrimSpace(string(src))); err != nil {
		return own, fmt.Errorf("the file of --ballot holds something else: %w", err)
	}
	return own, nil
}

// assertion is one thing that is checked, and the problems that speak against it.
type assertion struct {
	text    string
	against []ballot.Kind
}

// verdict writes what was checked, for a person, and tells how many checks fail.
func verdict(v *ballot.Verdict, expect ballot.Expect) (text string, failed int) {
	var b strings.Builder
	h := &v.Header
	_, _ = fmt.Fprintf(&b, "Wave %q of %s, code %s, open from %s to %s.\nSHA-256 of its questionnaire: %s\n\n", h.Title, h.Organisation, h.Code, h.Opened, h.Closed, h.Instrument)
	for _, a := range assertions(v, expect) {
		mark, lines := "holds", []string(nil)
		for _, p := range v.Problems {
			if slices.Contains(a.against, p.Kind) {
				mark = "FAILS"
				lines = append(lines, explain(v, p, expect))
			}
		}
		if mark == "FAILS" {
			failed++
		}
		_, _ = fmt.Fprintf(&b, "%s  %s\n", mark, a.text)
		for _, l := range lines {
			_, _ = fmt.Fprintf(&b, "       - %s\n", l)
		}
	}
	if v.Left > 0 {
		_, _ = fmt.Fprintf(&b, "       Lines with further problems: %d.\n", v.Left)
	}
	b.WriteString("\nKeys\n")
	for i, k := range h.Keys {
		name := ""
		if k.Stratum != "" || len(h.Keys) > 1 {
			name = fmt.Sprintf("%q: ", k.Stratum)
		}
		_, _ = fmt.Fprintf(&b, "  %d  %s%d people, %d ballots issued, %d answers\n     %s\n", i+1, name, k.People, k.Issued, v.Signed[i], k.Fingerprint)
	}
	b.WriteString("\n" + conclusion(v, failed))
	return b.String(), failed
}

// conclusion says in a sentence or two what came out and what was not checked.
func conclusion(v *ballot.Verdict, failed int) string {
	if failed > 0 {
		return "This list is not right. Ask the organisation, and show them this.\n"
	}
	text := "Everything that was checked holds.\n"
	if left := len(v.Header.Keys) - v.Compared; left > 0 {
		text += "Not checked: whether the keys are those that people saw when they answered. Compare the fingerprints, or give yours with --fingerprint.\n"
	}
	return text
}

// assertions lists what was checked, in plain words.
func assertions(v *ballot.Verdict, expect ballot.Expect) []assertion {
	h := &v.Header
	all := []assertion{
		{fmt.Sprintf("No more ballots were issued than there are people: %d ballots, %d people.", h.Issued, h.People),
			[]ballot.Kind{ballot.TooManyIssued, ballot.WrongIssued, ballot.WrongPeople}},
		{fmt.Sprintf("No more answers were counted than ballots issued: %d answers, %d ballots.", h.Answers, h.Issued),
			[]ballot.Kind{ballot.TooManyAnswers, ballot.WrongAnswers}},
		{fmt.Sprintf("Each key is of at least %d people, so that nobody stands alone.", h.GroupSize), []ballot.Kind{ballot.SmallStratum}},
		{"Each ballot is signed under a key of this list.", []ballot.Kind{ballot.Unsigned, ballot.Unreadable}},
		{"No ballot is there twice; they stand in the order of their hashes, which tells nothing of people or time.", []ballot.Kind{ballot.Twice, ballot.Unsorted}},
		{"The keys have the fingerprints that stand beside them.", []ballot.Kind{ballot.WrongFingerprint}},
	}
	if len(expect.Fingerprints) > 0 {
		all = append(all, assertion{"The fingerprints that you gave are of keys of this list.", []ballot.Kind{ballot.UnknownFingerprint}})
	}
	if expect.Own != nil {
		text := "Your ballot is counted."
		if v.Own > 0 {
			text = fmt.Sprintf("Your ballot is counted: line %d of the list.", v.Own)
		}
		all = append(all, assertion{text, []ballot.Kind{ballot.NotCounted, ballot.NotOfThisWave}})
	}
	return all
}

// explain says what is wrong, and where.
func explain(v *ballot.Verdict, p ballot.Problem, expect ballot.Expect) string {
	where := "in all"
	if p.Key > 0 {
		where = fmt.Sprintf("under key %d", p.Key)
		if s := v.Header.Keys[p.Key-1].Stratum; s != "" {
			where += fmt.Sprintf(" (%s)", s)
		}
	}
	switch p.Kind {
	case ballot.TooManyIssued:
		return fmt.Sprintf("%s %d ballots were issued to %d people", where, p.Have, p.Want)
	case ballot.TooManyAnswers:
		return fmt.Sprintf("%s %d ballots were handed in and %d issued", where, p.Have, p.Want)
	case ballot.WrongPeople:
		return fmt.Sprintf("the keys are of %d people together, and the frame has %d", p.Have, p.Want)
	case ballot.WrongIssued:
		return fmt.Sprintf("under the keys %d ballots were issued together, and the list says %d", p.Have, p.Want)
	case ballot.WrongAnswers:
		return fmt.Sprintf("the list has %d lines of ballots and says that there are %d", p.Have, p.Want)
	case ballot.SmallStratum:
		return fmt.Sprintf("%s there are %d people", where, p.Have)
	case ballot.WrongFingerprint:
		return fmt.Sprintf("%s stands another fingerprint", where)
	case ballot.UnknownFingerprint:
		return fmt.Sprintf("no key has the fingerprint %q; whoever answered under it saw another key than the others", expect.Fingerprints[p.Have-1])
	case ballot.Unreadable:
		return fmt.Sprintf("line %d is no ballot", p.Line)
	case ballot.Unsigned:
		return fmt.Sprintf("line %d is not signed under its key", p.Line)
	case ballot.Twice:
		return fmt.Sprintf("line %d is the ballot of the line before", p.Line)
	case ballot.Unsorted:
		return fmt.Sprintf("line %d belongs before the line before it", p.Line)
	case ballot.NotCounted:
		return fmt.Sprintf("it is signed %s, and it is not in the list", where)
	case ballot.NotOfThisWave:
		return "it is not signed under any key of this list: it is of another wave, or changed"
	}
	return string(p.Kind)
}
