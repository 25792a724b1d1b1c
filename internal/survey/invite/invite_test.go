package invite

import "testing"

func TestMessagesAreThereInEachLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}
