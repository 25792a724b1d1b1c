package check

import "encoding/binary"

// What a gift takes, in bytes: a tag and a category for each answer.
const (
	giftAnswer = 5
	MostGift   = giftAnswer * maxGiven // the most that a gift takes
)

// LeastGift is how many answers a gift has at least: fewer tell nothing of the items.
const LeastGift = 4

// Gift is what somebody gives to improve the questions: of each answer to the test which item in which version, and what the chosen
// option counts, in the order of asking. Nothing else of the check is in it. It is nil when there are fewer than LeastGift answers.
func (m *Material) Gift(s *State) []byte {
	if len(s.Given) < LeastGift {
		return nil
	}
	version := 0
	if s.Field {
		version = 1
	}
	var out []byte
	for _, g := range s.Given[:min(len(s.Given), maxGiven)] {
		it := &m.Items[g.Item]
		out = append(binary.BigEndian.AppendUint32(out, it.tags[version]), byte(it.In(s.Field).Options[g.Option].Credit))
	}
	return out
}

// ReadGift reads what Gift wrote: the answers, and whether they are to the version for the field. Answers to what the material has no
// more are left out. ok is false when bytes are no gift.
func (m *Material) ReadGift(b []byte) (answers []Scored, field, ok bool) {
	if len(b) == 0 || len(b)%giftAnswer != 0 || len(b) > MostGift {
		return nil, false, false
	}
	seen := map[int]bool{}
	for i := 0; i < len(b); i += giftAnswer {
		at, known := m.byTag[binary.BigEndian.Uint32(b[i:])]
		if !known {
			continue
		}
		it := &m.Items[at]
		inField, category := it.tags[1] == binary.BigEndian.Uint32(b[i:]), int(b[i+4])
		if seen[at] || category > len(it.Parameters.B) || len(answers) > 0 && inField != field {
			return nil, false, false
		}
		seen[at], field = true, inField
		answers = append(answers, Scored{Item: at, Category: category})
	}
	return answers, field, true
}
