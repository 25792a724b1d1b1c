package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"tekentafel/internal/instrument"
)

// Compose returns the questionnaire that a recipe makes out of a base, and its text. The same input always gives the same
// bytes. It keeps the id of the base, so that waves can be compared; where it asks something else its version says so:
// the version of the base, "+", and 8 hexadecimal digits of what is asked. Extra modules that nobody chose do not count.
//
// The error is Issues when the questionnaire cannot be asked yet.
func Compose(base *instrument.Instrument, r *Recipe, given Given) (*instrument.Instrument, []byte, error) {
	d := NewDraft(base, r, given)
	if len(d.Issues) > 0 {
		return nil, nil, d.Issues
	}
	in := d.Instrument
	if err := setVersion(in, base.Asking()); err != nil {
		return nil, nil, err
	}
	text, err := instrument.Marshal(in)
	if err != nil {
		return nil, nil, err
	}
	again, err := instrument.Parse(base.ID, text)
	return again, text, err
}

// setVersion lets the version say whether in asks something else than base, and what.
func setVersion(in, base *instrument.Instrument) error {
	size := in.GroupSize
	in.GroupSize = base.GroupSize // how small a group may be shown is not what is asked
	defer func() { in.GroupSize = size }()
	before, err := instrument.Marshal(base)
	if err != nil {
		return err
	}
	after, err := instrument.Marshal(in)
	if err != nil {
		return err
	}
	if !bytes.Equal(before, after) {
		sum := sha256.Sum256(after)
		in.Version += "+" + hex.EncodeToString(sum[:4])
	}
	return nil
}
