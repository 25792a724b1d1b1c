package closing

import (
	"context"
	"encoding/json"
	"fmt"

	"golang.org/x/sync/errgroup"

	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/survey/wave"
)

// gathered is a wave opened: rows in a random order, and texts that belong to no row.
type gathered struct {
	answers *instrument.Answers
	texts   map[string][]string
	also    []string // joined columns
}

// batchRecords is how many records are opened before they are put in columns, which goes on beside it.
const batchRecords = 4096

// gather opens all answers, about so many, and puts them in columns. Groups of fewer than k people are not shown of them.
func (s *Service) gather(ctx context.Context, w *wave.Wave, in *instrument.Instrument, f *frame, about int64, k int, p *jobs.Progress) (*gathered, error) {
	linked, err := s.linker(ctx, w, k)
	if err != nil {
		return nil, err
	}
	codec, err := linked.codec(in)
	if err != nil {
		return nil, err
	}
	who, err := s.joiner(ctx, w, f)
	if err != nil {
		return nil, err
	}
	collector := codec.Collector(int(about))
	batches := make(chan [][]byte, 4)
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error {
		defer close(batches)
		var done int64
		batch := make([][]byte, 0, batchRecords)
		send := func() error {
			done += int64(len(batch))
			p.Step(stageOpen, done, max(about, done))
			select {
			case batches <- batch:
			case <-ctx.Done():
				return ctx.Err()
			}
			batch = make([][]byte, 0, batchRecords)
			return nil
		}
		err := s.Urn.Each(ctx, w, func(e Entry) error {
			who.add(&e)
			batch = append(batch, e.Record)
			if len(batch) == batchRecords {
				return send()
			}
			return nil
		})
		if err != nil {
			return err
		}
		return send()
	})
	work.Go(func() error {
		for batch := range batches {
			for _, raw := range batch {
				if err := collector.Add(raw); err != nil {
					return fmt.Errorf("an answer of wave %s cannot be read: %w", w.ID, err)
				}
			}
		}
		return nil
	})
	if err := work.Wait(); err != nil {
		return nil, err
	}
	p.Step(stageShuffle, 0, 0)
	g := &gathered{texts: collector.Texts(), answers: collector.Answers()}
	g.answers.Links = linked.pseudonyms(collector.Links())
	g.answers.Extra = map[string]*instrument.Factor{}
	for _, j := range who.columns {
		if factor := j.factor(collector.Order()); factor != nil {
			g.answers.Extra[j.name] = factor
			g.also = append(g.also, j.name)
		}
	}
	return g, nil
}

// joiner adds to records what the frame knows of who gave them: where ballots are, their stratum; in a confidential wave, the
// groups that the questionnaire does not ask.
type joiner struct {
	columns []*joined
	stratum *joined
	groups  map[[32]byte][]string // by key of a person: a value a column
}

// purposePerson is for what the secret of a wave makes the key of a person's confidential answers.
const purposePerson = "confidential"

func (s *Service) joiner(ctx context.Context, w *wave.Wave, f *frame) (*joiner, error) {
	j := &joiner{}
	unasked := f.unasked()
	switch w.Mode {
	case wave.OpenLink:
		return j, nil
	case wave.Anonymous:
		for _, name := range unasked {
			if name == f.strata {
				j.stratum = newJoined(name)
				j.columns = []*joined{j.stratum}
			}
		}
		return j, nil
	case wave.Confidential:
	}
	if len(unasked) == 0 {
		return j, nil
	}
	secret, err := w.Secret(s.Box)
	if err != nil {
		return nil, fmt.Errorf("the secret of wave %s: %w", w.ID, err)
	}
	for _, name := range unasked {
		j.columns = append(j.columns, newJoined(name))
	}
	j.groups = map[[32]byte][]string{}
	same := map[string][]string{} // people of the same groups share a list
	err = eachTaken(ctx, s.DB.Of(w.Tenant), w.ID, func(person, groups string) error {
		list := same[groups]
		if list == nil {
			values := map[string]string{}
			if err := json.Unmarshal([]byte(groups), &values); err != nil {
				return err
			}
			for _, name := range unasked {
				list = append(list, values[name])
			}
			same[groups] = list
		}
		j.groups[[32]byte(secret.Derive(purposePerson, []byte(person)))] = list
		return nil
	})
	return j, err
}

func (j *joiner) add(e *Entry) {
	if j.stratum != nil {
		j.stratum.add(e.Stratum)
		return
	}
	list := j.groups[e.Key]
	for i, c := range j.columns {
		value := ""
		if list != nil {
			value = list[i]
		}
		c.add(value)
	}
}
