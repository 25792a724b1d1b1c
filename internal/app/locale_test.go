package app

import "testing"

func TestTheDemonstrationSpeaksFourLanguages(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}
