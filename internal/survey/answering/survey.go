package answering

import (
	"context"
	"io"
	"time"

	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/web"
)

// Survey is a wave with all that answering it needs. It is shared by requests: nobody changes it.
type Survey struct {
	Wave       wave.Wave
	Instrument *instrument.Instrument // nil before the launch
	Codec      *record.Codec          // nil before the launch
	Keys       []Key                  // in order of stratum; none where the wave has no ballots
	Org        web.Organisation
	Study      string // in which people may link their answers to another wave; "" where they cannot

	routing *instrument.Routing
	asks    []int // positions of the items that are asked, without what nobody can answer
	pages   pages
	derive  func(purpose string, data []byte) ([]byte, error) // nil: by the secret of the wave
}

// Key is a key of ballots. Private is nil once the wave is closed.
type Key struct {
	Stratum string
	Public  *ballot.PublicKey
	Private *ballot.Key
	People  int
}

// NewSurvey prepares what answering needs of a wave. The instrument is nil before the launch.
func NewSurvey(w wave.Wave, in *instrument.Instrument, keys []Key, org web.Organisation) (*Survey, error) {
	s := &Survey{Wave: w, Instrument: in, Keys: keys, Org: org}
	s.Org.Languages = w.Languages
	if in == nil {
		return s, nil
	}
	var err error
	if s.routing, err = instrument.CompileRouting(in); err != nil {
		return nil, err
	}
	if s.Codec, err = record.New(in); err != nil {
		return nil, err
	}
	for i := range in.Items {
		if in.Items[i].Kind != instrument.Category || len(in.Items[i].Options) > 0 {
			s.asks = append(s.asks, i)
		}
	}
	return s, nil
}

// Link lets people link their answers to those of other waves of a study. It is for before the survey is shared.
func (s *Survey) Link(study string) error {
	codec, err := record.NewLinked(s.Instrument)
	if err != nil {
		return err
	}
	s.Study, s.Codec = study, codec
	return nil
}

// key returns the key of a stratum, or nil.
func (s *Survey) key(stratum string) *Key {
	for i := range s.Keys {
		if s.Keys[i].Stratum == stratum {
			return &s.Keys[i]
		}
	}
	return nil
}

// verify returns the key that a ballot verifies under, which says its stratum; nil when there is none.
func (s *Survey) verify(b ballot.Ballot) *Key {
	for i := range s.Keys {
		if s.Keys[i].Public.Verify(b) == nil {
			return &s.Keys[i]
		}
	}
	return nil
}

// ended tells whether the wave is closed for good. Until the server has closed it, a clock that jumped may still be set back.
func (s *Survey) ended() bool { return s.Wave.State == wave.Closed || s.Wave.State == wave.Published }

// closed tells whether answers came in and come in no more, at a time.
func (s *Survey) closed(now time.Time) bool {
	switch s.Wave.State {
	case wave.Closed, wave.Published:
		return true
	case wave.Open:
		return !s.Wave.Closes.IsZero() && !now.Before(s.Wave.Closes)
	default:
		return false
	}
}

// Waves finds what is asked under a code.
type Waves interface {
	// ByCode returns the survey of a code, of whichever organisation; db.ErrNoRow when there is none. What it returns may be
	// some seconds old.
	ByCode(ctx context.Context, code string) (*Survey, error)
}

// Person is somebody of the frame.
type Person struct {
	ID      string
	Stratum string
	Taken   bool // drew a ballot or, where the wave is confidential, handed in
}

// People are those who may take part in a wave.
type People interface {
	// Find returns who has a PIN, read leniently; db.ErrNoRow when nobody does.
	Find(ctx context.Context, w *wave.Wave, pin string) (Person, error)
	// BySession returns the person of the frame that an account is; db.ErrNoRow when it is none.
	BySession(ctx context.Context, w *wave.Wave, account string) (Person, error)
	// Refuse notes that a person does not want to take part, and gets no reminders.
	Refuse(ctx context.Context, w *wave.Wave, person string) error
}

// Urn keeps draws and answers; each returns when its change is durable. *urn.Urn is one.
type Urn interface {
	Draw(ctx context.Context, w *wave.Wave, person, blinded, day string) error
	Take(ctx context.Context, w *wave.Wave, person, day string) error
	Put(ctx context.Context, w *wave.Wave, e urn.Entry) error
}

// Lists gives the list of ballots of a wave that is closed.
type Lists interface {
	// Size returns how many bytes the list has; db.ErrNoRow while there is none.
	Size(ctx context.Context, w *wave.Wave) (int64, error)
	// Copy writes the list, without holding it in memory.
	Copy(ctx context.Context, w *wave.Wave, out io.Writer) error
}

// Reports tells where people read the published report of a wave: an address of this product, or "".
type Reports interface {
	Published(ctx context.Context, w *wave.Wave) (string, error)
	// Told returns the address at which people read what was done with their answers; "" when nothing is published.
	Told(ctx context.Context, w *wave.Wave) (string, error)
}
