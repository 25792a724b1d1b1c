package ballot

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
)

// listFormat is the first field of the header: what the file is, and the version of its form.
const listFormat = "tekentafel-wave/1"

// Bounds of a list.
const (
	maxHeader = 1 << 20 // bytes of the first line
	maxKeys   = 1000
	maxCount  = 1 << 40 // of people, so that no sum overflows
)

// Header is the first line of a list, as JSON on one line: what the organisation says about a wave that is closed.
//
// After it comes one line for each ballot that answers were handed in with: the ballot as Ballot.String writes it, a space, and
// the number of its key in Keys, counted from 1. The lines stand in ascending order of the SHA-256 of their message, which is
// random: the order tells nothing of people or time. Lines end with a line feed; the file is UTF-8.
type Header struct {
	Format       string    `json:"format"` // "tekentafel-wave/1"
	Organisation string    `json:"organisation"`
	Code         string    `json:"code"` // of the wave, as in its address
	Title        string    `json:"title"`
	Mode         string    `json:"mode"`       // always "anonymous": only then there are ballots
	Opened       string    `json:"opened"`     // a day: 2026-11-02
	Closed       string    `json:"closed"`     // a day
	Instrument   string    `json:"instrument"` // SHA-256 of the questionnaire, in hex
	GroupSize    int64     `json:"group_size"` // k: each key is of at least so many people
	People       int64     `json:"people"`     // in the frame
	Issued       int64     `json:"issued"`     // blind signatures given
	Answers      int64     `json:"answers"`    // stored; as many lines follow
	Keys         []ListKey `json:"keys"`       // in the order of their numbers
}

// ListKey is one published key of a wave.
type ListKey struct {
	Stratum     string `json:"stratum"`     // "" where the wave has one key
	Public      []byte `json:"public"`      // SubjectPublicKeyInfo, in base64
	Fingerprint string `json:"fingerprint"` // as PublicKey.Fingerprint
	People      int64  `json:"people"`      // of the frame in this stratum
	Issued      int64  `json:"issued"`      // blind signatures given under this key
}

// WriteList writes a list. Of the header it fills in Format and each Fingerprint, and puts a space for each character in its
// texts that cannot be printed. The function each must call put for every ballot, in ascending order of Ballot.Key, with the
// stratum of its key. It fails when the header could not be read again, a stratum has no key, the order is wrong, or the number of
// ballots is not Header.Answers; whether the counts and signatures are right is for CheckList to say.
func WriteList(w io.Writer, h Header, each func(put func(stratum string, b Ballot) error) error) error {
	h.Format = listFormat
	h.Organisation, h.Code, h.Title = printable(h.Organisation), printable(h.Code), printable(h.Title)
	h.Keys = append([]ListKey(nil), h.Keys...)
	numbers := make(map[string]int, len(h.Keys))
	for i := range h.Keys {
		public, err := ParsePublicKey(h.Keys[i].Public)
		if err != nil {
			return fmt.Errorf("key %d of the list: %w", i+1, err)
		}
		numbers[h.Keys[i].Stratum] = i + 1
		h.Keys[i].Stratum = printable(h.Keys[i].Stratum)
		h.Keys[i].Fingerprint = public.Fingerprint()
	}
	if len(numbers) != len(h.Keys) {
		return errors.New("two keys of the list have the same stratum")
	}
	if _, err := h.check(); err != nil {
		return err
	}
	line, err := json.Marshal(h)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if len(line) > maxHeader {
		return fmt.Errorf("the header of the list has %d bytes; the most is %d", len(line), maxHeader)
	}
	_, _ = out.Write(append(line, '\n')) // an error of writing stays, and Flush returns it
	if err := writeBallots(out, h.Answers, numbers, each); err != nil {
		return err
	}
	return out.Flush()
}

// writeBallots writes the lines of ballots.
func writeBallots(out *bufio.Writer, answers int64, numbers map[string]int, each func(func(string, Ballot) error) error) error {
	var last [32]byte
	var n int64
	err := each(func(stratum string, b Ballot) error {
		number, found := numbers[stratum]
		if !found {
			return fmt.Errorf("ballot %d of the list is of the stratum %q, which has no key", n+1, stratum)
		}
		key := b.Key()
		if n > 0 && bytes.Compare(last[:], key[:]) >= 0 {
			return fmt.Errorf("ballot %d of the list is not in the order of its key, or twice there", n+1)
		}
		last = key
		n++
		_, err := fmt.Fprintf(out, "%s %d\n", b, number)
		return err
	})
	if err != nil {
		return err
	}
	if n != answers {
		return fmt.Errorf("the list has %d ballots and its header says %d", n, answers)
	}
	return nil
}

// readHeader reads the first line of a list.
func readHeader(line []byte) (Header, []*PublicKey, error) {
	var h Header
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return h, nil, fmt.Errorf("the first line is not the header of a list: %w", err)
	}
	keys, err := h.check()
	if err != nil {
		return h, nil, err
	}
	if again, err := json.Marshal(h); err != nil || !bytes.Equal(again, line) {
		return h, nil, errors.Join(errors.New("the first line is not written as the header of a list is: a field is there twice, or in another place or form"), err)
	}
	return h, keys, nil
}

// counts tells whether all numbers can be counts.
func counts(all ...int64) bool {
	return !slices.ContainsFunc(all, func(n int64) bool { return n < 0 || n > maxCount })
}

// check refuses a header that no list can have, and reads the keys. It does not ask whether the counts are right.
func (h *Header) check() ([]*PublicKey, error) {
	switch {
	case h.Format != listFormat:
		return nil, fmt.Errorf("the list has the form %q; this version of Tekentafel reads %q", h.Format, listFormat)
	case h.Mode != "anonymous":
		return nil, fmt.Errorf("the wave has the mode %q; only an anonymous wave has ballots", h.Mode)
	case len(h.Keys) == 0 || len(h.Keys) > maxKeys:
		return nil, fmt.Errorf("the list has %d keys; it must have 1 to %d", len(h.Keys), maxKeys)
	case h.GroupSize < 1 || !counts(h.GroupSize, h.People, h.Issued, h.Answers):
		return nil, errors.New("a count in the header of the list is negative or far too large, or group_size is 0")
	}
	for _, day := range []string{h.Opened, h.Closed} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return nil, fmt.Errorf("%q in the header of the list is not a day, such as 2026-11-29", day)
		}
	}
	for _, text := range []string{h.Organisation, h.Code, h.Title, h.Instrument} {
		if printable(text) != text {
			return nil, fmt.Errorf("%q in the header of the list holds characters that cannot be printed", text)
		}
	}
	keys := make([]*PublicKey, 0, len(h.Keys))
	seen := make(map[string]bool)
	for i, k := range h.Keys {
		public, err := ParsePublicKey(k.Public)
		switch {
		case err != nil:
			return nil, fmt.Errorf("key %d of the list: %w", i+1, err)
		case seen[string(k.Public)]:
			return nil, fmt.Errorf("key %d of the list is there twice", i+1)
		case printable(k.Stratum) != k.Stratum:
			return nil, fmt.Errorf("the stratum %q of key %d holds characters that cannot be printed", k.Stratum, i+1)
		case !counts(k.People, k.Issued):
			return nil, fmt.Errorf("a count of key %d of the list is negative or far too large", i+1)
		}
		seen[string(k.Public)] = true
		keys = append(keys, public)
	}
	return keys, nil
}

// printable puts a space for each character that is not for printing.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
}
