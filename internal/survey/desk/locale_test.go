package desk

import "testing"

func TestLocaleSaysTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}
