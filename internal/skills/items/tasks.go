package items

import (
	"context"

	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// rankLook is the rank of a proposal among what waits, as web.Task has it.
const rankLook = 45

// Tasks says what waits for a person here: a proposal that can be taken in use.
func (s *Service) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	if !r.Can(writes) {
		return nil, nil
	}
	open, err := openCalibration(ctx, s.reader(r))
	if err != nil || open == "" {
		return nil, err
	}
	w := wordsOf(r)
	at := calibrationsAt + open
	return []web.Task{{Title: w.say("task.look"), Text: w.say("task.look-text"), Href: at, Label: w.say("task.look-do"), Tag: w.say("task.tag"), Rank: rankLook, Tone: ui.Info, About: at}}, nil
}
