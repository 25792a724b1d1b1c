package answering

import (
	"encoding/json"

	"tekentafel/internal/problem"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/web"
)

// handRequest hands in answers with a ballot or a pass.
type handRequest struct {
	Ballot  string          `json:"ballot"`
	Pass    string          `json:"pass"`
	Answers json.RawMessage `json:"answers"`
}

// received says that the answers are kept, for good.
type received struct {
	Received bool `json:"received"`
}

// handIn keeps answers. Nothing of the request but the ballot, or the pass, and the answers is looked at.
func (p *Pages) handIn(r *web.Request) (any, error) {
	s, err := p.find(r)
	if err != nil {
		return nil, err
	}
	var in handRequest
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if err := p.open(s); err != nil {
		return nil, err
	}
	e, person, err := p.credential(s, in.Ballot, in.Pass)
	if err != nil {
		return nil, err
	}
	if err := p.put(r, s, e, person, in.Answers); err != nil {
		return nil, err
	}
	return received{true}, nil
}

// credential reads with what answers are handed in.
func (p *Pages) credential(s *Survey, text, pass string) (e urn.Entry, person string, err error) {
	if s.Wave.Mode != wave.Anonymous {
		e.Key, person, err = p.holder(s, pass)
		return e, person, err
	}
	b, err := ballot.ParseBallot(text)
	if err != nil {
		return e, "", refuse(problem.Forbidden, "error.ballot").Because(err)
	}
	key := s.verify(b)
	if key == nil {
		return e, "", refuse(problem.Forbidden, "error.ballot")
	}
	e = urn.Entry{Key: b.Key(), Stratum: key.Stratum, Ballot: append(b.Message[:], b.Signature[:]...)}
	return e, "", nil
}

// put checks answers and keeps them. That a person of a confidential wave took part is noted last: whoever is told too much is
// reminded once more, and nobody is forgotten.
func (p *Pages) put(r *web.Request, s *Survey, e urn.Entry, person string, answers []byte) error {
	rec, err := s.Codec.Read(answers)
	if err != nil {
		return err
	}
	e.Record = rec.Bytes()
	if err := p.Urn.Put(r.Context(), &s.Wave, e); err != nil {
		return err
	}
	if person == "" {
		return nil
	}
	return p.Urn.Take(r.Context(), &s.Wave, person, p.day(r))
}
