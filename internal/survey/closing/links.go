package closing

import (
	"context"
	"errors"

	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/wave"
)

// purposeLink is for what the secret of a study makes a pseudonym of a link.
const purposeLink = "link"

// linker turns the links of a wave into what is stored of them; nil where a wave has none.
type linker struct {
	secret wave.Secret
	k      int
}

func (s *Service) linker(ctx context.Context, w *wave.Wave, k int) (*linker, error) {
	study, err := wave.StudyOf(ctx, s.DB.Of(w.Tenant), w.ID)
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	secret, err := study.Secret(s.Box)
	return &linker{secret, k}, err
}

// codec reads the records of the wave.
func (l *linker) codec(in *instrument.Instrument) (*record.Codec, error) {
	if l == nil {
		return record.New(in)
	}
	return record.NewLinked(in)
}

// pseudonyms returns what is stored of the links of the rows. It discloses less than they do:
//
//   - A link is put through a hash with the secret of the study, so that who has the stored answers and somebody's code, but not
//     the key of the installation, finds no row by it.
//   - A link that several rows have links none of them: it tells that people share a code, and nothing about change.
//   - Where fewer than k rows are left, no later wave can have k people in common with this one, and none is stored.
func (l *linker) pseudonyms(links []record.Link) []instrument.Link {
	if l == nil {
		return nil
	}
	rows := map[record.Link]int{}
	for _, link := range links {
		rows[link]++
	}
	delete(rows, record.Link{})
	out, n := make([]instrument.Link, len(links)), 0
	for i, link := range links {
		if rows[link] == 1 {
			copy(out[i][:], l.secret.Derive(purposeLink, link[:]))
			n++
		}
	}
	if n < l.k {
		return nil
	}
	return out
}
