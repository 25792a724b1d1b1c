package serving

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestSecurityDocumentSaysHowManyConnectionsAreServed(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	document := strings.Join(strings.Fields(string(raw)), " ")
	count := func(n int) string { return fmt.Sprintf("%d,%03d", n/1000, n%1000) }
	seconds := func(d time.Duration) int { return int(d / time.Second) }
	for _, want := range []string{
		"At most " + count(mostSeats) + " are served at a time", "up to " + count(mostWaiting), fmt.Sprintf("%d seconds for the headers", seconds(headerFor)),
		fmt.Sprintf("%d second after an answer or %d seconds after it got the seat", seconds(idleSeat), seconds(newSeat)),
	} {
		if !strings.Contains(document, want) {
			t.Errorf("it does not say %q", want)
		}
	}
}
