package ballot

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// Expect is what a checker knows besides the list.
type Expect struct {
	Fingerprints []string          // of keys that the checker saw when the wave was open; spaces, colons and case do not matter
	Own          *Ballot           // the checker's own ballot, or nil
	Progress     func(lines int64) // called now and then from the goroutine of CheckList; may be nil
}

// CheckList reads a list to its end and checks it on all cores, in little memory: that ballots issued are at most people and answers at
// most ballots issued, in all and for each key; that each key is of at least k people; that every ballot is signed under its key, none is
// twice there, all are in order, and they are as many as the header says; and what the checker knows besides.
//
// What does not hold is in the verdict. An error is of a file that is no list, of reading, or of ctx.
func CheckList(ctx context.Context, r io.Reader, expect Expect) (*Verdict, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), maxHeader+1)
	if !lines.Scan() {
		return nil, errors.Join(errors.New("the file is no list: it has no first line that can be read"), lines.Err())
	}
	header, keys, err := readHeader(lines.Bytes())
	if err != nil {
		return nil, err
	}
	v := &Verdict{Header: header, Signed: make([]int64, len(keys))}
	if err := v.fingerprints(keys, expect.Fingerprints); err != nil {
		return nil, err
	}
	c := startCheck(ctx, keys)
	err = c.read(ctx, lines, v, expect)
	c.finish(v)
	if err = errors.Join(err, ctx.Err()); err != nil {
		return nil, err
	}
	v.own(keys, expect.Own)
	v.counts()
	return v, nil
}

// fingerprints compares the keys with their fingerprints, and with those that the checker knows.
func (v *Verdict) fingerprints(keys []*PublicKey, known []string) error {
	own := make(map[string]bool)
	for i, k := range keys {
		f := k.Fingerprint()
		own[f] = false
		if f != v.Header.Keys[i].Fingerprint {
			v.add(Problem{Kind: WrongFingerprint, Key: i + 1})
		}
	}
	for i, s := range known {
		f, err := readFingerprint(s)
		if err != nil {
			return err
		}
		seen, found := own[f]
		switch {
		case !found:
			v.add(Problem{Kind: UnknownFingerprint, Have: int64(i + 1)})
		case !seen:
			own[f] = true
			v.Compared++
		}
	}
	return nil
}

// readFingerprint returns a fingerprint as PublicKey.Fingerprint writes it.
func readFingerprint(s string) (string, error) {
	sum, err := hex.DecodeString(strings.NewReplacer(" ", "", ":", "", "-", "", "\u00a0", "").Replace(strings.TrimSpace(s)))
	if err != nil || len(sum) != 32 {
		return "", fmt.Errorf("%q is no fingerprint of a key: it must have 64 hexadecimal digits; spaces do not matter", s)
	}
	return grouped(sum), nil
}

// own says what is wrong with the checker's own ballot.
func (v *Verdict) own(keys []*PublicKey, own *Ballot) {
	if own == nil || v.Own != 0 {
		return
	}
	for i, k := range keys {
		if k.Verify(*own) == nil {
			v.add(Problem{Kind: NotCounted, Key: i + 1})
			return
		}
	}
	v.add(Problem{Kind: NotOfThisWave})
}

// batchSize is how many ballots a worker gets at a time: enough to make the handing over cheap.
const batchSize = 128

// batch is a run of readable lines.
type batch struct {
	n       int
	line    [batchSize]int64
	key     [batchSize]int // from 0
	ballots [batchSize]Ballot
}

// checking is the workers of one check. Reading and order are the reader's; signatures are the workers'.
type checking struct {
	keys    []*PublicKey
	todo    chan *batch
	free    chan *batch
	workers sync.WaitGroup

	mu     sync.Mutex
	signed []int64
	faults []faults
}

func startCheck(ctx context.Context, keys []*PublicKey) *checking {
	n := runtime.GOMAXPROCS(0)
	c := &checking{keys: keys, todo: make(chan *batch, n), free: make(chan *batch, 3*n), signed: make([]int64, len(keys))}
	for range cap(c.free) {
		c.free <- new(batch)
	}
	for range n {
		c.workers.Go(func() { c.work(ctx) })
	}
	return c
}

// work checks signatures until there is nothing more to do; once ctx is done it only empties the queue.
func (c *checking) work(ctx context.Context) {
	signed := make([]int64, len(c.keys))
	var found faults
	for b := range c.todo {
		for i := range b.n {
			if ctx.Err() != nil {
				break
			}
			if c.keys[b.key[i]].Verify(b.ballots[i]) != nil {
				found.add(Unsigned, b.line[i])
				continue
			}
			signed[b.key[i]]++
		}
		b.n = 0
		c.free <- b
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, n := range signed {
		c.signed[i] += n
	}
	c.faults = append(c.faults, found)
}

// read goes through the lines of ballots and hands them to the workers.
func (c *checking) read(ctx context.Context, lines *bufio.Scanner, v *Verdict, expect Expect) error {
	var found faults
	var last [32]byte
	sorted := false // whether last is set
	b := <-c.free
	for number := int64(2); lines.Scan(); number++ {
		v.Lines++
		ballot, key, err := readLine(lines.Bytes(), len(c.keys))
		if err != nil {
			found.add(Unreadable, number)
			continue
		}
		hash := ballot.Key()
		switch order := bytes.Compare(last[:], hash[:]); {
		case sorted && order == 0:
			found.add(Twice, number)
		case sorted && order > 0:
			found.add(Unsorted, number)
		}
		last, sorted = hash, true
		if expect.Own != nil && ballot == *expect.Own {
			v.Own = number
		}
		b.ballots[b.n], b.key[b.n], b.line[b.n] = ballot, key, number
		if b.n++; b.n == batchSize {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if expect.Progress != nil {
				expect.Progress(v.Lines)
			}
			c.todo <- b
			b = <-c.free
		}
	}
	c.todo <- b
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, found)
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d of the list cannot be read: %w", v.Lines+2, err)
	}
	return nil
}

// finish waits for the workers and puts what they found in the verdict.
func (c *checking) finish(v *Verdict) {
	close(c.todo)
	c.workers.Wait()
	var all faults
	for _, f := range c.faults {
		all.first = append(all.first, f.first...)
		all.left += f.left
	}
	v.lines(all.first, all.left)
	copy(v.Signed, c.signed)
}

// readLine reads the line of a ballot: the ballot and its key, from 0.
func readLine(line []byte, keys int) (Ballot, int, error) {
	ballot, number, found := strings.Cut(string(line), " ")
	if !found {
		return Ballot{}, 0, ErrNotABallot
	}
	b, err := ParseBallot(ballot)
	if err != nil {
		return Ballot{}, 0, err
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > keys || strconv.Itoa(n) != number {
		return Ballot{}, 0, fmt.Errorf("%q is not the number of a key", number)
	}
	return b, n - 1, nil
}
