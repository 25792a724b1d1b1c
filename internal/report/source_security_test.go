package report

import (
	"context"
	"errors"
	"testing"

	"tekentafel/internal/problem"
)

func TestFilesAreReadInTurnSoThatTheyDoNotTakeAllMemory(t *testing.T) {
	t.Parallel()
	s := &Service{readers: make(chan struct{}, 2)}
	for range cap(s.readers) {
		s.readers <- struct{}{}
	}
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { _, err := s.inTurn(ctx, SourceInput{Name: "x", Instrument: "none"}); done <- err }()
	leave()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("while others are read: %v", err)
	}
	<-s.readers
	if _, err := s.inTurn(t.Context(), SourceInput{Name: "x", Instrument: "none"}); !problem.Is(err, problem.Invalid) {
		t.Errorf("once there is room: %v", err)
	}
	if len(s.readers) != cap(s.readers)-1 {
		t.Errorf("%d places are taken", len(s.readers))
	}
}
