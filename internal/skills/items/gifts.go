package items

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/tenant"
)

const (
	leastBatch = 10          // gifts that are put among the others together, and never fewer than the smallest group
	batchPart  = 100         // or one in so many of those that are there, so that a large heap is not written anew for a few
	mostGifts  = 20_000      // of an organisation; more say nothing new
	slot       = 1 + maxGift // bytes of a gift that waits: its length, and room for the longest
	maxGift    = check.MostGift
	waitingFor = "skills/gift/" // purpose of sealing; the organisation follows
)

// errWaiting says that what was sealed is no heap of gifts.
var errWaiting = errors.New("gifts that wait cannot be read")

// Give takes a gift: what check.Material.Gift made of a check. mark is the same for every gift of that check, which may give once; from bounds how many come from one
// network in a day. taken is false when the gift was not needed or not let in; nobody has to know why. Nothing of it tells when it came, from whom, or
// in which order: it waits, sealed, until a batch is whole, which is then put among the others, all sorted by what they hold.
func (s *Service) Give(ctx context.Context, t tenant.ID, mark [32]byte, from netip.Addr, gift []byte) (taken bool, err error) {
	answers, _, ok := s.Material.ReadGift(gift)
	if !ok || len(answers) < check.LeastGift {
		return false, nil
	}
	k, err := s.Organisations.GroupSize(ctx, t)
	if err != nil {
		return false, err
	}
	if !s.limits.admit(t, mark, from) {
		return false, nil
	}
	merged := false
	err = s.DB.Write(ctx, t, func(tx *db.Scope) error {
		taken, merged, err = s.put(ctx, tx, gift, k)
		return err
	})
	if err != nil || !taken {
		s.limits.release(t, mark, from)
		return false, err
	}
	if merged { // so that the log of SQLite holds nothing any more of how the batch grew
		return true, s.DB.Checkpoint(ctx)
	}
	return true, nil
}

// put adds a gift to those that wait, and puts these among the others when the batch is whole.
func (s *Service) put(ctx context.Context, tx *db.Scope, gift []byte, k int) (taken, merged bool, err error) {
	people, kept, err := giftsOf(ctx, tx.Reader)
	if err != nil {
		return false, false, err
	}
	batch := max(leastBatch, k, people/batchPart)
	waiting, err := s.waiting(ctx, tx.Reader)
	if err != nil || people+len(waiting) >= mostGifts {
		return false, false, err
	}
	waiting = append(waiting, gift)
	if len(waiting) >= batch {
		list, err := parseGifts(kept)
		if err != nil {
			return false, false, err
		}
		list = append(list, waiting...)
		if err := putGifts(ctx, tx, len(list), packGifts(list)); err != nil {
			return false, false, err
		}
		batch, waiting, merged = max(leastBatch, k, len(list)/batchPart), nil, true
	}
	sealed, err := s.Box.Seal(waitingFor+string(tx.Tenant()), packWaiting(waiting, batch))
	if err != nil {
		return false, false, err
	}
	return true, merged, putWaiting(ctx, tx, sealed)
}

// waiting returns the gifts that wait.
func (s *Service) waiting(ctx context.Context, r db.Reader) ([][]byte, error) {
	sealed, err := waitingOf(ctx, r)
	if err != nil || sealed == nil {
		return nil, err
	}
	plain, err := s.Box.Open(waitingFor+string(r.Tenant()), sealed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errWaiting, err)
	}
	if len(plain) < 2 || (len(plain)-2)%slot != 0 {
		return nil, errWaiting
	}
	n := int(binary.BigEndian.Uint16(plain))
	if n > (len(plain)-2)/slot {
		return nil, errWaiting
	}
	var out [][]byte
	for i := range n {
		at := plain[2+i*slot:]
		if int(at[0]) > maxGift {
			return nil, errWaiting
		}
		out = append(out, bytes.Clone(at[1:1+at[0]]))
	}
	return out, nil
}

// packWaiting writes gifts that wait, sorted, in as many bytes as a whole batch takes.
func packWaiting(list [][]byte, batch int) []byte {
	slices.SortFunc(list, bytes.Compare)
	out := make([]byte, 2+slot*max(batch, len(list)))
	binary.BigEndian.PutUint16(out, uint16(len(list)))
	for i, g := range list {
		out[2+i*slot] = byte(len(g))
		copy(out[2+i*slot+1:], g)
	}
	return out
}

// packGifts writes gifts sorted by what they hold: the same gifts give the same bytes, in whichever order they came.
func packGifts(list [][]byte) []byte {
	slices.SortFunc(list, bytes.Compare)
	var out []byte
	for _, g := range list {
		out = append(append(out, byte(len(g))), g...)
	}
	return out
}

// parseGifts reads what packGifts wrote.
func parseGifts(b []byte) ([][]byte, error) {
	var out [][]byte
	for len(b) > 0 {
		n := int(b[0])
		if n == 0 || n > maxGift || 1+n > len(b) {
			return nil, errors.New("the kept gifts cannot be read")
		}
		out, b = append(out, b[1:1+n]), b[1+n:]
	}
	return out, nil
}

// DropGifts takes away all gifts of an organisation, also those that wait.
func (s *Service) DropGifts(ctx context.Context, actor access.Actor) error {
	if err := allow(actor, writes); err != nil {
		return err
	}
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if err := dropGifts(ctx, tx); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "skill-items.gifts-dropped"})
	})
	if err != nil {
		return err
	}
	return s.DB.Checkpoint(ctx)
}
