package story

import "testing"

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := messages.Check(); err != nil {
		t.Error(err)
	}
}
