package urn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/problem"
)

// held is a queue whose transactions wait for the test.
type held struct {
	queue[int]
	begun chan []int // what each transaction holds
	gate  chan error
}

func newHeld() *held {
	h := &held{begun: make(chan []int), gate: make(chan error)}
	h.commit = func(_ context.Context, list []int) ([]error, error) {
		h.begun <- slices.Clone(list)
		return make([]error, len(list)), <-h.gate
	}
	return h
}

func (h *held) wait(n int) {
	for {
		h.mu.Lock()
		m := len(h.waiting)
		h.mu.Unlock()
		if m == n {
			return
		}
	}
}

func TestWhatComesInDuringATransactionGoesIntoTheNext(t *testing.T) {
	t.Parallel()
	h := newHeld()
	var everyone sync.WaitGroup
	everyone.Go(func() {
		if err := h.do(t.Context(), 0); err != nil {
			t.Error(err)
		}
	})
	if first := <-h.begun; len(first) != 1 {
		t.Errorf("the first transaction holds %v", first)
	}
	for i := 1; i <= mostTogether+3; i++ {
		everyone.Go(func() {
			if err := h.do(t.Context(), i); err != nil {
				t.Error(err)
			}
		})
	}
	h.wait(mostTogether + 3)
	h.gate <- nil
	if second := <-h.begun; len(second) != mostTogether {
		t.Errorf("the second holds %d", len(second))
	}
	h.gate <- nil
	if third := <-h.begun; len(third) != 3 {
		t.Errorf("the third holds %d", len(third))
	}
	h.gate <- nil
	everyone.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.running && len(h.waiting) > 0 {
		t.Error("something waits")
	}
}

func TestWhoGoesAwayDisturbsNobody(t *testing.T) {
	t.Parallel()
	h := newHeld()
	var everyone sync.WaitGroup
	everyone.Go(func() { _ = h.do(t.Context(), 0) })
	<-h.begun
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() { left <- h.do(ctx, 1) }()
	h.wait(1)
	everyone.Go(func() {
		if err := h.do(t.Context(), 2); err != nil {
			t.Errorf("who stayed: %v", err)
		}
	})
	h.wait(2)
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("who left: %v", err)
	}
	h.gate <- nil
	if both := <-h.begun; len(both) != 2 {
		t.Errorf("the next transaction holds %v", both)
	}
	h.gate <- nil
	everyone.Wait()
	if err := h.do(ctx, 3); !errors.Is(err, context.Canceled) {
		t.Errorf("who had left before: %v", err)
	}
}

func TestMoreThanCanWaitIsRefusedWithATimeToComeBack(t *testing.T) {
	t.Parallel()
	h := newHeld()
	var everyone sync.WaitGroup
	everyone.Go(func() { _ = h.do(t.Context(), 0) })
	<-h.begun
	h.mu.Lock()
	for range mostWaiting {
		h.waiting = append(h.waiting, &change[int]{done: make(chan error, 1)})
	}
	h.mu.Unlock()
	err := h.do(t.Context(), 1)
	p, ok := problem.Of(err)
	if !errors.Is(err, ErrBusy) || !ok || p.Kind != problem.Unavailable || p.RetryAfter < 1 {
		t.Errorf("%v", err)
	}
	h.mu.Lock()
	h.waiting = nil
	h.mu.Unlock()
	h.gate <- nil
	everyone.Wait()
}

func TestAFullDiskIsToldToEachAndNothingIsTriedInPieces(t *testing.T) {
	t.Parallel()
	for _, passing := range []error{db.ErrFull, db.ErrUnreachable, db.ErrBusy, db.ErrReadOnly, context.DeadlineExceeded} {
		h := newHeld()
		errs := make(chan error)
		go func() { errs <- h.do(t.Context(), 0) }()
		<-h.begun
		for i := range 3 {
			go func() { errs <- h.do(t.Context(), i+1) }()
		}
		h.wait(3)
		h.gate <- nil
		if err := <-errs; err != nil {
			t.Errorf("the first: %v", err)
		}
		<-h.begun
		h.gate <- fmt.Errorf("deep inside: %w", passing)
		for range 3 {
			if err := <-errs; !errors.Is(err, passing) {
				t.Errorf("told %v, not %v", err, passing)
			}
		}
	}
}

func TestOneThatTheStoreCannotTakeDoesNotKeepTheOthersFromIt(t *testing.T) {
	t.Parallel()
	bad := errors.New("the store does not take seven")
	var q queue[int]
	gate, begun := make(chan struct{}), make(chan struct{}, 1)
	q.commit = func(_ context.Context, list []int) ([]error, error) {
		if list[0] == 0 {
			begun <- struct{}{}
			<-gate
		}
		if slices.Contains(list, 7) {
			return nil, bad
		}
		return make([]error, len(list)), nil
	}
	var everyone sync.WaitGroup
	for i := range 20 {
		everyone.Go(func() {
			if err := q.do(t.Context(), i); (i == 7) != errors.Is(err, bad) || i != 7 && err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
		if i == 0 {
			<-begun
		}
	}
	close(gate)
	everyone.Wait()
}
